package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.operator.code.StoredPackage.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Fetches packages from buckets with AWS's client, which is made for each fetch and costs nothing in between. */
final class S3Fetch {
    static final String KEY_ID = "AWS_ACCESS_KEY_ID";
    static final String KEY = "AWS_SECRET_ACCESS_KEY";
    static final String SESSION = "AWS_SESSION_TOKEN";
    private static final Duration LIMIT = Duration.ofSeconds(150);

    /** What was fetched; closing deletes it. */
    record Fetched(Download download, Origin origin) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            download.close();
        }
    }

    private final GuardedHttp http;
    private final List<String> privateHosts;
    private final S3Defaults defaults;
    private final SecretReader secrets;

    S3Fetch(GuardedHttp http, List<String> privateHosts, S3Defaults defaults, SecretReader secrets) {
        this.http = http;
        this.privateHosts = List.copyOf(privateHosts);
        this.defaults = defaults;
        this.secrets = secrets;
    }

    /** What a manifest asks for, in one line; how it is asked for (credentials, style of addresses) does not matter. */
    static String source(Code.S3 s3) {
        return "s3://" + s3.bucket + "/" + s3.key
                + (s3.versionId == null ? "" : "?versionId=" + s3.versionId)
                + (s3.region == null ? "" : " in " + s3.region)
                + (s3.endpoint == null ? "" : " at " + s3.endpoint);
    }

    /**
     * Fetches an object.
     *
     * @param field where the manifest asks for it
     * @param again the object that was fetched before and is needed once more, null for none
     * @throws MissingException with cause and remedy
     */
    Fetched get(String namespace, String field, Code.S3 s3, @Nullable Origin again)
            throws MissingException, InterruptedException {
        URI endpoint = endpoint(field, s3);
        AwsCredentialsProvider credentials = credentials(namespace, field, s3);
        String versionId = again == null || again.versionId() == null ? s3.versionId : again.versionId();
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(s3.bucket)
                .key(s3.key)
                .versionId(versionId)
                .build();
        try (S3Client client = client(s3, endpoint, credentials)) {
            return client.getObject(
                    request,
                    (answer, body) ->
                            new Fetched(Download.of(body), new Origin(source(s3), known(answer.versionId()))));
        } catch (SdkException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("the operator stops");
            }
            throw S3Problem.of(e, field, s3, endpoint);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new MissingException("FetchFailed", field + ": AWS's client refuses it: " + e.getMessage());
        }
    }

    /** Stores without versions answer none, or "null". */
    private static @Nullable String known(@Nullable String versionId) {
        return versionId == null || versionId.isEmpty() || versionId.equals("null") ? null : versionId;
    }

    private S3Client client(Code.S3 s3, @Nullable URI endpoint, AwsCredentialsProvider credentials) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new GuardedS3Http(http))
                .region(Region.of(s3.region == null ? defaults.region() : s3.region))
                .credentialsProvider(credentials)
                .forcePathStyle(s3.pathStyle == null ? endpoint != null : s3.pathStyle)
                // The operator tries again by itself, at its own pace.
                .overrideConfiguration(it -> it.apiCallTimeout(LIMIT).retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.build();
    }

    private @Nullable URI endpoint(String field, Code.S3 s3) throws MissingException {
        String address = s3.endpoint == null ? defaults.endpoint() : s3.endpoint;
        if (address.isEmpty()) {
            return null;
        }
        URI endpoint = URI.create(address);
        if (endpoint.getHost() == null) {
            throw new MissingException("FetchFailed", field + ".endpoint: " + address + " names no host; correct it");
        }
        if (endpoint.getScheme().equals("http") && !privateHosts.contains(endpoint.getHost())) {
            throw new MissingException(
                    "FetchFailed",
                    field + ".endpoint: " + address + " is not https; only hosts of the chart's"
                            + " operator.privateCodeHosts may be asked without, add " + endpoint.getHost() + " there");
        }
        return endpoint;
    }

    private AwsCredentialsProvider credentials(String namespace, String field, Code.S3 s3) throws MissingException {
        String name = s3.credentialsSecretName;
        if (name == null) {
            return AnonymousCredentialsProvider.create();
        }
        String object = field + ".credentialsSecretName: Secret " + namespace + "/" + name;
        Map<String, String> texts;
        try {
            texts = secrets.read(namespace, name)
                    .orElseThrow(() -> new MissingException(
                            "SecretNotFound",
                            object + " does not exist; create it with the keys " + KEY_ID + " and " + KEY
                                    + ": kubectl -n "
                                    + namespace + " create secret generic " + name + " --from-literal=" + KEY_ID
                                    + "=… --from-literal=" + KEY + "=…"));
        } catch (IOException e) {
            throw new MissingException("SecretNotReadable", object + ": " + e.getMessage());
        }
        String id = required(texts, KEY_ID, object);
        String key = required(texts, KEY, object);
        String session = texts.get(SESSION);
        return StaticCredentialsProvider.create(
                session == null
                        ? AwsBasicCredentials.create(id, key)
                        : AwsSessionCredentials.create(id, key, session.strip()));
    }

    /** A line's end that a file brought along is no part of it. */
    private static String required(Map<String, String> texts, String key, String object) throws MissingException {
        String text = texts.getOrDefault(key, "").strip();
        if (text.isEmpty()) {
            throw new MissingException(
                    "SecretIncomplete",
                    object + " has no key " + key
                            + (texts.isEmpty()
                                    ? ""
                                    : ", but "
                                            + String.join(
                                                    ", ",
                                                    texts.keySet().stream()
                                                            .sorted()
                                                            .toList()))
                            + "; add it");
        }
        return text;
    }
}
