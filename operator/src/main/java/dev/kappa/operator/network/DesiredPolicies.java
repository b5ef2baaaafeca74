package dev.kappa.operator.network;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.List;
import java.util.Map;

/** The policies, as a pure function of what functions say. */
final class DesiredPolicies {
    /** Who may connect to any function of a namespace. */
    static final String INGRESS = "kappa-function-ingress";

    /** Where those functions may connect to that say nothing themselves. */
    static final String EGRESS = "kappa-function-egress";

    static final Map<String, String> MANAGED = Map.of("app.kubernetes.io/managed-by", "kappa");

    private final NetworkSettings settings;
    private final EgressRules egress;

    DesiredPolicies(NetworkSettings settings) {
        this.settings = settings;
        this.egress = new EgressRules(settings);
    }

    /** Of a namespace: they are enough for a function that says nothing. */
    List<NetworkPolicy> ofNamespace(String namespace, ApiServer server) {
        return List.of(
                policy(namespace, INGRESS, functions())
                        .editSpec()
                        .withPolicyTypes("Ingress")
                        .addNewIngress()
                        .addNewPort()
                        .withProtocol("TCP")
                        .withPort(new IntOrString(Wire.SHIM_PORT))
                        .endPort()
                        .addNewFrom()
                        .withNewNamespaceSelector()
                        .addToMatchLabels(EgressRules.NAMESPACE, settings.namespace())
                        .endNamespaceSelector()
                        .withNewPodSelector()
                        .withMatchLabels(settings.gatewayLabels())
                        .endPodSelector()
                        .endFrom()
                        .endIngress()
                        .endSpec()
                        .build(),
                policy(
                                namespace,
                                EGRESS,
                                new LabelSelectorBuilder(functions())
                                        .addToMatchExpressions(
                                                new LabelSelectorRequirement(Labels.NETWORK, "DoesNotExist", List.of()))
                                        .build())
                        .editSpec()
                        .withPolicyTypes("Egress")
                        .withEgress(egress.of(null, false, server))
                        .endSpec()
                        .build());
    }

    /** Of a version that has its own. */
    NetworkPolicy of(PolicyTarget target, ApiServer server) {
        FunctionSpec spec = target.spec();
        return policy(
                        target.namespace(),
                        target.name(),
                        new LabelSelectorBuilder()
                                .withMatchLabels(target.selector())
                                .build())
                .editMetadata()
                .addToLabels(target.selector())
                .withOwnerReferences(owner(target.owner()))
                .endMetadata()
                .editSpec()
                .withPolicyTypes("Egress")
                .withEgress(egress.of(spec.network, spec.serviceAccountName != null, server))
                .endSpec()
                .build();
    }

    private static NetworkPolicyBuilder policy(String namespace, String name, LabelSelector pods) {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(MANAGED)
                .endMetadata()
                .withNewSpec()
                .withPodSelector(pods)
                .endSpec();
    }

    private static LabelSelector functions() {
        return new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement(Labels.FUNCTION, "Exists", List.of()))
                .build();
    }

    private static OwnerReference owner(HasMetadata owner) {
        OwnerReference reference = new OwnerReference();
        reference.setApiVersion(owner.getApiVersion());
        reference.setKind(owner.getKind());
        reference.setName(owner.getMetadata().getName());
        reference.setUid(owner.getMetadata().getUid());
        return reference;
    }
}
