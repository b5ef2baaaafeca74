package dev.kappa.controlplane.sts;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.util.concurrent.CompletionException;

/** A call is refused with an error of STS. */
final class StsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    StsRefusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** STS has other names for some of Lambda's errors. */
    static StsRefusal of(AwsError error) {
        String message = error.body().getOrDefault("message", error.body().getOrDefault("Message", ""));
        return switch (error.type()) {
            case "InvalidSignatureException" -> new StsRefusal(403, "SignatureDoesNotMatch", message);
            case "UnrecognizedClientException" -> new StsRefusal(403, "InvalidClientTokenId", message);
            case "TooManyRequestsException" -> new StsRefusal(400, "Throttling", message);
            case "ServiceException" -> new StsRefusal(error.status(), "ServiceUnavailable", message);
            default -> new StsRefusal(error.status(), error.type().replace("Exception", ""), message);
        };
    }

    /** What is wrong with the token of a ServiceAccount. */
    static Throwable ofWebIdentity(Throwable failure) {
        if (!(cause(failure) instanceof RefusedException refused)) {
            return failure;
        }
        return switch (refused.error().type()) {
            case "ExpiredTokenException" -> new StsRefusal(400, "ExpiredTokenException", "Token expired.");
            case "UnrecognizedClientException" ->
                new StsRefusal(
                        400,
                        "InvalidIdentityToken",
                        "WebIdentityToken is no valid token of a ServiceAccount for the audience kappa: project one with"
                                + " serviceAccountToken: {audience: kappa}.");
            default -> failure;
        };
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
