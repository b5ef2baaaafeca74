package dev.kappa.gateway.cluster;

import static dev.kappa.gateway.cluster.Resources.map;
import static dev.kappa.gateway.cluster.Resources.number;
import static dev.kappa.gateway.cluster.Resources.text;

import dev.kappa.gateway.catalog.AliasInfo;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what an alias applies. Without a rollout that is its spec. With one it is what the operator wrote into the
 * status, but for the ways back to a version that is known to be good: those take effect without the operator.
 */
final class AliasResource {
    private record Applied(int version, int additional, double weight) {
        static Applied only(int version) {
            return new Applied(version, version, 0);
        }
    }

    private AliasResource() {}

    static Optional<AliasInfo> read(GenericKubernetesResource resource) {
        Map<?, ?> spec = map(resource.getAdditionalProperties().get("spec"));
        Map<?, ?> status = map(resource.getAdditionalProperties().get("status"));
        String function = text(spec.get("function"));
        Optional<Integer> version = number(spec.get("version"));
        String name = resource.getMetadata().getName();
        if (function == null || version.isEmpty() || !name.startsWith(function + ".")) {
            return Optional.empty();
        }
        Applied applied = applied(version.get(), spec, status);
        return Optional.of(new AliasInfo(
                resource.getMetadata().getNamespace(),
                function,
                name.substring(function.length() + 1),
                applied.version(),
                applied.additional(),
                applied.weight(),
                text(map(spec.get("stickiness")).get("header")),
                AsyncResource.settings(spec.get("async"))));
    }

    private static Applied applied(int wanted, Map<?, ?> spec, Map<?, ?> status) {
        Map<?, ?> rollout = map(spec.get("rollout"));
        if (rollout.isEmpty()) {
            return split(wanted, map(spec.get("routing")));
        }
        int blue = number(status.get("version")).orElse(wanted);
        if (wanted == blue || Boolean.TRUE.equals(rollout.get("abort"))) {
            return Applied.only(blue);
        }
        if (number(status.get("previousVersion")).filter(it -> it == wanted).isPresent()) {
            return Applied.only(wanted);
        }
        Map<?, ?> routing = map(status.get("routing"));
        return number(routing.get("version")).filter(it -> it == wanted).isPresent()
                ? split(blue, routing)
                : Applied.only(blue);
    }

    private static Applied split(int version, Map<?, ?> routing) {
        return new Applied(
                version,
                number(routing.get("version")).orElse(version),
                routing.get("weight") instanceof Number weight ? weight.doubleValue() : 0);
    }
}
