package dev.kappa.sources.ticks;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.ScheduleSource;
import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.schedule.Expressions;
import dev.kappa.sources.schedule.Schedule;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest asks for.
 *
 * @param enabled whether ticks have events
 * @param schedule when
 * @param function what gets them
 * @param input the event; empty for EventBridge's own
 * @param timing the same text means the same ticks
 * @param generation of the manifest
 * @param editedAt when somebody last wrote it
 */
record Plan(
        boolean enabled,
        Schedule schedule,
        FunctionTarget function,
        Optional<String> input,
        String timing,
        long generation,
        Instant editedAt) {

    /**
     * Reads a manifest.
     *
     * @throws IllegalArgumentException if it has no ticks; the message says why
     */
    static Plan of(EventSource source, ScheduleSource spec) {
        boolean enabled = !Boolean.FALSE.equals(source.getSpec().enabled);
        String zone = spec.timeZone == null ? "UTC" : spec.timeZone;
        Schedule schedule = new Schedule(
                source.getMetadata().getUid(),
                Expressions.parse(spec.expression),
                Expressions.zone(zone),
                time(spec.start)
                        .orElseGet(() -> Instant.parse(source.getMetadata().getCreationTimestamp())),
                time(spec.end),
                spec.flexibleWindow == null ? Duration.ZERO : Durations.parse(spec.flexibleWindow),
                Optional.ofNullable(spec.startingDeadlineSeconds).map(Duration::ofSeconds));
        String timing = String.join(
                "|",
                String.valueOf(enabled),
                spec.expression,
                zone,
                String.valueOf(spec.start),
                String.valueOf(spec.end),
                String.valueOf(spec.flexibleWindow));
        return new Plan(
                enabled,
                schedule,
                FunctionTarget.of(source.getMetadata().getNamespace(), source.getSpec().function),
                Optional.ofNullable(spec.input),
                timing,
                source.getMetadata().getGeneration(),
                editedAt(source));
    }

    /** When a manifest without a history is to begin. */
    static Instant createdAt(EventSource source) {
        return Instant.parse(source.getMetadata().getCreationTimestamp());
    }

    /** The API server writes down who wrote which field when; what concerns the status is ours. */
    private static Instant editedAt(EventSource source) {
        return source.getMetadata().getManagedFields().stream()
                .filter(it -> it.getSubresource() == null || it.getSubresource().isEmpty())
                .map(ManagedFieldsEntry::getTime)
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElseGet(() -> createdAt(source));
    }

    private static Optional<Instant> time(@Nullable String text) {
        return Optional.ofNullable(text).map(it -> OffsetDateTime.parse(it).toInstant());
    }
}
