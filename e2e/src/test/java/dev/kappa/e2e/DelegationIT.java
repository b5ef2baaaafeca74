package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody gets by a function what Kubernetes would refuse them: a ServiceAccount, a Secret, a class of pods. */
class DelegationIT {
    private static final String NAMESPACE = "delegation";
    private static final String DEVELOPER = "kappa-test-developer";
    private static final String EDITOR = "kappa-test-editor";

    private static final String RIGHTS = """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: Namespace
                metadata: {name: NAMESPACE}
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: functions, namespace: NAMESPACE}
                rules:
                  - {apiGroups: [kappa.dev], resources: [functions, versions], verbs: [get, create, update, patch]}
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: some, namespace: NAMESPACE}
                rules:
                  - {apiGroups: [""], resources: [serviceaccounts], resourceNames: [mine], verbs: [use]}
                  - {apiGroups: [""], resources: [secrets], resourceNames: [mine], verbs: [get]}
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: functions, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: functions}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: DEVELOPER}]
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: some, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: some}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: DEVELOPER}]
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: edit, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: EDITOR}]
            """;

    private static KubernetesClient developer;
    private static KubernetesClient editor;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        KubernetesClient client = Cluster.shared().client();
        String rights = RIGHTS.replace("NAMESPACE", NAMESPACE)
                .replace("DEVELOPER", DEVELOPER)
                .replace("EDITOR", EDITOR);
        client.resourceList(rights).serverSideApply();
        developer = as(DEVELOPER);
        editor = as(EDITOR);
    }

    private static KubernetesClient as(String user) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Cluster.shared().client().getConfiguration())
                        .withImpersonateUsername(user)
                        .build())
                .build();
    }

    @AfterAll
    static void tidyUp() {
        developer.close();
        editor.close();
        Cluster.shared().client().namespaces().withName(NAMESPACE).delete();
    }

    private static void apply(KubernetesClient user, String name, String spec) {
        write(user, "Function", name, "{runtime: python3.13, handler: app.handler, " + spec + "}");
    }

    private static void write(KubernetesClient user, String kind, String name, String spec) {
        user.resource(Serialization.unmarshal(
                        "apiVersion: kappa.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: "
                                + NAMESPACE + "}\nspec: " + spec,
                        GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    private static void assertRefused(String spec, String message) {
        assertThatThrownBy(() -> apply(developer, "refused", spec))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    private static final String CODE = "code: {inline: {app.py: pass}}";
    private static final String SECRET = "environment: [{name: KEY, valueFrom: {secretKeyRef: {name: %s, key: k}}}]";

    @Test
    void anExecutionRoleIsForThoseWhoMayUseIt() {
        assertRefused(
                CODE + ", serviceAccountName: powerful",
                "spec.serviceAccountName: " + DEVELOPER + " may not use the ServiceAccount powerful of namespace "
                        + NAMESPACE + " as an execution role; have the verb use on serviceaccounts granted");

        apply(developer, "role", CODE + ", serviceAccountName: mine");
        apply(editor, "role-of-editor", CODE + ", serviceAccountName: powerful");
    }

    @Test
    void codeThatRunsWithARoleIsChangedByThoseWhoMayUseItToo() {
        apply(editor, "powerful", CODE + ", serviceAccountName: powerful");

        assertThatThrownBy(() ->
                        apply(developer, "powerful", "code: {inline: {app.py: steal}}, serviceAccountName: powerful"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("may not use the ServiceAccount powerful");
        assertThatCode(() -> apply(developer, "powerful", CODE + ", serviceAccountName: powerful, scaling: {max: 3}"))
                .doesNotThrowAnyException();
    }

    @Test
    void aSecretIsForThoseWhoMayReadIt() {
        assertRefused(
                CODE + ", " + SECRET.formatted("theirs"),
                DEVELOPER + " may not read all Secrets that the function would get from namespace " + NAMESPACE
                        + ", which are theirs; have the verb get on secrets granted");
        assertRefused("code: {s3: {bucket: abc, key: d, credentialsSecretName: theirs}}", "which are theirs;");
        assertRefused(
                CODE + ", layers: [{s3: {bucket: abc, key: d, credentialsSecretName: theirs}}]", "which are theirs;");
        assertRefused(CODE + ", pod: {imagePullSecrets: [theirs]}", "which are theirs;");

        apply(developer, "secret", CODE + ", " + SECRET.formatted("mine"));
        apply(editor, "secret-of-editor", CODE + ", " + SECRET.formatted("theirs"));
    }

    @Test
    void aSnapshotIsNoWayAroundIt() {
        assertThatThrownBy(() -> write(
                        developer,
                        "Version",
                        "lone.1",
                        "{function: lone, number: 1, snapshot: {function: {runtime: python3.13, handler: app.handler, "
                                + CODE + ", serviceAccountName: powerful}}}"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("may not use the ServiceAccount powerful");
    }

    @Test
    void aClassOfPodsIsOneThatTheChartLists() {
        assertRefused(
                CODE + ", scheduling: {priorityClassName: system-node-critical}",
                "must be one of the chart's functions.priorityClassNames, which are none, but is system-node-critical");
        assertRefused(
                CODE + ", scheduling: {runtimeClassName: gvisor}",
                "must be one of the chart's functions.runtimeClassNames, which are none, but is gvisor");
    }

    @Test
    void whatAFunctionSaysOfItsPodsReachesThem() {
        apply(editor, "placed", CODE + """
                , scheduling: {nodeSelector: {disk: fast}, tolerations: [{key: gpu, operator: Exists}],
                topologySpread: [{topologyKey: topology.kubernetes.io/zone}]}, pod: {labels: {team: blue},
                annotations: {example.org/note: text}, imagePullSecrets: [registry]}""");

        var template = Cluster.shared()
                .client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("fn-placed-latest")
                .waitUntilCondition(it -> it != null, 60, TimeUnit.SECONDS)
                .getSpec()
                .getTemplate();

        assertThat(template.getMetadata().getLabels()).containsEntry("team", "blue");
        assertThat(template.getMetadata().getAnnotations()).containsEntry("example.org/note", "text");
        assertThat(template.getSpec().getNodeSelector()).containsEntry("disk", "fast");
        assertThat(template.getSpec().getImagePullSecrets())
                .extracting(it -> it.getName())
                .isEqualTo(List.of("registry"));
        assertThat(template.getSpec().getTolerations())
                .anySatisfy(it -> assertThat(it.getKey()).isEqualTo("gpu"));
        assertThat(template.getSpec().getTopologySpreadConstraints())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.getMaxSkew()).isEqualTo(1);
                    assertThat(it.getLabelSelector().getMatchLabels()).containsEntry("kappa.dev/function", "placed");
                });
    }
}
