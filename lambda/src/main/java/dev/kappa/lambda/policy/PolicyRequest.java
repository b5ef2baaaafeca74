package dev.kappa.lambda.policy;

import org.jspecify.annotations.Nullable;

/**
 * A call as a policy sees it.
 *
 * @param action such as {@code lambda:InvokeFunction}
 * @param qualifier the version or alias that is called, null for the function without one
 * @param principal who calls: the ARN of a role or user of IAM, or the name of a service
 * @param sourceArn ARN of what a service calls for, null for a caller who calls for nobody else
 * @param sourceAccount its account
 * @param functionUrlAuthType how the function's URL knew the caller, null if it was not called
 */
public record PolicyRequest(
        String action,
        @Nullable String qualifier,
        String principal,
        @Nullable String sourceArn,
        @Nullable String sourceAccount,
        @Nullable String functionUrlAuthType) {
    /**
     * A call of the function's URL.
     *
     * @param qualifier the alias that is called, null for the function without one
     * @param arn of the caller; empty for one who is not known
     * @param authType how the URL knows its callers
     * @return the request
     */
    public static PolicyRequest ofUrl(@Nullable String qualifier, String arn, String authType) {
        return new PolicyRequest("lambda:InvokeFunctionUrl", qualifier, arn, null, null, authType);
    }

    /**
     * A call by the API, not for anybody else.
     *
     * @param action such as {@code lambda:InvokeFunction}
     * @param qualifier the version or alias that is called, null for the function without one
     * @param arn of the caller
     * @return the request
     */
    public static PolicyRequest of(String action, @Nullable String qualifier, String arn) {
        return new PolicyRequest(action, qualifier, arn, null, null, null);
    }
}
