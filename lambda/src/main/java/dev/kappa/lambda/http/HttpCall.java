package dev.kappa.lambda.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request that a function is to answer.
 *
 * @param method in capitals
 * @param path as it came, undecoded; below the address of the function
 * @param query as it came, undecoded; empty for none
 * @param protocol such as {@code HTTP/1.1}
 * @param headers as they came, in their order
 * @param body empty for none
 * @param sourceIp address of the caller
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares calls
public record HttpCall(
        String method,
        String path,
        String query,
        String protocol,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        String sourceIp) {

    /**
     * What the event says of the call besides.
     *
     * @param requestId of the event
     * @param atMs when the call came, epoch milliseconds
     * @param apiId of the address
     * @param domainName host of the address
     * @param routeKey such as {@code $default}
     * @param identity who calls, null if that is not known
     */
    public record Context(
            String requestId,
            long atMs,
            String apiId,
            String domainName,
            String routeKey,
            @Nullable Identity identity) {}

    /**
     * Who calls, in the words of IAM.
     *
     * @param accessKey by which the caller signed, null for one who did not
     * @param accountId of the caller
     * @param userArn of the caller
     * @param userId of the caller
     */
    public record Identity(@Nullable String accessKey, String accountId, String userArn, String userId) {}
}
