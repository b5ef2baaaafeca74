package dev.kappa.sources.work;

import dev.kappa.api.v1alpha1.EventFilter;
import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.filter.PatternFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the filter of a manifest, which counts what it drops. */
public final class SourceFilters {
    private SourceFilters() {}

    /**
     * The filter.
     *
     * @param filters of the manifest
     * @param meters counts
     * @throws SourceProblemException if a pattern is none
     */
    public static RecordFilter of(@Nullable List<EventFilter> filters, BatchMeters meters) {
        if (filters == null || filters.isEmpty()) {
            return RecordFilter.ALL;
        }
        try {
            RecordFilter filter =
                    PatternFilter.of(filters.stream().map(it -> it.pattern).toList());
            return record -> {
                boolean matches = filter.matches(record);
                if (!matches) {
                    meters.filtered();
                }
                return matches;
            };
        } catch (IllegalArgumentException e) {
            throw new SourceProblemException("InvalidSource", "spec: " + e.getMessage());
        }
    }
}
