package dev.kappa.gateway.cluster;

import static dev.kappa.gateway.cluster.Resources.map;
import static dev.kappa.gateway.cluster.Resources.number;
import static dev.kappa.gateway.cluster.Resources.text;

import dev.kappa.gateway.catalog.AliasInfo;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;

/** Reads an Alias into the catalog's record; one that is malformed is left out. */
final class AliasResource {
    private AliasResource() {}

    static Optional<AliasInfo> read(GenericKubernetesResource resource) {
        Map<?, ?> spec = map(resource.getAdditionalProperties().get("spec"));
        Map<?, ?> routing = map(spec.get("routing"));
        String function = text(spec.get("function"));
        Optional<Integer> version = number(spec.get("version"));
        String name = resource.getMetadata().getName();
        if (function == null || version.isEmpty() || !name.startsWith(function + ".")) {
            return Optional.empty();
        }
        return Optional.of(new AliasInfo(
                resource.getMetadata().getNamespace(),
                function,
                name.substring(function.length() + 1),
                version.get(),
                number(routing.get("version")).orElse(version.get()),
                routing.get("weight") instanceof Number weight ? weight.doubleValue() : 0,
                text(map(spec.get("stickiness")).get("header"))));
    }
}
