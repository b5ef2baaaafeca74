package dev.kappa.sources.batch;

import java.util.List;

/** What the engine of a queue asks for. */
public sealed interface QueueCommand {
    /**
     * Receive; the answer is {@code received}.
     *
     * @param records at most
     */
    record Receive(int records) implements QueueCommand {}

    /**
     * Run a batch; the answer is {@code answered}.
     *
     * @param run names it in the answer
     * @param records in order
     */
    record Invoke(long run, List<SourceRecord> records) implements QueueCommand {
        /** Copies the records. */
        public Invoke {
            records = List.copyOf(records);
        }
    }

    /**
     * Delete or acknowledge what is done.
     *
     * @param deliveries of it
     */
    record Ack(List<Delivery> deliveries) implements QueueCommand {
        /** Copies the deliveries. */
        public Ack {
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * Leave deliveries to the queue.
     *
     * @param deliveries that are not done
     * @param failed whether a run of them failed: they come again after the queue's delay; others may come at once
     */
    record GiveBack(List<Delivery> deliveries, boolean failed) implements QueueCommand {
        /** Copies the deliveries. */
        public GiveBack {
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * Tell the queue that deliveries are still worked on.
     *
     * @param deliveries whose visibility timeout begins again
     */
    record Extend(List<Delivery> deliveries) implements QueueCommand {
        /** Copies the deliveries. */
        public Extend {
            deliveries = List.copyOf(deliveries);
        }
    }

    /** Nothing runs any more, after {@code stop}. */
    record Stopped() implements QueueCommand {}
}
