package dev.kappa.lambda.signature;

/**
 * The {@code Credential} of a signature.
 *
 * @param accessKeyId whose key signed
 * @param day yyyymmdd
 * @param region for which the key was derived
 * @param service for which it was derived, such as {@code lambda}
 */
public record Credential(String accessKeyId, String day, String region, String service) {
    String scope() {
        return day + "/" + region + "/" + service + "/" + SigningKey.TERMINATOR;
    }
}
