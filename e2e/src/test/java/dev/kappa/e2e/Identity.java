package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Who the tests are to Kappa: a ServiceAccount that may do everything with its functions, by an access key or a token. */
final class Identity {
    /** The ServiceAccount, its binding, and the Secret with its access key. */
    static final String NAME = "tester";

    private static final String NAMESPACE = "default";

    /** More than a run takes. */
    private static final String LIFETIME = "6h";

    private static Identity administrator;

    private final String accessKeyId;
    private final String secretAccessKey;
    private final String bearer;

    private Identity(String accessKeyId, String secretAccessKey, String bearer) {
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
        this.bearer = bearer;
    }

    /** Makes it, once; may be called before Kappa is installed. */
    static synchronized Identity administrator() {
        if (administrator == null) {
            try {
                administrator = make(NAMESPACE, NAME, """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRoleBinding
                        metadata: {name: NAME}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kappa-admin}
                        subjects: [{kind: ServiceAccount, name: NAME, namespace: default}]
                        """.replace("NAME", NAME));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return administrator;
    }

    /** A ServiceAccount with what a binding gives it. */
    static Identity make(String namespace, String name, String binding) throws IOException, InterruptedException {
        apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: NAME, namespace: NAMESPACE}
                """, namespace, name);
        apply(binding, namespace, name);
        Secret known = Cluster.shared()
                .client()
                .secrets()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (known == null) {
            apply("""
                    apiVersion: v1
                    kind: Secret
                    type: kappa.dev/access-key
                    metadata: {name: NAME, namespace: NAMESPACE}
                    stringData: {accessKeyId: AKIAID, secretAccessKey: SECRET, serviceAccountName: NAME}
                    """.replace("ID", random(8)).replace("SECRET", random(20)), namespace, name);
            known = Cluster.shared()
                    .client()
                    .secrets()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
        }
        return new Identity(
                text(known, "accessKeyId"), text(known, "secretAccessKey"), "Bearer " + token(namespace, name));
    }

    /** The Authorization header of a ServiceAccount that has a ClusterRole in its own namespace. */
    static String tenant(String namespace, String name, String role) throws IOException, InterruptedException {
        apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: NAME, namespace: NAMESPACE}
                """, namespace, name);
        apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: NAME, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ROLE}
                subjects: [{kind: ServiceAccount, name: NAME, namespace: NAMESPACE}]
                """.replace("ROLE", role), namespace, name);
        return "Bearer " + token(namespace, name);
    }

    private static void apply(String manifest, String namespace, String name) {
        Cluster.shared()
                .client()
                .resource(manifest.replace("NAMESPACE", namespace).replace("NAME", name))
                .forceConflicts()
                .serverSideApply();
    }

    private static String token(String namespace, String name) throws IOException, InterruptedException {
        return Installation.tool(
                        "kubectl",
                        "create",
                        "token",
                        name,
                        "--namespace",
                        namespace,
                        "--audience",
                        "kappa",
                        "--duration",
                        LIFETIME)
                .strip();
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey));
    }

    /** As curl takes it. */
    String user() {
        return accessKeyId + ":" + secretAccessKey;
    }

    /** Value of an Authorization header. */
    String bearer() {
        return bearer;
    }

    /** What AWS's clients read. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_LAMBDA",
                Cluster.shared().endpoint(),
                "AWS_REGION",
                "us-east-1",
                "AWS_DEFAULT_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                accessKeyId,
                "AWS_SECRET_ACCESS_KEY",
                secretAccessKey,
                "KAPPA_TEST_TOKEN",
                bearer.substring("Bearer ".length()));
    }
}
