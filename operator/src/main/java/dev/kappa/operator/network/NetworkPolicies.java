package dev.kappa.operator.network;

import dev.kappa.operator.status.RefusedWriteException;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes the policies: two for a namespace that has functions, and one more for a version that says something itself. Most
 * versions do not, and cost nothing.
 */
public final class NetworkPolicies {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("kappa-operator")
            .withForce(true)
            .build();

    /** After so long they are written although nothing changed, which mends what others did to them. */
    private static final Duration AGAIN = Duration.ofHours(1);

    private record Applied(int hash, Instant at) {}

    private final KubernetesClient client;
    private final NetworkSettings settings;
    private final DesiredPolicies desired;
    private final Clock clock;
    private final ConcurrentMap<String, Instant> namespaces = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Applied> own = new ConcurrentHashMap<>();
    private volatile @Nullable ApiServer server;
    private volatile boolean learnt;

    /**
     * Writes through a client.
     *
     * @param client the API server
     * @param settings of all policies
     * @param clock the time
     */
    public NetworkPolicies(KubernetesClient client, NetworkSettings settings, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.desired = new DesiredPolicies(settings);
        this.clock = clock;
    }

    /**
     * Writes what a version needs before it has instances.
     *
     * @param target the version
     * @param had whether it had a policy of its own so far
     * @throws RefusedWriteException if the API server refuses one
     */
    public void apply(PolicyTarget target, boolean had) {
        if (!settings.enabled()) {
            return;
        }
        Instant now = clock.instant();
        namespaces.compute(target.namespace(), (namespace, last) -> {
            if (last != null && last.plus(AGAIN).isAfter(now)) {
                return last;
            }
            ApiServer listening = ApiServer.of(client);
            server = listening;
            desired.ofNamespace(namespace, listening).forEach(this::write);
            return now;
        });
        if (target.hasOwn()) {
            own(desired.of(target, server()), now);
        } else if (had) {
            own.remove(key(target.namespace(), target.name()));
            delete(target.namespace(), target.name());
        }
    }

    private ApiServer server() {
        ApiServer known = server;
        if (known == null) {
            known = ApiServer.of(client);
            server = known;
        }
        return known;
    }

    private void own(NetworkPolicy policy, Instant now) {
        int hash = Serialization.asJson(policy).hashCode();
        own.compute(
                key(policy.getMetadata().getNamespace(), policy.getMetadata().getName()), (key, last) -> {
                    if (last != null
                            && last.hash() == hash
                            && last.at().plus(AGAIN).isAfter(now)) {
                        return last;
                    }
                    write(policy);
                    return new Applied(hash, now);
                });
    }

    private void write(NetworkPolicy policy) {
        try {
            client.resource(policy).patch(APPLY);
        } catch (KubernetesClientException e) {
            throw RefusedWriteException.is(e)
                    ? new RefusedWriteException(
                            "NetworkPolicy " + policy.getMetadata().getName(), e)
                    : e;
        }
    }

    /**
     * Removes the policies of namespaces whose last function is gone, or all of them if there are to be none; those of versions go
     * with their owners.
     *
     * @param used whether a namespace has functions
     */
    public void retain(Predicate<String> used) {
        if (!learnt) {
            learn();
            learnt = true;
        }
        for (String namespace : List.copyOf(namespaces.keySet())) {
            if (!settings.enabled() || !used.test(namespace)) {
                delete(namespace, DesiredPolicies.INGRESS);
                delete(namespace, DesiredPolicies.EGRESS);
                namespaces.remove(namespace);
            }
        }
        own.keySet().removeIf(key -> !used.test(key.substring(0, key.indexOf('/'))));
    }

    /** Of another leader, or of before they were switched off. */
    private void learn() {
        for (NetworkPolicy policy : client.network()
                .v1()
                .networkPolicies()
                .inAnyNamespace()
                .withLabels(DesiredPolicies.MANAGED)
                .list()
                .getItems()) {
            String namespace = policy.getMetadata().getNamespace();
            String name = policy.getMetadata().getName();
            if (name.equals(DesiredPolicies.INGRESS) || name.equals(DesiredPolicies.EGRESS)) {
                namespaces.putIfAbsent(namespace, Instant.EPOCH);
            } else if (!settings.enabled()) {
                delete(namespace, name);
            }
        }
    }

    private void delete(String namespace, String name) {
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .withName(name)
                .delete();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
