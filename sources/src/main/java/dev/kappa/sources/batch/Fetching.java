package dev.kappa.sources.batch;

import dev.kappa.sources.batch.StreamCommand.Fetch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Fetches the records of a shard, one fetch at a time and not too far ahead. */
final class Fetching {
    private final Backoff backoff = new Backoff();
    private String last;
    private boolean out;
    private boolean ended;
    private Instant emptyAt = Instant.MIN;

    Fetching(Checkpoint from) {
        last = from.position();
        ended = from.ended();
    }

    void fetched(List<SourceRecord> records, Instant now) {
        out = false;
        backoff.succeeded();
        if (records.isEmpty()) {
            emptyAt = now;
        } else {
            last = records.getLast().id();
        }
    }

    void failed(Instant now) {
        out = false;
        backoff.failed(now);
    }

    void end() {
        out = false;
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether no record of the window can follow: the shard ended, or a fetch after the window's end brought nothing. */
    boolean isPast(Optional<WindowState> window) {
        return ended || window.filter(it -> !emptyAt.isBefore(it.end())).isPresent();
    }

    Optional<StreamCommand> next(StreamPolicy policy, Progress progress, Instant now) {
        int room = policy.ahead() - progress.ahead();
        if (out || ended || room <= 0 || progress.aheadBytes() >= policy.aheadBytes() || !backoff.isOver(now)) {
            return Optional.empty();
        }
        out = true;
        return Optional.of(new Fetch(last, room));
    }

    Optional<Instant> wakeAt() {
        return out || ended || backoff.until().equals(Instant.MIN) ? Optional.empty() : Optional.of(backoff.until());
    }
}
