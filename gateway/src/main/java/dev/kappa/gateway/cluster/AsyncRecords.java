package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.Async;
import dev.kappa.api.v1alpha1.Destination;
import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.Target;
import org.jspecify.annotations.Nullable;

/** Makes the catalog's records of {@code spec.async} and of destinations. */
final class AsyncRecords {
    private AsyncRecords() {}

    static @Nullable AsyncSettings settings(@Nullable Async async) {
        if (async == null) {
            return null;
        }
        return new AsyncSettings(
                async.maxRetryAttempts == null ? AsyncSettings.DEFAULT.maxRetryAttempts() : async.maxRetryAttempts,
                async.maxEventAge == null
                        ? AsyncSettings.DEFAULT.maxEventAgeMs()
                        : Durations.parse(async.maxEventAge).toMillis(),
                target(async.onSuccess),
                target(async.onFailure));
    }

    static @Nullable Target target(@Nullable Destination destination) {
        if (destination == null) {
            return null;
        }
        if (destination.function != null) {
            return new Target.Function(
                    ResourceNames.function(destination.function),
                    ResourceNames.qualifier(destination.function).orElse(VersionKey.LATEST));
        }
        if (destination.nats != null) {
            return new Target.Nats(destination.nats.subject);
        }
        return destination.url == null
                ? null
                : new Target.Url(destination.url.location, Destination.Url.CLOUD_EVENTS.equals(destination.url.format));
    }
}
