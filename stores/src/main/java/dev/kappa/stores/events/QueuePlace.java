package dev.kappa.stores.events;

/**
 * Where events of a queue wait. A queue has one place, and more only while events are left that an earlier release, or
 * one with another number of partitions, put elsewhere.
 *
 * @param queue whose events
 * @param stream that holds them, perhaps with those of other queues
 */
public record QueuePlace(QueueKey queue, String stream) {
    @Override
    public String toString() {
        return queue + " in " + stream;
    }
}
