package dev.kappa.sources.batch;

import dev.kappa.sources.batch.StreamCommand.SaveCheckpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How far a shard is settled without a gap. */
final class Progress {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private Checkpoint saved;
    private String position;
    private long bytes;

    Progress(Checkpoint from) {
        saved = from;
        position = from.position();
    }

    Entry add(SourceRecord record) {
        Entry entry = new Entry(record);
        entries.add(entry);
        bytes += record.bytes();
        return entry;
    }

    /** Records that are fetched and not behind the checkpoint. */
    int ahead() {
        return entries.size();
    }

    long aheadBytes() {
        return bytes;
    }

    /** The next checkpoint, if it says more than the last one. */
    Optional<StreamCommand> save(Optional<WindowState> window, boolean ended) {
        while (!entries.isEmpty() && entries.getFirst().isSettled()) {
            SourceRecord done = entries.removeFirst().record();
            position = done.id();
            bytes -= done.bytes();
        }
        Checkpoint next = new Checkpoint(position, window, ended);
        if (next.equals(saved)) {
            return Optional.empty();
        }
        saved = next;
        return Optional.of(new SaveCheckpoint(next));
    }
}
