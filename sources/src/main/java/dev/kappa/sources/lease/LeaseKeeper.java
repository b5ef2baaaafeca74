package dev.kappa.sources.lease;

import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.lease.LeaseCommand.Acquired;
import dev.kappa.sources.lease.LeaseCommand.Lost;
import dev.kappa.sources.lease.LeaseCommand.Read;
import dev.kappa.sources.lease.LeaseCommand.Renewed;
import dev.kappa.sources.lease.LeaseCommand.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gets and keeps the lease of one shard, and writes its checkpoints with it; one call is out at a time. */
public final class LeaseKeeper {
    private final String owner;
    private final Checkpoint initial;
    private final LeaseTimes times;
    private @Nullable ShardState held;
    private @Nullable ShardState writing;
    private Instant sentAt = Instant.MIN;
    private Instant nextAt = Instant.MIN;
    private Instant seenAt = Instant.MIN;
    private long revision = -1;
    private boolean out;
    private boolean unsure;
    private boolean dirty;
    private boolean releasing;

    /**
     * For a shard.
     *
     * @param owner name of this process, which no other has, also none before it
     * @param initial where a shard that nobody had begins, found out before: LATEST is a position
     * @param times of leases
     */
    public LeaseKeeper(String owner, Checkpoint initial, LeaseTimes times) {
        this.owner = owner;
        this.initial = initial;
        this.times = times;
    }

    /**
     * Time passed, also at the start.
     *
     * @param now the time
     */
    public List<LeaseCommand> passed(Instant now) {
        if (out) {
            return List.of();
        }
        ShardState mine = held;
        if (mine == null || unsure) {
            return now.isBefore(nextAt) || (releasing && mine == null) ? List.of() : read(now);
        }
        if (dirty || releasing || !now.isBefore(nextAt)) {
            return write(releasing ? new ShardState("", mine.epoch(), mine.checkpoint()) : mine, revision, now);
        }
        return List.of();
    }

    /**
     * A read ended.
     *
     * @param stored what it found
     * @param now the time
     */
    public List<LeaseCommand> seen(Optional<Stored> stored, Instant now) {
        out = false;
        if (unsure) {
            return settled(stored, now);
        }
        if (stored.isEmpty()) {
            return write(new ShardState(owner, 1, initial), 0, now);
        }
        ShardState state = stored.get().state();
        if (stored.get().revision() != revision) {
            revision = stored.get().revision();
            seenAt = now;
        }
        boolean stoodStill = !now.isBefore(seenAt.plus(times.takeOver()));
        return state.owner().isEmpty() || stoodStill ? write(state.takenBy(owner), revision, now) : List.of();
    }

    /**
     * A write succeeded.
     *
     * @param at the key's revision now
     * @param now the time
     */
    public List<LeaseCommand> written(long at, Instant now) {
        out = false;
        revision = at;
        return landed(now);
    }

    /**
     * A write was refused: the key has another revision.
     *
     * @param now the time
     */
    public List<LeaseCommand> refused(Instant now) {
        out = false;
        boolean mine = held != null;
        forget(now);
        return mine ? List.of(new Lost()) : List.of();
    }

    /**
     * Nobody knows how a call ended; a write may have landed.
     *
     * @param now the time
     */
    public List<LeaseCommand> unknown(Instant now) {
        out = false;
        unsure = unsure || writing != null;
        nextAt = now.plusSeconds(1);
        return List.of();
    }

    /**
     * Writes a checkpoint with the next write, which comes at once.
     *
     * @param checkpoint replaces the ones before
     * @param now the time
     */
    public List<LeaseCommand> save(Checkpoint checkpoint, Instant now) {
        ShardState mine = held;
        if (mine == null) {
            return List.of();
        }
        held = mine.with(checkpoint);
        dirty = true;
        return passed(now);
    }

    /**
     * Gives the shard back, with its last checkpoint, so that others need not wait.
     *
     * @param now the time
     */
    public List<LeaseCommand> release(Instant now) {
        releasing = true;
        return passed(now);
    }

    /** When {@link #passed} is due next; empty while a call is out. */
    public Optional<Instant> wakeAt() {
        return out ? Optional.empty() : Optional.of(nextAt);
    }

    private List<LeaseCommand> read(Instant now) {
        out = true;
        nextAt = now.plus(times.renew());
        return List.of(new Read());
    }

    private List<LeaseCommand> write(ShardState state, long expected, Instant now) {
        out = true;
        dirty = false;
        writing = state;
        sentAt = now;
        nextAt = now.plus(times.renew());
        return List.of(new Write(state, expected));
    }

    /** After a write of which nobody knew whether it landed: the key tells. */
    private List<LeaseCommand> settled(Optional<Stored> stored, Instant now) {
        unsure = false;
        ShardState mine = writing;
        ShardState there = stored.map(Stored::state).orElse(null);
        // A renewal writes what is there already: only the revision tells whether it landed.
        if (there != null && there.equals(mine) && stored.get().revision() != revision) {
            revision = stored.get().revision();
            return landed(now);
        }
        boolean stillMine =
                held != null && there != null && there.owner().equals(owner) && there.epoch() == held.epoch();
        if (stillMine) {
            revision = stored.get().revision();
            dirty = true;
            writing = null;
            return passed(now);
        }
        boolean was = held != null;
        forget(now);
        return was ? List.of(new Lost()) : List.of();
    }

    private List<LeaseCommand> landed(Instant now) {
        ShardState mine = writing;
        writing = null;
        if (mine == null || mine.owner().isEmpty()) {
            forget(now);
            return List.of(new Lost());
        }
        Instant mayActUntil = sentAt.plus(times.silent());
        List<LeaseCommand> commands = new ArrayList<>();
        if (held == null) {
            held = mine;
            commands.add(new Acquired(mine, mayActUntil));
        } else {
            commands.add(new Renewed(mayActUntil));
        }
        commands.addAll(passed(now));
        return commands;
    }

    private void forget(Instant now) {
        held = null;
        writing = null;
        unsure = false;
        dirty = false;
        revision = -1;
        seenAt = now;
        nextAt = now.plus(times.renew());
    }
}
