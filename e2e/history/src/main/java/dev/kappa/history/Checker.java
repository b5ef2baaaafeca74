package dev.kappa.history;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.kappa.history.History.Answer;
import dev.kappa.history.History.Delivered;
import dev.kappa.history.History.Died;
import dev.kappa.history.History.Fault;
import dev.kappa.history.History.Run;
import dev.kappa.history.History.Sample;
import dev.kappa.history.History.Sent;
import dev.kappa.history.History.Settled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Judges a history that came to rest: nothing is sent any more and the queue is empty.
 *
 * @param window how long before a fault a run may have begun that the fault interrupted, milliseconds
 * @param overlap how many events at once may have an outcome and be in the queue still
 * @param destination whether each outcome has to reach a destination
 */
public record Checker(long window, long overlap, boolean destination) {
    /**
     * Judges.
     *
     * @param history what was written down
     */
    public Verdict check(History history) {
        Map<String, List<Run>> runs = history.runs().stream().collect(groupingBy(Run::requestId));
        Map<String, List<Settled>> settled = history.settled().stream().collect(groupingBy(Settled::requestId));
        List<String> unexplained = new ArrayList<>();
        int duplicates = duplicates(history, runs, settled, unexplained);
        Map<String, List<Delivered>> delivered = history.delivered().stream().collect(groupingBy(Delivered::requestId));
        return new Verdict(
                lost(history, runs, settled),
                doubleSettled(settled),
                phantoms(history, runs, settled),
                unexplained,
                destination ? undelivered(settled, delivered) : List.of(),
                leaks(history, settled),
                duplicates,
                history.delivered().size() - delivered.size());
    }

    private List<String> lost(History history, Map<String, List<Run>> runs, Map<String, List<Settled>> settled) {
        List<String> lost = new ArrayList<>();
        Map<String, Long> died = history.died().stream()
                .filter(it -> isNear(history, it.atMs(), it.atMs()))
                .collect(groupingBy(Died::requestId, counting()));
        for (Sent sent : history.sent()) {
            String id = sent.requestId().orElse("");
            if (sent.answer() == Answer.ACCEPTED && !settled.containsKey(id)) {
                lost.add(sent.key() + " (" + id + ") was accepted and has no outcome");
            }
        }
        settled.forEach((id, revisions) -> {
            Settled outcome = revisions.getFirst();
            List<Run> mine = runs.getOrDefault(id, List.of());
            if (mine.size() + died.getOrDefault(id, 0L) < outcome.invocations()) {
                lost.add(id + " is said to have run " + outcome.invocations() + " times and did " + mine.size());
            }
            if (outcome.success() && mine.stream().noneMatch(Run::success)) {
                lost.add(id + " is said to be answered, and no run of it was");
            }
        });
        return lost;
    }

    private static List<String> doubleSettled(Map<String, List<Settled>> settled) {
        return settled.values().stream()
                .filter(revisions -> revisions.stream()
                                .map(it -> List.of(it.success(), it.invocations(), it.endedAtMs()))
                                .distinct()
                                .count()
                        > 1)
                .map(Object::toString)
                .toList();
    }

    private static List<String> phantoms(
            History history, Map<String, List<Run>> runs, Map<String, List<Settled>> settled) {
        List<String> phantoms = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Map<String, Sent> byKey = new HashMap<>();
        for (Sent sent : history.sent()) {
            sent.requestId().ifPresent(ids::add);
            byKey.put(sent.key(), sent);
        }
        Map<String, String> idOfKey = new HashMap<>();
        for (Run run : history.runs()) {
            Sent sent = byKey.get(run.key());
            if (sent == null) {
                phantoms.add("a run of " + run.key() + ", which nobody sent");
            } else if (!sent.requestId().orElse(run.requestId()).equals(run.requestId())
                    || !idOfKey.computeIfAbsent(run.key(), key -> run.requestId())
                            .equals(run.requestId())) {
                phantoms.add(run.key() + " ran as " + run.requestId() + " and has another id");
            } else if (run.atMs() < sent.sentAtMs()) {
                phantoms.add(run.key() + " ran before it was sent");
            }
        }
        settled.keySet().stream()
                .filter(id -> !ids.contains(id) && !runs.containsKey(id))
                .map(id -> id + " was settled, and nobody sent it")
                .forEach(phantoms::add);
        return phantoms;
    }

    /** A run that the outcome does not count is one whose end the platform did not see, or one too many. */
    private int duplicates(
            History history,
            Map<String, List<Run>> runs,
            Map<String, List<Settled>> settled,
            List<String> unexplained) {
        int duplicates = 0;
        for (Map.Entry<String, List<Run>> entry : runs.entrySet()) {
            List<Settled> revisions = settled.get(entry.getKey());
            List<Run> mine = entry.getValue();
            if (revisions == null || mine.size() <= revisions.getFirst().invocations()) {
                continue;
            }
            duplicates++;
            long first = mine.stream().mapToLong(Run::atMs).min().orElse(0);
            long last = mine.stream().mapToLong(Run::atMs).max().orElse(0);
            if (!isNear(history, first, last)) {
                unexplained.add(entry.getKey() + " ran " + mine.size() + " times, "
                        + revisions.getFirst().invocations() + " by its outcome, with no fault near");
            }
        }
        return duplicates;
    }

    private static List<String> undelivered(
            Map<String, List<Settled>> settled, Map<String, List<Delivered>> delivered) {
        List<String> undelivered = new ArrayList<>();
        settled.forEach((id, revisions) -> {
            List<Delivered> mine = delivered.getOrDefault(id, List.of());
            boolean success = revisions.getFirst().success();
            if (mine.isEmpty()) {
                undelivered.add(id);
            } else if (mine.stream().anyMatch(it -> it.success() != success)) {
                undelivered.add(id + " was told to be something else than it is");
            }
        });
        delivered.keySet().stream()
                .filter(id -> !settled.containsKey(id))
                .map(id -> id + " was told to have ended and has no outcome")
                .forEach(undelivered::add);
        return undelivered;
    }

    /** Events leave the queue after they are settled only: accepted ≤ settled + backlog, and that ≤ sent + overlap. */
    private List<String> leaks(History history, Map<String, List<Settled>> settled) {
        long[] accepted =
                times(history.sent().stream().filter(it -> it.answer() == Answer.ACCEPTED), Sent::answeredAtMs);
        long[] sent = times(history.sent().stream(), Sent::sentAtMs);
        long[] ended = times(settled.values().stream().map(List::getFirst), Settled::atMs);
        List<String> leaks = new ArrayList<>();
        for (Sample sample : history.samples()) {
            long atLeast = until(accepted, sample.fromMs());
            long atMost = until(sent, sample.toMs()) + overlap;
            if (atLeast > until(ended, sample.toMs()) + sample.backlog()) {
                leaks.add(sample + ": " + atLeast + " were accepted, and only " + until(ended, sample.toMs())
                        + " settled");
            }
            if (until(ended, sample.fromMs()) + sample.backlog() > atMost) {
                leaks.add(sample + ": no more than " + atMost + " were sent, and " + until(ended, sample.fromMs())
                        + " settled");
            }
        }
        return leaks;
    }

    private boolean isNear(History history, long first, long last) {
        return history.faults().stream().mapToLong(Fault::atMs).anyMatch(it -> it >= first - window && it <= last);
    }

    private static <T> long[] times(Stream<T> events, ToLongFunction<T> time) {
        return events.mapToLong(time).sorted().toArray();
    }

    /** How many of the times were not after this one. */
    private static long until(long[] times, long atMs) {
        int place = Arrays.binarySearch(times, atMs + 1);
        int after = place < 0 ? -place - 1 : place;
        while (after > 0 && times[after - 1] > atMs) {
            after--;
        }
        return after;
    }
}
