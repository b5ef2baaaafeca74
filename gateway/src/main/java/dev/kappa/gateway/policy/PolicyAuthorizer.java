package dev.kappa.gateway.policy;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.policy.PolicyRequest;
import dev.kappa.lambda.policy.ResourcePolicy;
import dev.kappa.lambda.policy.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets callers invoke a function if its resource policy says so, else if RBAC does. */
public final class PolicyAuthorizer implements Authorizer {
    private final Authorizer rbac;
    private final Catalog catalog;
    private final Accounts accounts;

    /**
     * Asks policies first, which costs no call.
     *
     * @param rbac decides all that no policy allows
     * @param catalog knows the policies
     * @param accounts name callers
     */
    public PolicyAuthorizer(Authorizer rbac, Catalog catalog, Accounts accounts) {
        this.rbac = rbac;
        this.catalog = catalog;
        this.accounts = accounts;
    }

    @Override
    public CompletionStage<?> authorize(Caller caller, Permission permission) {
        return isInvocation(permission.action()) && allows(caller, permission)
                ? CompletableFuture.completedFuture(permission)
                : rbac.authorize(caller, permission);
    }

    private static boolean isInvocation(Action action) {
        return action == Action.INVOKE || action == Action.INVOKE_WITH_RESPONSE_STREAM;
    }

    private boolean allows(Caller caller, Permission permission) {
        Target target = permission.target();
        List<Statement> policy = catalog.policy(new FunctionKey(target.namespace(), target.function()));
        return !policy.isEmpty()
                && ResourcePolicy.allows(
                        policy,
                        PolicyRequest.of(permission.action().iamName(), target.qualifier(), caller.arn(accounts)));
    }
}
