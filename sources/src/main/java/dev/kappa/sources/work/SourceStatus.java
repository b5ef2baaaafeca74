package dev.kappa.sources.work;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.batch.Answer;
import dev.kappa.sources.cluster.Report;
import dev.kappa.sources.invoke.BatchRun;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of a source: at once that it works or does not, and now and then how its batches end. */
public final class SourceStatus {
    private static final Logger LOG = LoggerFactory.getLogger(SourceStatus.class);
    private static final long SECONDS_BETWEEN = 5;
    private static final String THROTTLED = "TooManyRequests";
    private static final Problem CONNECTING = new Problem("Connecting", "The source is being looked for.");

    private final String kind;
    private final Function<EventSource, String> works;
    private final BiConsumer<EventSource, Report> statuses;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private EventSource source;
    private @Nullable Problem reaching = CONNECTING;
    private @Nullable Problem function;
    private String result = "No records processed";
    private @Nullable Instant eventAt;
    private @Nullable Long lag;
    private @Nullable Report told;
    private long toldGeneration;
    private boolean later;

    private record Problem(String reason, String message) {}

    /**
     * Tells nothing yet.
     *
     * @param source to tell of
     * @param kind of it, as people call it
     * @param works what it does, in a sentence
     * @param statuses hears it
     * @param clock the time
     * @param timer wakes it
     */
    public SourceStatus(
            EventSource source,
            String kind,
            Function<EventSource, String> works,
            BiConsumer<EventSource, Report> statuses,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.source = source;
        this.kind = kind;
        this.works = works;
        this.statuses = statuses;
        this.clock = clock;
        this.timer = timer;
    }

    /** The resource as it is now. */
    synchronized void is(EventSource current) {
        source = current;
    }

    /** Another manifest takes effect. */
    synchronized void begin(EventSource current) {
        source = current;
        reaching = CONNECTING;
        function = null;
    }

    synchronized void disabled() {
        reaching = new Problem("Disabled", "spec.enabled is false: no records are taken.");
        tell();
    }

    /** What keeps the source from its queue. */
    synchronized void refused(SourceProblemException problem) {
        Problem now = new Problem(problem.reason(), String.valueOf(problem.getMessage()));
        if (!now.equals(reaching)) {
            LOG.warn("EventSource {}: {}", name(), now.message());
        }
        reaching = now;
        lag = null;
        tell();
    }

    /** How many records are not done yet. */
    synchronized void lags(long records) {
        lag = records;
        tell();
    }

    /** The queue answers. */
    synchronized void works() {
        reaching = null;
        tell();
    }

    synchronized void ended(BatchRun run, int records) {
        if (!(run.answer() instanceof Answer.NotRun)) {
            eventAt = clock.instant();
            function = null;
        }
        result = switch (run.answer()) {
            case Answer.Success success -> "OK";
            case Answer.Partial partial -> "PROBLEM: " + partial.failed().size() + " of " + records + " records failed";
            case Answer.FunctionError failed -> "PROBLEM: Function call failed: " + failed.error();
            case Answer.NotRun notRun -> {
                if (!run.reason().equals(THROTTLED)) {
                    function = new Problem(
                            run.reason(), "A batch waits and is tried again, since it did not run: " + notRun.reason());
                }
                yield "PROBLEM: Function was not called: " + notRun.reason();
            }
        };
        tell();
    }

    private void tell() {
        Problem problem = reaching != null ? reaching : function;
        Report report = new Report(
                kind,
                !Boolean.FALSE.equals(source.getSpec().enabled),
                problem == null,
                problem == null ? "Polling" : problem.reason(),
                problem == null ? works.apply(source) : problem.message(),
                new Report.Progress(
                        Optional.ofNullable(eventAt),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(result),
                        Optional.ofNullable(lag)));
        Report before = told;
        long generation = source.getMetadata().getGeneration();
        if (before != null && generation == toldGeneration && before.reason().equals(report.reason())) {
            if (!before.equals(report) && !later) {
                later = true;
                var _ = timer.schedule(this::catchUp, SECONDS_BETWEEN, TimeUnit.SECONDS);
            }
            return;
        }
        write(report, generation);
    }

    private synchronized void catchUp() {
        later = false;
        // So that what is the same reason is told too.
        toldGeneration = -1;
        tell();
    }

    private void write(Report report, long generation) {
        told = report;
        toldGeneration = generation;
        statuses.accept(source, report);
    }

    private String name() {
        return source.getMetadata().getNamespace() + "/" + source.getMetadata().getName();
    }
}
