package dev.kappa.sources.sqs;

import dev.kappa.sources.work.SourceProblemException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Tells the owner of a source what a queue's server answered, and what to do about it. */
final class SqsProblem {
    private SqsProblem() {}

    static SourceProblemException of(RuntimeException e, QueueAddress queue) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SourceProblemException problem) {
                return problem;
            }
            if (cause instanceof AwsServiceException answered) {
                return answered(answered, queue);
            }
        }
        return new SourceProblemException(
                "Unreachable",
                "spec.sqs: " + queue + " does not answer: " + innermost(e)
                        + "; correct spec.sqs.queue or .endpoint, or see to it that the server answers. Kappa tries again.");
    }

    private static SourceProblemException answered(AwsServiceException e, QueueAddress queue) {
        String code = code(e);
        return switch (code) {
            case "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue" ->
                new SourceProblemException(
                        "QueueNotFound",
                        "spec.sqs.queue: " + queue + " does not exist (" + code
                                + "); create it, or correct spec.sqs.queue, .region or .endpoint.");
            case "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "SignatureDoesNotMatch",
                    "InvalidSignatureException",
                    "IncompleteSignature",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "InvalidSecurity",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException" ->
                new SourceProblemException(
                        "CredentialsRefused",
                        "spec.sqs.credentials: " + queue + " does not accept them (" + code
                                + "); correct the Secret that spec.sqs.credentials.secretRef names, or name one.");
            default -> refused(e, code, queue);
        };
    }

    private static SourceProblemException refused(AwsServiceException e, String code, QueueAddress queue) {
        if (e.statusCode() == 403 || code.startsWith("AccessDenied")) {
            return new SourceProblemException(
                    "AccessDenied",
                    "spec.sqs: " + queue + " may not be read (" + code + "); grant sqs:GetQueueUrl, "
                            + "sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:DeleteMessage and "
                            + "sqs:ChangeMessageVisibility to the key of the source.");
        }
        return new SourceProblemException(
                "QueueRefused",
                "spec.sqs: " + queue + " answered " + e.statusCode() + " " + code + ". Kappa tries again.");
    }

    private static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null || code.isEmpty() ? "status " + e.statusCode() : code;
    }

    private static @Nullable String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
