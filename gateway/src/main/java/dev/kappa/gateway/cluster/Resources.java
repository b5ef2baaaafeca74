package dev.kappa.gateway.cluster;

import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.VersionInfo;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Function, Version and Alias into the catalog's records; what is malformed is left out. */
final class Resources {
    private static final int DEFAULT_TIMEOUT_SECONDS = 3;

    private Resources() {}

    static FunctionInfo function(GenericKubernetesResource resource) {
        Map<?, ?> spec = map(resource.getAdditionalProperties().get("spec"));
        Map<?, ?> status = map(resource.getAdditionalProperties().get("status"));
        return new FunctionInfo(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                number(spec.get("timeoutSeconds")).orElse(DEFAULT_TIMEOUT_SECONDS),
                number(map(spec.get("concurrency")).get("reserved")).orElse(null),
                text(status.get("revision")),
                notReady(status),
                AsyncResource.settings(spec.get("async")),
                AsyncResource.target(spec.get("deadLetter")));
    }

    static Optional<VersionInfo> version(GenericKubernetesResource resource) {
        Map<?, ?> spec = map(resource.getAdditionalProperties().get("spec"));
        Map<?, ?> status = map(resource.getAdditionalProperties().get("status"));
        Map<?, ?> frozen = map(map(spec.get("snapshot")).get("function"));
        String function = text(spec.get("function"));
        Optional<Integer> number = number(spec.get("number"));
        if (function == null || number.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new VersionInfo(
                resource.getMetadata().getNamespace(),
                function,
                number.get(),
                number(frozen.get("timeoutSeconds")).orElse(DEFAULT_TIMEOUT_SECONDS),
                text(status.get("revision")),
                notReady(status),
                AsyncResource.settings(spec.get("async")),
                AsyncResource.target(frozen.get("deadLetter"))));
    }

    private static @Nullable String notReady(Map<?, ?> status) {
        if (!(status.get("conditions") instanceof List<?> conditions)) {
            return null;
        }
        for (Object entry : conditions) {
            Map<?, ?> condition = map(entry);
            if ("Ready".equals(condition.get("type")) && "False".equals(condition.get("status"))) {
                String message = text(condition.get("message"));
                return message == null ? text(condition.get("reason")) : message;
            }
        }
        return null;
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static @Nullable String text(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() ? text : null;
    }

    static Optional<Integer> number(@Nullable Object value) {
        return value instanceof Number number ? Optional.of(number.intValue()) : Optional.empty();
    }
}
