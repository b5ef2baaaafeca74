package dev.kappa.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.policy.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyAuthorizerTest {
    private static final Caller ADA = Caller.serviceAccount("films", "ada");
    private final Catalog catalog = new Catalog();
    private final Accounts accounts = new Accounts("us-east-1", "default");
    private final PolicyAuthorizer authorizer = new PolicyAuthorizer(
            (caller, permission) ->
                    CompletableFuture.failedFuture(new RefusedException(AwsError.accessDenied("no role"))),
            catalog,
            accounts);

    PolicyAuthorizerTest() {
        function(
                "report",
                new Statement("films", "lambda:InvokeFunction", accounts.account("films"), null, null, null, null));
        function(
                "live-only",
                new Statement("ada", "lambda:*", accounts.roleArn("films", "ada"), "live", null, null, null));
        function("closed", null);
    }

    private void function(String name, @Nullable Statement statement) {
        catalog.put(new FunctionInfo("media", name, 3, null, "r1", null)
                .open(statement == null ? List.of() : List.of(statement), null));
    }

    private boolean may(Caller caller, Action action, String function, @Nullable String qualifier) {
        return !authorizer
                .authorize(caller, action.on(new Target("media", function, qualifier), "arn"))
                .toCompletableFuture()
                .isCompletedExceptionally();
    }

    @Test
    void aStatementLetsCallersOfAnotherNamespaceIn() {
        assertThat(may(ADA, Action.INVOKE, "report", null)).isTrue();
        assertThat(may(ADA, Action.INVOKE_WITH_RESPONSE_STREAM, "report", null)).isTrue();
        assertThat(may(ADA, Action.INVOKE, "live-only", "live")).isTrue();
    }

    @Test
    void whatNoStatementSaysIsForRbacToAllow() {
        assertThat(may(Caller.serviceAccount("music", "ada"), Action.INVOKE, "report", null))
                .isFalse();
        assertThat(may(ADA, Action.INVOKE, "report", "live")).isFalse();
        assertThat(may(ADA, Action.INVOKE, "live-only", null)).isFalse();
        assertThat(may(Caller.serviceAccount("films", "eve"), Action.INVOKE, "live-only", "live"))
                .isFalse();
        assertThat(may(ADA, Action.INVOKE, "closed", null)).isFalse();
        assertThat(may(ADA, Action.INVOKE, "missing", null)).isFalse();
    }

    @Test
    void aStatementAllowsNoOtherCallThanAnInvocation() {
        assertThat(may(ADA, Action.GET_FUNCTION, "live-only", "live")).isFalse();
        assertThat(may(ADA, Action.REDRIVE_DEAD_LETTERS, "report", null)).isFalse();
    }
}
