package dev.kappa.sources.batch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A function that does records one after the other, fails at poison always and at others at times, and may tell at which. */
final class ModelFunction {
    /** What of a batch counts as not done after a failure, though it was done. */
    enum Order {
        /** All that follows. */
        ALL,
        /** What follows of its group. */
        GROUP,
        /** Nothing. */
        NONE
    }

    private final Turmoil world;
    private final boolean partialAnswers;
    private final boolean goesOn;
    private final Order order;
    private final Set<String> poison;

    ModelFunction(Turmoil world, boolean partialAnswers, Order order, Set<String> poison) {
        this.world = world;
        this.partialAnswers = partialAnswers;
        this.goesOn = order != Order.ALL || world.random().nextBoolean();
        this.order = order;
        this.poison = poison;
    }

    /** A run of a window: the state that it answers names the records that are in it. */
    Answer run(List<SourceRecord> records, WindowState window) {
        return switch (run(records)) {
            case Answer.Success success -> new Answer.Success(Optional.of(state(window, records, records.size())));
            case Answer.Partial partial ->
                new Answer.Partial(
                        partial.failed(),
                        Optional.of(state(window, records, new Rules().done(records, partial.failed()))));
            case Answer answer -> answer;
        };
    }

    private static String state(WindowState window, List<SourceRecord> records, int done) {
        return window.state()
                + records.stream().limit(done).map(it -> " " + it.id()).collect(Collectors.joining());
    }

    Answer run(List<SourceRecord> records) {
        List<String> failed = new ArrayList<>();
        List<String> good = new ArrayList<>();
        Set<String> blocked = new HashSet<>();
        for (SourceRecord record : records) {
            boolean fails = poison.contains(record.id()) || failsOnce();
            if (fails) {
                failed.add(record.id());
                blocked.add(record.key());
                if (!goesOn) {
                    break;
                }
            } else if (counts(record, blocked)) {
                good.add(record.id());
            }
        }
        if (!failed.isEmpty() && !partialAnswers) {
            return new Answer.FunctionError("Unhandled");
        }
        good.forEach(world::did);
        return failed.isEmpty() ? Answer.Success.PLAIN : new Answer.Partial(failed, Optional.empty());
    }

    private boolean counts(SourceRecord record, Set<String> blocked) {
        return switch (order) {
            case ALL -> blocked.isEmpty();
            case GROUP -> !blocked.contains(record.key());
            case NONE -> true;
        };
    }

    private boolean failsOnce() {
        return !world.isCalm() && world.random().nextInt(15) == 0;
    }
}
