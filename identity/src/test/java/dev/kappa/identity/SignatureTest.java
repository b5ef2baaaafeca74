package dev.kappa.identity;

import static dev.kappa.identity.SignedRequests.ID;
import static dev.kappa.identity.SignedRequests.NOW;
import static dev.kappa.identity.SignedRequests.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kappa.identity.Proof.OfBody;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.identity.SignedRequests.Head;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.Credential;
import dev.kappa.lambda.signature.SigningKey;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's own signer against our verification. */
class SignatureTest {
    private static final String BODY = "{\"name\":\"Ada\"}";
    private static final Caller ADA = Caller.serviceAccount("default", "ada");
    private final AccessKeys keys = new AccessKeys();
    private final SignedRequests requests = new SignedRequests();
    private final SessionTokens sessions = new SessionTokens(
            () -> new SessionKeys(Map.of(1, SessionKeys.key(new byte[32])), 1), Clock.fixed(NOW, ZoneOffset.UTC));

    SignatureTest() {
        keys.put("default", "key", "2026-01-01T00:00:00Z", new AccessKey(ID, SECRET, ADA));
    }

    private Caller caller(Head head, String body, Instant now) {
        CallerAuthenticator authenticator = new CallerAuthenticator(
                keys, sessions, token -> Optional.empty(), "us-east-1", "lambda", Clock.fixed(now, ZoneOffset.UTC));
        Proof proof = authenticator.authenticate(head).toCompletableFuture().join();
        String sha256 = SigningKey.payloadHash(body.getBytes(UTF_8));
        return switch (proof) {
            case OfBody signed -> signed.verify(sha256).caller();
            case Proven known -> {
                if (!sha256.equals(known.bodySha256())) {
                    throw new RefusedException(AwsError.invalidSignature("the body differs"));
                }
                yield known.caller();
            }
        };
    }

    private Caller caller(Head head, String body) {
        return caller(head, body, NOW);
    }

    private AwsError refusal(Head head, String body, Instant now) {
        return catchThrowableOfType(RefusedException.class, () -> caller(head, body, now))
                .error();
    }

    private String refused(Head head, String body) {
        AwsError error = refusal(head, body, NOW);
        assertThat(error.status()).isEqualTo(403);
        return error.type();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/2015-03-31/functions",
                "/2015-03-31/functions/hello/invocations",
                "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello%3Alive/invocations",
                "/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:hello/invocations",
                "/2015-03-31/functions/%C3%A4%20b~c/invocations",
                "/2015-03-31/functions/a%2Fb/invocations?Qualifier=%24LATEST",
                "/2015-03-31/functions/hello/invocations?Qualifier=",
                "/2015-03-31/functions/hello/invocations?b=%C3%A4&a=1&a=0&A=%3D&c",
                "/2015-03-31/functions/hello/invocations?a=b%2Bc%20d%26e&x=!'()*",
            })
    void whatAwsSignsHolds(String target) {
        for (String body : List.of("", BODY, "{\"ä\":\"ß\"}")) {
            assertThat(caller(requests.signed("POST", target, body, Map.of()), body))
                    .isEqualTo(ADA);
        }
        assertThat(caller(requests.presigned("GET", target, "", Duration.ofMinutes(10)), ""))
                .isEqualTo(ADA);
    }

    @Test
    void temporaryCredentialsSignWithTheirToken() {
        Session session = sessions.issue(new Caller.Account("default", "ada"), "", Duration.ofHours(1));
        Session other = sessions.issue(new Caller.Account("default", "eve"), "", Duration.ofHours(1));
        String id = session.key().id();
        SignedRequests own = requests.with(id, session.secretAccessKey(), session.token());
        Head head = own.signed(BODY);

        assertThat(caller(head, BODY)).isEqualTo(ADA);
        assertThat(caller(own.presigned("GET", "/2015-03-31/functions", "", Duration.ofMinutes(10)), ""))
                .isEqualTo(ADA);
        String token = "X-Amz-Security-Token";
        assertThat(refused(head.with(token, other.token()), BODY)).isEqualTo("UnrecognizedClientException");
        assertThat(refused(head.with(token, "made up"), BODY)).isEqualTo("UnrecognizedClientException");
        assertThat(refused(requests.with(id, "a guess", session.token()).signed(BODY), BODY))
                .isEqualTo("InvalidSignatureException");
        assertThat(refused(requests.with(ID, SECRET, session.token()).signed(BODY), BODY))
                .as("a token beside a key that is not its own")
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    void headersAreSignedToo() {
        Map<String, String> headers = Map.of(
                "X-Amz-Invocation-Type", "Event", "Content-Type", "application/json", "X-Amz-Client-Context", "e30=");
        Head head = requests.signed("POST", "/2015-03-31/functions/hello/invocations", BODY, headers);

        assertThat(caller(head, BODY)).isEqualTo(ADA);
        assertThat(caller(head.with("X-Amz-Invocation-Type", "  Event "), BODY)).isEqualTo(ADA);
        assertThat(refused(head.with("X-Amz-Invocation-Type", "DryRun"), BODY)).isEqualTo("InvalidSignatureException");
        assertThat(caller(head.with("X-Amzn-Trace-Id", "a proxy's"), BODY)).isEqualTo(ADA);
        assertThat(refused(head.with("X-Amz-Log-Type", "Tail"), BODY))
                .as("a header of AWS without signature")
                .isEqualTo("InvalidSignatureException");
    }

    @Test
    void whatIsTamperedWithIsRefused() {
        Head head = requests.signed(BODY);
        String authorization = head.authorization();

        assertThat(caller(head, BODY)).isEqualTo(ADA);
        assertThat(List.of(
                        refused(head, BODY + " "),
                        refused(head.as("GET"), BODY),
                        refused(head.at(head.target().replace("hello", "hallo")), BODY),
                        refused(head.at(head.target().replace("hello", "x/../hello")), BODY),
                        refused(head.at(head.target().replace("live", "dead")), BODY),
                        refused(head.at(head.target() + "&a=b"), BODY),
                        refused(head.with("Host", "other.example"), BODY),
                        refused(head.with("X-Amz-Date", "20261126T120001Z"), BODY),
                        refused(head.with("Authorization", authorization.replace("us-east-1", "eu-west-1")), BODY),
                        refused(head.with("Authorization", authorization.replace("/lambda/", "/sts/")), BODY),
                        refused(head.with("Authorization", authorization.replace("20261126", "20261125")), BODY),
                        refused(head.with("Authorization", changed(authorization)), BODY),
                        refused(head.with("Authorization", authorization.replace("host;", "")), BODY)))
                .containsOnly("InvalidSignatureException");
    }

    private static String changed(String authorization) {
        char last = authorization.charAt(authorization.length() - 1);
        return authorization.substring(0, authorization.length() - 1) + (last == '0' ? '1' : '0');
    }

    @Test
    void anotherRegionOrServiceIsRefusedThoughItsSignatureHolds() {
        assertThat(refused(new SignedRequests("eu-west-1", "lambda", NOW).signed(BODY), BODY))
                .isEqualTo("InvalidSignatureException");
        assertThat(refused(new SignedRequests("us-east-1", "s3", NOW).signed(BODY), BODY))
                .isEqualTo("InvalidSignatureException");
    }

    @ParameterizedTest
    @CsvSource({
        "299, ",
        "-299, ",
        "301, Signature expired: 20261126T120000Z is now earlier than 20261126T120001Z",
        "-301, Signature not yet current: 20261126T120000Z is still later than 20261126T115959Z"
    })
    void aClockMayBeFiveMinutesWrong(int seconds, @Nullable String message) {
        Head head = requests.signed(BODY);
        Instant now = NOW.plusSeconds(seconds);

        if (message == null) {
            assertThat(caller(head, BODY, now)).isEqualTo(ADA);
        } else {
            assertThat(refusal(head, BODY, now).type()).isEqualTo("InvalidSignatureException");
            assertThat(refusal(head, BODY, now).body().get("message")).startsWith(message);
        }
    }

    @Test
    void aPresignedUrlHoldsForItsTimeAndItsRequest() {
        Head head = requests.presigned("GET", "/2015-03-31/functions/hello", "", Duration.ofMinutes(10));

        assertThat(caller(head, "", NOW.plusSeconds(600))).isEqualTo(ADA);
        assertThat(refusal(head, "", NOW.plusSeconds(601)).body().get("message"))
                .startsWith("Signature expired");
        assertThat(refusal(head, "", NOW.minusSeconds(301)).body().get("message"))
                .startsWith("Signature not yet current");
        assertThat(List.of(
                        refused(head.as("DELETE"), ""),
                        refused(head, "a body"),
                        refused(head.at(head.target().replace("Expires=600", "Expires=6000")), ""),
                        refused(head.at(head.target().replace("hello?", "hello/configuration?")), ""),
                        refused(head.at(head.target() + "&Qualifier=1"), ""),
                        refused(head.with("X-Amz-Invocation-Type", "Event"), "")))
                .containsOnly("InvalidSignatureException");
        assertThat(refused(head.at(head.target().replace("Expires=600", "Expires=604801")), ""))
                .isEqualTo("IncompleteSignatureException");
        assertThat(refused(head.at(head.target().replaceAll("X-Amz-Date=[^&]*&", "")), ""))
                .isEqualTo("IncompleteSignatureException");
        assertThat(refused(head.with("Authorization", requests.signed("").authorization()), ""))
                .isEqualTo("IncompleteSignatureException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Credential", "SignedHeaders", "Signature"})
    void everyPartIsNeeded(String part) {
        Head head = requests.signed(BODY);
        Head without =
                head.with("Authorization", head.authorization().replaceAll("(, )?\\b" + part + "=[^ ,]*,?", " "));

        AwsError error = refusal(without, BODY, NOW);

        assertThat(error.type()).isEqualTo("IncompleteSignatureException");
        assertThat(error.body().get("message")).contains("Authorization header requires '" + part + "' parameter.");
    }

    /** As botocore and curl sign. */
    @Test
    void aSignatureMayCoverTheBodyWithoutTellingItsDigest() throws GeneralSecurityException {
        Credential credential = new Credential(ID, "20261126", "us-east-1", "lambda");
        SigningKey key = SigningKey.derive(SECRET, credential);
        String canonical = "POST\n/x%253Ay\na=b%20c\nhost:gateway\nx-amz-date:20261126T120000Z\n\nhost;x-amz-date\n"
                + SigningKey.payloadHash(BODY.getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key.key());
        String signature = HexFormat.of()
                .formatHex(mac.doFinal(("AWS4-HMAC-SHA256\n20261126T120000Z\n" + key.scope() + "\n"
                                + SigningKey.payloadHash(canonical.getBytes(UTF_8)))
                        .getBytes(UTF_8)));
        Head head = new Head("POST", "/x%3Ay?a=b%20c", new TreeMap<>(String.CASE_INSENSITIVE_ORDER))
                .with("Host", "gateway")
                .with("X-Amz-Date", "20261126T120000Z")
                .with(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + ID + "/" + key.scope()
                                + ",SignedHeaders=host;x-amz-date,Signature=" + signature);

        assertThat(caller(head, BODY)).isEqualTo(ADA);
        assertThat(refused(head, BODY + " ")).isEqualTo("InvalidSignatureException");
        assertThat(refused(head, "")).isEqualTo("InvalidSignatureException");
        assertThat(refused(head.at("/x%3Ay?a=b"), BODY)).isEqualTo("InvalidSignatureException");
    }

    @Test
    void aPayloadWithoutSignatureIsRefused() {
        Head head = requests.signed(BODY);

        assertThat(refused(head.with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"), BODY))
                .isEqualTo("InvalidSignatureException");
    }

    @Test
    void nobodyIsKnownByAnotherKeyOrAToken() {
        Head head = requests.signed(BODY);
        String other = head.authorization().replace(ID, "AKIAOTHER0OTHER0OTHR");

        assertThat(refused(head.with("Authorization", other), BODY)).isEqualTo("UnrecognizedClientException");
        assertThat(refused(head.with("X-Amz-Security-Token", "made up"), BODY))
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    void whoShowsNothingIsToldSo() {
        assertThat(refused(new Head("GET", "/", Map.of()), "")).isEqualTo("MissingAuthenticationTokenException");
        assertThat(refused(new Head("GET", "/", Map.of("Authorization", List.of("Basic YTpi"))), ""))
                .isEqualTo("MissingAuthenticationTokenException");
    }

    @Test
    void nobodyTakesOverOrLocksOutAnothersKey() {
        AccessKey foreign = new AccessKey(ID, "of an attacker, with as many characters", ADA);
        keys.put("attacker", "key", "2020-01-01T00:00:00Z", foreign);
        keys.put("attacker", "another", "2019-01-01T00:00:00Z", foreign);

        assertThat(caller(requests.signed(BODY), BODY)).isEqualTo(ADA);
    }

    @Test
    void ofOneNamespaceTheOldestKeyCountsUntilItIsRevoked() {
        Caller eve = Caller.serviceAccount("default", "eve");
        keys.put("default", "younger", "2026-02-01T00:00:00Z", new AccessKey(ID, SECRET, eve));
        assertThat(caller(requests.signed(BODY), BODY)).isEqualTo(ADA);

        keys.remove("default", "key");
        assertThat(caller(requests.signed(BODY), BODY)).isEqualTo(eve);

        keys.put("default", "younger", "2026-02-01T00:00:00Z", new AccessKey("AKIAOTHER0OTHER0OTHR", SECRET, eve));
        assertThat(refused(requests.signed(BODY), BODY)).isEqualTo("UnrecognizedClientException");
    }
}
