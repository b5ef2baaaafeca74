package dev.kappa.identity;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Requests that AWS's own signer signs, as they come to a gateway. */
record SignedRequests(String region, String service, Instant at, AwsCredentialsIdentity credentials) {
    static final String ID = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    static final SessionTokens NO_SESSIONS =
            new SessionTokens(() -> SessionKeys.NONE, Clock.fixed(NOW, ZoneOffset.UTC));
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    SignedRequests() {
        this("us-east-1", "lambda", NOW);
    }

    SignedRequests(String region, String service, Instant at) {
        this(region, service, at, AwsCredentialsIdentity.create(ID, SECRET));
    }

    SignedRequests with(String id, String secret, String token) {
        return new SignedRequests(region, service, at, AwsSessionCredentialsIdentity.create(id, secret, token));
    }

    /** A request without its body. */
    record Head(String method, String target, Map<String, List<String>> headers) implements RequestHead {
        @Override
        public List<String> values(String name) {
            return headers.getOrDefault(name, List.of());
        }

        @Override
        public Collection<String> names() {
            return headers.keySet();
        }

        String authorization() {
            return values("Authorization").getFirst();
        }

        Head with(String name, String value) {
            Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            changed.putAll(headers);
            changed.put(name, List.of(value));
            return new Head(method, target, changed);
        }

        Head at(String otherTarget) {
            return new Head(method, otherTarget, headers);
        }

        Head as(String otherMethod) {
            return new Head(otherMethod, target, headers);
        }
    }

    private SignedRequest sign(
            String method, String target, String body, Map<String, String> headers, @Nullable Duration life) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(URI.create("http://gateway.example:8080" + target));
        headers.forEach(request::putHeader);
        return SIGNER.sign(it -> {
            it.identity(credentials)
                    .request(request.build())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC));
            if (!body.isEmpty()) {
                it.payload(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
            }
            if (life != null) {
                it.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, life);
            }
        });
    }

    Head signed(String method, String target, String body, Map<String, String> headers) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(sign(method, target, body, headers, null).request().headers());
        return new Head(method, target, all);
    }

    Head signed(String body) {
        return signed("POST", "/2015-03-31/functions/hello/invocations?Qualifier=live", body, Map.of());
    }

    Head presigned(String method, String target, String body, Duration life) {
        SdkHttpRequest request = sign(method, target, body, Map.of(), life).request();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", List.of("gateway.example:8080"));
        URI uri = request.getUri();
        return new Head(method, uri.getRawPath() + "?" + uri.getRawQuery(), headers);
    }
}
