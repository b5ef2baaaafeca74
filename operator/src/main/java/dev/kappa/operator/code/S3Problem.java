package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells the owner of a function what a store of objects answered, and what to do about it. */
final class S3Problem {
    private S3Problem() {}

    static MissingException of(SdkException e, String field, Code.S3 s3, @Nullable URI endpoint) {
        String object = field + ": " + S3Fetch.source(s3);
        if (!(e instanceof AwsServiceException answered)) {
            return new MissingException(
                    "FetchFailed",
                    object + " cannot be fetched: " + cause(e) + ". Correct " + field
                            + ".endpoint, or see to it that the store answers; Kappa tries again.");
        }
        String code = code(answered);
        return switch (code) {
            case "NoSuchKey" ->
                new MissingException(
                        "ObjectNotFound",
                        object + " is not there (NoSuchKey); upload it to the bucket, or correct " + field + ".key.");
            case "NoSuchVersion" ->
                new MissingException(
                        "ObjectNotFound",
                        object + " is not there in this version (NoSuchVersion); correct " + field
                                + ".versionId, or leave it out for the newest.");
            case "NoSuchBucket" ->
                new MissingException(
                        "ObjectNotFound",
                        object + ": there is no such bucket (NoSuchBucket); correct " + field
                                + ".bucket, .region or .endpoint.");
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                new MissingException("FetchFailed", object + " is in another region" + region(answered, field));
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                new MissingException(
                        "ObjectAccessDenied",
                        object + ": the store does not accept the credentials of " + who(s3) + " (" + code
                                + "); correct " + S3Fetch.KEY_ID + " and " + S3Fetch.KEY + " there.");
            default -> refused(answered, code, object, field, s3, endpoint);
        };
    }

    private static MissingException refused(
            AwsServiceException answered,
            String code,
            String object,
            String field,
            Code.S3 s3,
            @Nullable URI endpoint) {
        if (answered.statusCode() == 403) {
            return new MissingException(
                    "ObjectAccessDenied",
                    object + " may not be read by " + who(s3) + " (" + code + "); "
                            + (s3.credentialsSecretName == null
                                    ? "name a Secret with credentials in " + field + ".credentialsSecretName."
                                    : "grant s3:GetObject" + (s3.versionId == null ? "" : "Version")
                                            + " to its key, or name another Secret."));
        }
        return new MissingException(
                "FetchFailed",
                object + " cannot be fetched: " + (endpoint == null ? "AWS" : endpoint.getHost()) + " answered "
                        + answered.statusCode() + " " + code + ". Kappa tries again.");
    }

    private static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null || code.isEmpty() ? String.valueOf(e.statusCode()) : code;
    }

    private static String region(AwsServiceException e, String field) {
        return e.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("x-amz-bucket-region")
                .map(region -> ", " + region + "; set " + field + ".region to it.")
                .orElse("; correct " + field + ".region.");
    }

    private static String who(Code.S3 s3) {
        return s3.credentialsSecretName == null
                ? "everybody (without credentials)"
                : "Secret " + s3.credentialsSecretName;
    }

    /** The client wraps what the connection met. */
    private static String cause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
