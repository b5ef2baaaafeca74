package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ProvisionedStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How much provisioned concurrency versions and aliases ask for, and how far it is; pure functions of the resources. */
public final class ProvisionedConcurrency {
    private static final List<String> OBSTACLES =
            List.of(ConditionTypes.CODE_READY, ConditionTypes.HANDLER_READY, ConditionTypes.RESOURCES_AVAILABLE);

    private ProvisionedConcurrency() {}

    /**
     * What a version is asked for, by itself or by an alias.
     *
     * @param version of which function it is, and its number
     * @param aliases of the function
     * @return number of concurrent events, 0 for none
     */
    static int wanted(FunctionVersion version, Collection<Alias> aliases) {
        int own = Objects.requireNonNullElse(version.getSpec().provisionedConcurrency, 0);
        return aliases.stream()
                .filter(alias -> alias.getMetadata()
                        .getNamespace()
                        .equals(version.getMetadata().getNamespace()))
                .filter(alias -> alias.getSpec().function.equals(version.getSpec().function))
                .filter(alias -> held(alias).contains(version.getSpec().number))
                .mapToInt(alias -> alias.getSpec().provisionedConcurrency)
                .reduce(own, Math::max);
    }

    /**
     * The versions that keep instances for an alias.
     *
     * @param alias any
     * @return numbers of those that it points to, and of those that it has left before the new one had its instances
     */
    static Set<Integer> held(Alias alias) {
        if (alias.getSpec().provisionedConcurrency == null) {
            return Set.of();
        }
        Set<Integer> held = new TreeSet<>(AliasReferences.numbers(alias));
        held.addAll(holding(alias.getStatus()));
        return held;
    }

    private static List<Integer> holding(@Nullable AliasStatus status) {
        return status == null || status.provisioned == null || status.provisioned.holding == null
                ? List.of()
                : status.provisioned.holding;
    }

    /**
     * How far a version is.
     *
     * @param wanted number of concurrent events
     * @param function configuration of the version; null while it is not known
     * @param reserved reserved concurrency of the function now, null for none
     * @param status of the version otherwise
     * @return empty if nothing is wanted
     */
    static Optional<ProvisionedStatus> of(
            int wanted, @Nullable FunctionSpec function, @Nullable Integer reserved, FunctionStatus status) {
        if (wanted == 0) {
            return Optional.empty();
        }
        int per = function == null ? 1 : function.concurrency.perInstance;
        ProvisionedStatus result = new ProvisionedStatus();
        result.requested = wanted;
        result.allocated = atMost(wanted, per, status.replicas);
        result.available = Math.min(result.allocated, atMost(wanted, per, status.readyReplicas));
        Optional<Condition> obstacle = OBSTACLES.stream()
                .flatMap(type -> ConditionTypes.find(status.conditions, type).stream())
                .filter(it -> it.getStatus().equals("False"))
                .findFirst();
        String limit = function == null ? null : limit(wanted, function, reserved);
        if (obstacle.isPresent()) {
            fail(result, obstacle.get().getReason(), obstacle.get().getMessage());
        } else if (limit != null) {
            fail(result, "LimitReached", limit);
        } else {
            result.state = result.available == wanted ? ProvisionedStatus.READY : ProvisionedStatus.IN_PROGRESS;
        }
        return Optional.of(result);
    }

    private static int atMost(int wanted, int perInstance, @Nullable Integer instances) {
        return (int) Math.min(wanted, (long) perInstance * Objects.requireNonNullElse(instances, 0));
    }

    private static @Nullable String limit(int wanted, FunctionSpec function, @Nullable Integer reserved) {
        int instances = Math.ceilDiv(wanted, function.concurrency.perInstance);
        if (reserved != null && reserved < wanted) {
            return wanted + " concurrent events are more than the reserved concurrency of the function, " + reserved
                    + "; raise spec.concurrency.reserved of the Function, or lower spec.provisionedConcurrency.";
        }
        return instances <= function.scaling.max
                ? null
                : wanted + " concurrent events need " + instances + " instances, but spec.scaling.max is "
                        + function.scaling.max + "; publish a version with a higher one, or lower"
                        + " spec.provisionedConcurrency.";
    }

    private static void fail(ProvisionedStatus status, String reason, String message) {
        status.state = ProvisionedStatus.FAILED;
        status.reason = reason;
        status.message = message;
    }

    /**
     * How far an alias is: as far as the version that has the least.
     *
     * @param alias with its status so far
     * @param next where it points to now
     * @param versions by number
     * @return empty if it asks for nothing
     */
    public static Optional<ProvisionedStatus> of(
            Alias alias, AliasStatus next, Map<Integer, FunctionVersion> versions) {
        Integer wanted = alias.getSpec().provisionedConcurrency;
        Set<Integer> numbers = AliasReferences.numbers(alias.getSpec(), next);
        if (wanted == null || numbers.isEmpty()) {
            return Optional.empty();
        }
        ProvisionedStatus result = new ProvisionedStatus();
        result.requested = wanted;
        result.allocated = wanted;
        result.available = wanted;
        result.state = ProvisionedStatus.READY;
        for (int number : numbers) {
            add(result, versions.get(number));
        }
        Set<Integer> left = new TreeSet<>(held(alias));
        left.removeAll(numbers);
        if (!left.isEmpty() && !result.state.equals(ProvisionedStatus.READY)) {
            result.holding = List.copyOf(left);
        }
        return Optional.of(result);
    }

    private static void add(ProvisionedStatus sum, @Nullable FunctionVersion version) {
        ProvisionedStatus one = version == null || version.getStatus() == null ? null : version.getStatus().provisioned;
        sum.allocated = Math.min(sum.allocated, one == null ? 0 : one.allocated);
        sum.available = Math.min(sum.available, one == null ? 0 : one.available);
        if (version != null && one != null && one.state.equals(ProvisionedStatus.FAILED)) {
            fail(sum, one.reason, version.getMetadata().getName() + ": " + one.message);
        } else if (sum.available < sum.requested && sum.state.equals(ProvisionedStatus.READY)) {
            sum.state = ProvisionedStatus.IN_PROGRESS;
        }
    }

    /** What aliases see of a version. */
    static List<?> seen(FunctionVersion version) {
        ProvisionedStatus status = version.getStatus() == null ? null : version.getStatus().provisioned;
        return status == null
                ? List.of()
                : Stream.of(status.allocated, status.available, status.state, status.message)
                        .map(String::valueOf)
                        .toList();
    }
}
