package dev.kappa.sources.work;

import dev.kappa.sources.batch.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts batches and records; series do not grow with the number of sources. */
public final class BatchMeters {
    private final MeterRegistry registry;
    private final Counter received;
    private final Counter filtered;

    /**
     * Registers them.
     *
     * @param registry where
     */
    public BatchMeters(MeterRegistry registry) {
        this.registry = registry;
        received = records("received");
        filtered = records("filtered");
        for (String outcome : new String[] {"ok", "partial", "failed", "not_run"}) {
            var _ = batches(outcome);
        }
    }

    /**
     * Records came.
     *
     * @param records their number
     */
    public void received(int records) {
        received.increment(records);
    }

    /** A filter dropped a record. */
    public void filtered() {
        filtered.increment();
    }

    /**
     * A batch ended.
     *
     * @param answer how
     */
    public void ended(Answer answer) {
        batches(
                        switch (answer) {
                            case Answer.Success success -> "ok";
                            case Answer.Partial partial -> "partial";
                            case Answer.FunctionError failed -> "failed";
                            case Answer.NotRun notRun -> "not_run";
                        })
                .increment();
    }

    private Counter records(String outcome) {
        return Counter.builder("kappa.sources.records")
                .description("Records of queues and streams; those that filters dropped count as received too")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter batches(String outcome) {
        return Counter.builder("kappa.sources.batches")
                .description("Runs of batches by their end; what did not run is tried again and costs no attempt")
                .tag("outcome", outcome)
                .register(registry);
    }
}
