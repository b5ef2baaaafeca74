package dev.kappa.lambda.policy;

import org.jspecify.annotations.Nullable;

/**
 * What AddPermission adds to a function's policy; there are only statements that allow something.
 *
 * @param id by which it is removed
 * @param action such as {@code lambda:InvokeFunction}, {@code lambda:*} or {@code *}
 * @param principal an account's 12 digits, an ARN, a service such as {@code events.amazonaws.com}, or {@code *}
 * @param qualifier the version or alias that it is about, null for the function without one
 * @param sourceArn pattern of the ARN of what a service calls for, null for any
 * @param sourceAccount account of what a service calls for, null for any
 * @param functionUrlAuthType {@code NONE} or {@code AWS_IAM}: how the function's URL knows its callers; null for any
 * @param invokedViaFunctionUrl whether it is about calls of the function's URL alone, or about all others; null for all
 */
public record Statement(
        String id,
        String action,
        String principal,
        @Nullable String qualifier,
        @Nullable String sourceArn,
        @Nullable String sourceAccount,
        @Nullable String functionUrlAuthType,
        @Nullable Boolean invokedViaFunctionUrl) {
    /**
     * A statement about calls of the API and of the function's URL.
     *
     * @param id by which it is removed
     * @param action such as {@code lambda:InvokeFunction}
     * @param principal who may
     * @param qualifier the version or alias that it is about, null for the function without one
     * @param sourceArn pattern of the ARN of what a service calls for, null for any
     * @param sourceAccount account of what a service calls for, null for any
     * @param functionUrlAuthType how the function's URL knows its callers; null for any
     */
    public Statement(
            String id,
            String action,
            String principal,
            @Nullable String qualifier,
            @Nullable String sourceArn,
            @Nullable String sourceAccount,
            @Nullable String functionUrlAuthType) {
        this(id, action, principal, qualifier, sourceArn, sourceAccount, functionUrlAuthType, null);
    }
}
