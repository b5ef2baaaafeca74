package dev.kappa.sources.batch;

import dev.kappa.sources.batch.StreamCommand.WindowRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tumbling window of a shard that is open; without a length there is none, and all goes into batches as it comes. */
final class Windows {
    /** Bytes that a state may have before the window ends early. */
    static final int LONGEST_STATE = 1024 * 1024;

    private final Optional<Duration> length;
    private @Nullable WindowState open;
    private boolean hasState;
    private int stateBytes;

    Windows(Optional<Duration> length, Optional<WindowState> open) {
        this.length = length;
        this.open = open.orElse(null);
        this.hasState = open.isPresent();
        this.stateBytes = open.map(it -> bytes(it.state())).orElse(0);
    }

    /** What a new owner has to know: nothing of a window that had no answer. */
    Optional<WindowState> saved() {
        return hasState ? open() : Optional.empty();
    }

    Optional<WindowState> open() {
        return Optional.ofNullable(open);
    }

    /** How many of the first records go into the open window, or the one that the first opens; late ones go in too. */
    int usable(List<Entry> pending) {
        if (length.isEmpty() || pending.isEmpty()) {
            return pending.size();
        }
        WindowState window = open != null ? open : WindowState.of(arrival(pending.getFirst()), length.get());
        int count = 0;
        while (count < pending.size() && arrival(pending.get(count)).isBefore(window.end())) {
            count++;
        }
        return count;
    }

    void enter(List<Entry> batch) {
        if (length.isPresent() && open == null && !batch.isEmpty()) {
            open = WindowState.of(arrival(batch.getFirst()), length.get());
        }
    }

    /** Whether its last run is due: its state is too large, a later record came, or its end passed and no record is left. */
    boolean isOver(List<Entry> pending, boolean noneFollow) {
        if (open == null) {
            return false;
        }
        return isFull()
                || (pending.isEmpty()
                        ? noneFollow
                        : !arrival(pending.getFirst()).isBefore(open.end()));
    }

    Optional<WindowRun> run(boolean last) {
        return open().map(it -> new WindowRun(it, last, last && isFull()));
    }

    /** Whether an answer leaves the window without its state. */
    boolean misses(Optional<String> state, boolean last) {
        return length.isPresent() && !last && state.isEmpty();
    }

    void succeeded(Optional<String> state) {
        WindowState window = open;
        if (window != null && state.isPresent()) {
            open = window.with(state.get());
            hasState = true;
            stateBytes = bytes(state.get());
        }
    }

    void close() {
        open = null;
        hasState = false;
        stateBytes = 0;
    }

    /** Its state is too large, also for a checkpoint: until its last run, the records that made it count as not done. */
    boolean isFull() {
        return stateBytes > LONGEST_STATE;
    }

    int stateBytes() {
        return stateBytes;
    }

    private static int bytes(String state) {
        return state.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Instant arrival(Entry entry) {
        return entry.record().arrivedAt();
    }
}
