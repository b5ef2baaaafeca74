package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Code in buckets of a store that keeps versions and checks signatures. */
class BucketIT {
    static final String HOST = "buckets.default.svc.cluster.local";
    static final List<String> SECRETS = List.of("s3-credentials", "s3-wrong", "s3-half", "s3-gone");
    private static final String IMAGE = "kappa/e2e-s3:dev";
    private static final String NAME = "buckets";
    private static final int PORT = 9000;
    private static final String BUCKET = "artifacts";
    private static final String SECRET = "s3-credentials";

    private static LocalPortForward forward;
    private static S3Client s3;
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Command.run(Map.of(), "s3/build");
        Installation.everything();
        Cluster.shared().load(List.of(IMAGE));
        start();
        secret(SECRET, Map.of("AWS_ACCESS_KEY_ID", "kappa", "AWS_SECRET_ACCESS_KEY", "open sesame"));
        forward = client().pods().inNamespace("default").withName(NAME).portForward(PORT);
        s3 = S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + forward.getLocalPort()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("kappa", "open sesame")))
                .httpClient(UrlConnectionHttpClient.create())
                // The store keeps what is sent in chunks as it came.
                .serviceConfiguration(it -> it.chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .build();
        if (s3.listBuckets().buckets().isEmpty()) {
            s3.createBucket(it -> it.bucket(BUCKET));
        }
        s3.putBucketVersioning(it -> it.bucket(BUCKET)
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() throws IOException {
        lambda.close();
        s3.close();
        forward.close();
    }

    @Test
    void anObjectIsFetchedOnceAndAnotherOnlyWhenTheManifestAsksForIt() throws Exception {
        String first = put("app.zip", "1");
        apply("fetched", "key: app.zip, credentialsSecretName: " + SECRET);
        Functions.waitUntilReady("Function", "fetched");
        assertThat(answer("fetched")).isEqualTo("1");
        assertThat(version("fetched")).isEqualTo(first);
        assertThat((String) Functions.get("Function", "fetched").get("status", "s3", "source"))
                .isEqualTo("s3://artifacts/app.zip at http://" + HOST + ":9000");

        String second = put("app.zip", "2");
        apply("fetched", "key: app.zip, credentialsSecretName: " + SECRET, "timeoutSeconds: 4");
        Functions.waitUntilReady("Function", "fetched");
        assertThat(answer("fetched")).isEqualTo("1");

        apply("fetched", "key: app.zip, credentialsSecretName: " + SECRET + ", versionId: '" + second + "'");
        Functions.waitFor(
                "Function",
                "fetched",
                it -> second.equals(it.get("status", "s3", "versionId"))
                        && Functions.ready(it, "status").equals("True"));
        assertThat(answer("fetched")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no-object   | key: none.zip, credentialsSecretName: s3-credentials             | ObjectNotFound     | s3://artifacts/none.zip at http://buckets.default.svc.cluster.local:9000 is not there (NoSuchKey); upload it
            no-version  | key: there.zip, versionId: none, credentialsSecretName: s3-credentials | ObjectNotFound | correct spec.code.s3.versionId
            nobody      | key: there.zip                                                   | ObjectAccessDenied | may not be read by everybody (without credentials)
            wrong-key   | key: there.zip, credentialsSecretName: s3-wrong                  | ObjectAccessDenied | the store does not accept the credentials of Secret s3-wrong (SignatureDoesNotMatch)
            half-key    | key: there.zip, credentialsSecretName: s3-half                   | SecretIncomplete   | Secret default/s3-half has no key AWS_SECRET_ACCESS_KEY, but AWS_ACCESS_KEY_ID; add it
            gone-secret | key: there.zip, credentialsSecretName: s3-gone                   | SecretNotFound     | Secret default/s3-gone does not exist; create it with the keys AWS_ACCESS_KEY_ID
            nowhere     | key: there.zip, endpoint: 'http://buckets.default.svc.cluster.local:9' | FetchFailed  | see to it that the store answers
            inside      | key: there.zip, endpoint: 'https://kubernetes.default.svc'       | FetchFailed        | kubernetes.default.svc has the address
            no-tls      | key: there.zip, endpoint: 'http://s3.example.com'                | FetchFailed        | http://s3.example.com is not https
            """)
    void whatIsWrongIsNamed(String name, String object, String reason, String message) throws Exception {
        put("there.zip", "1");
        secret("s3-wrong", Map.of("AWS_ACCESS_KEY_ID", "kappa", "AWS_SECRET_ACCESS_KEY", "close sesame"));
        secret("s3-half", Map.of("AWS_ACCESS_KEY_ID", "kappa"));

        apply("bucket-" + name, object);

        GenericKubernetesResource function = Functions.waitFor(
                "Function",
                "bucket-" + name,
                it -> !Functions.ready(it, "reason").isEmpty());
        assertThat(Functions.ready(function, "reason") + ": " + Functions.ready(function, "message"))
                .startsWith(reason + ": spec.code.s3")
                .contains(message);
    }

    private static void start() throws IOException, InterruptedException {
        ServerPod.start(NAME, PORT, ServerPod.of(ServerPod.container(NAME, IMAGE, PORT)), 60);
    }

    private static KubernetesClient client() {
        return Cluster.shared().client();
    }

    private static void secret(String name, Map<String, String> texts) {
        client().resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("default")
                        .endMetadata()
                        .withStringData(texts)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    /** Returns the version of the object. */
    private static String put(String key, String answer) throws IOException {
        String source = "def handler(event, context): return " + answer;
        byte[] zip = Packages.zip("app.py", source.getBytes(StandardCharsets.UTF_8));
        return s3.putObject(it -> it.bucket(BUCKET).key(key), RequestBody.fromBytes(zip))
                .versionId();
    }

    private static void apply(String name, String object, String... spec) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {runtime: python3.13, handler: app.handler, SPEC code: {s3: {bucket: artifacts, OBJECT}}}
                """.replace("NAME", name).replace("SPEC", spec.length == 0 ? "" : spec[0] + ",").replace(
                "OBJECT", object.contains("endpoint") ? object : object + ", endpoint: 'http://" + HOST + ":9000'"));
    }

    private static String version(String function) {
        return Functions.get("Function", function).get("status", "s3", "versionId");
    }

    private static String answer(String function) {
        return Functions.invoke(lambda, function, "{}").payload().asUtf8String();
    }
}
