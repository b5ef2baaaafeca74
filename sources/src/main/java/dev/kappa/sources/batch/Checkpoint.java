package dev.kappa.sources.batch;

import java.util.Optional;

/**
 * How far a shard is settled; all up to here is done or in a stored failure record.
 *
 * @param position id of the last settled record, "" before the first
 * @param window the open window with the state of what is settled, which must not be lost with its owner
 * @param ended whether the shard has no more
 */
public record Checkpoint(String position, Optional<WindowState> window, boolean ended) {
    /**
     * Without windows.
     *
     * @param position id of the last settled record
     */
    public static Checkpoint at(String position) {
        return new Checkpoint(position, Optional.empty(), false);
    }
}
