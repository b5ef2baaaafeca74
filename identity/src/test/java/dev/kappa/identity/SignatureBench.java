package dev.kappa.identity;

import static dev.kappa.identity.SignedRequests.ID;
import static dev.kappa.identity.SignedRequests.NOW;
import static dev.kappa.identity.SignedRequests.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kappa.identity.SignedRequests.Head;
import dev.kappa.lambda.signature.SigningKey;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What it costs to verify a signature, by our code and by AWS's signer, in turns. */
public final class SignatureBench {
    private static final String TARGET = "/2015-03-31/functions/hello/invocations?Qualifier=live";
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 7;

    private SignatureBench() {}

    /**
     * Prints microseconds a request.
     *
     * @param args none
     */
    public static void main(String[] args) {
        String body = "x".repeat(1000);
        SignedRequests requests = new SignedRequests();
        AccessKeys keys = new AccessKeys();
        keys.put("default", "key", "2026-01-01T00:00:00Z", new AccessKey(ID, SECRET, new Caller("ada")));
        CallerAuthenticator authenticator = new CallerAuthenticator(
                keys,
                SignedRequests.NO_SESSIONS,
                token -> Optional.empty(),
                "us-east-1",
                "lambda",
                Clock.fixed(NOW, ZoneOffset.UTC));
        Head head = requests.signed("POST", TARGET, body, Map.of());
        byte[] bytes = body.getBytes(UTF_8);
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ours[i] = measure(() -> {
                Proof proof =
                        authenticator.authenticate(head).toCompletableFuture().join();
                String sha256 = SigningKey.payloadHash(bytes);
                if (!(proof instanceof Proof.Proven known) || !sha256.equals(known.bodySha256())) {
                    throw new IllegalStateException("not proven");
                }
            });
            theirs[i] = measure(() -> requests.signed("POST", TARGET, body, Map.of()));
        }
        System.out.printf(
                "verified by our code: %.1f us, signed by AWS's signer: %.1f us%n", middle(ours), middle(theirs));
    }

    private static double middle(double[] all) {
        Arrays.sort(all);
        return all[all.length / 2];
    }

    private static double measure(Runnable call) {
        long begin = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (System.nanoTime() - begin) / 1000.0 / CALLS;
    }
}
