package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.gateway.catalog.AliasInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the catalog's records of Aliases: what they apply. Without a rollout that is the spec. With one it is what the
 * operator wrote into the status, but for the ways back to a version that is known to be good: those take effect without
 * the operator.
 */
final class AliasRecords {
    private static final double ALL = 100;

    private record Applied(int version, int additional, double weight) {
        static Applied only(int version) {
            return new Applied(version, version, 0);
        }
    }

    private AliasRecords() {}

    static Optional<AliasInfo> of(Alias alias) {
        AliasSpec spec = alias.getSpec();
        String name = alias.getMetadata().getName();
        Optional<String> qualifier = ResourceNames.qualifier(name);
        if (spec == null || qualifier.isEmpty() || !ResourceNames.function(name).equals(spec.function)) {
            return Optional.empty();
        }
        Applied applied = applied(spec, alias.getStatus());
        return Optional.of(new AliasInfo(
                alias.getMetadata().getNamespace(),
                spec.function,
                qualifier.get(),
                applied.version(),
                applied.additional(),
                applied.weight(),
                spec.stickiness == null ? null : spec.stickiness.header,
                AsyncRecords.settings(spec.async),
                UrlRecords.of(spec.url)));
    }

    private static Applied applied(AliasSpec spec, @Nullable AliasStatus status) {
        if (spec.version == null) {
            return Applied.only(AliasInfo.LATEST);
        }
        int wanted = spec.version;
        if (spec.rollout == null) {
            return split(wanted, spec.routing);
        }
        int blue = status == null || status.version == null ? wanted : status.version;
        if (wanted == blue || Boolean.TRUE.equals(spec.rollout.abort) || status == null) {
            return Applied.only(blue);
        }
        if (Integer.valueOf(wanted).equals(status.previousVersion)) {
            return Applied.only(wanted);
        }
        return isOnItsWay(wanted, status.routing) ? split(blue, status.routing) : Applied.only(blue);
    }

    /** Green gets its share while it is wanted, and keeps all events once it has them, also on the way to a third version. */
    private static boolean isOnItsWay(int wanted, AliasSpec.@Nullable Routing routing) {
        return routing != null
                && (Integer.valueOf(wanted).equals(routing.version)
                        || (routing.weight != null && routing.weight >= ALL));
    }

    private static Applied split(int version, AliasSpec.@Nullable Routing routing) {
        return routing == null || routing.version == null || routing.weight == null
                ? Applied.only(version)
                : new Applied(version, routing.version, routing.weight);
    }
}
