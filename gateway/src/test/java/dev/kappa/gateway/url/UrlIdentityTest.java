package dev.kappa.gateway.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.UrlSettings;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.lambda.policy.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlIdentityTest {
    private static final Caller ADA = Caller.serviceAccount("films", "ada");
    private static final Caller BOB = Caller.serviceAccount("films", "bob");

    private final Catalog catalog = new Catalog();
    private final Accounts accounts = new Accounts("us-east-1", "default");
    private AwsError refusal = AwsError.accessDenied("no role of " + ADA + " allows it");

    private final UrlIdentity identity = new UrlIdentity(
            new UrlTargets(catalog.urls(), new FunctionUrls("", "", "https")),
            catalog,
            accounts,
            head -> {
                throw new RefusedException(AwsError.missingAuthentication());
            },
            (caller, permission) -> caller.equals(BOB)
                    ? CompletableFuture.completedFuture(permission)
                    : CompletableFuture.failedFuture(new RefusedException(refusal)));

    private void url(@Nullable String authType, Statement... statements) {
        catalog.put(new FunctionInfo("media", "hello", 3, null, "r1", null)
                .open(
                        List.of(statements),
                        authType == null ? null : new UrlSettings(authType.equals("AWS_IAM"), false, null)));
    }

    /** The text of the refusal, empty if there is none. */
    private String refused(Caller caller) {
        try {
            identity.authorize(caller, Action.INVOKE_FUNCTION_URL.on(new Target("media", "hello", null), "arn"))
                    .toCompletableFuture()
                    .join();
            return "";
        } catch (CompletionException e) {
            return requireNonNull((RefusedException) e.getCause())
                    .error()
                    .body()
                    .toString();
        }
    }

    private Statement statement(String action, String principal, @Nullable String authType, @Nullable Boolean viaUrl) {
        return new Statement("one", action, principal, null, null, null, authType, viaUrl);
    }

    @ParameterizedTest
    @CsvSource({
        "lambda:InvokeFunctionUrl, *, NONE, , true",
        "lambda:InvokeFunctionUrl, *, , , true",
        "lambda:InvokeFunctionUrl, *, NONE, true, true",
        "lambda:InvokeFunctionUrl, *, NONE, false, false",
        "lambda:InvokeFunctionUrl, *, AWS_IAM, , false",
        "lambda:InvokeFunction, *, NONE, true, false",
        "lambda:InvokeFunctionUrl, 000000000000, NONE, , false"
    })
    void everybodyIsLetInByAStatementForEverybody(
            String action, String principal, @Nullable String authType, @Nullable Boolean viaUrl, boolean allowed) {
        url("NONE", statement(action, principal, authType, viaUrl));

        assertThat(refused(Caller.ANONYMOUS).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void whoIsKnownIsLetInByTheirStatementOrByRbac() {
        url("AWS_IAM");
        assertThat(refused(BOB)).isEmpty();
        assertThat(refused(ADA)).contains("Forbidden").doesNotContain("role of");

        url("AWS_IAM", statement("lambda:InvokeFunctionUrl", accounts.roleArn("films", "ada"), "AWS_IAM", null));
        assertThat(refused(ADA)).isEmpty();

        url("AWS_IAM", statement("lambda:InvokeFunctionUrl", "*", "NONE", null));
        assertThat(refused(ADA)).contains("Forbidden");
    }

    @Test
    void thatTheApiServerIsAwayIsSaid() {
        refusal = AwsError.service(503, "The API server does not answer.");
        url("AWS_IAM");

        assertThat(refused(ADA)).contains("The API server does not answer.");
    }

    @Test
    void aUrlThatChangedMeanwhileLetsNobodyIn() {
        url("AWS_IAM", statement("lambda:InvokeFunctionUrl", "*", null, null));
        assertThat(refused(Caller.ANONYMOUS)).contains("Forbidden");
        url("NONE", statement("lambda:InvokeFunctionUrl", "*", null, null));
        assertThat(refused(BOB)).contains("Forbidden");
        url(null, statement("lambda:InvokeFunctionUrl", "*", null, null));
        assertThat(refused(BOB)).contains("Forbidden");
    }
}
