package dev.kappa.gateway.url;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.Urls.Url;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Proof;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.identity.RequestHead;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.policy.PolicyRequest;
import dev.kappa.lambda.policy.ResourcePolicy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Who calls a function URL, and whether the URL lets him: by the function's policy, else by RBAC if he is known. */
final class UrlIdentity implements Authenticator, Authorizer {
    /** The same whether there is a URL or not. */
    static final String FORBIDDEN = "Forbidden. No function URL that is served here lets this caller in: spec.url of a"
            + " Function or Alias makes one; whom it lets in says spec.permissions of the Function (lambda:InvokeFunctionUrl),"
            + " and with authType AWS_IAM also RBAC.";

    private static final int FORBIDDEN_STATUS = 403;
    private static final Proof ANONYMOUS = new Proven(Caller.ANONYMOUS, null);

    private final UrlTargets targets;
    private final Catalog catalog;
    private final Accounts accounts;
    private final Authenticator callers;
    private final Authorizer rbac;

    /**
     * Knows callers.
     *
     * @param targets find the URL that is called
     * @param catalog knows policies
     * @param accounts name callers
     * @param callers knows those who prove who they are
     * @param rbac decides what no policy allows
     */
    UrlIdentity(UrlTargets targets, Catalog catalog, Accounts accounts, Authenticator callers, Authorizer rbac) {
        this.targets = targets;
        this.catalog = catalog;
        this.accounts = accounts;
        this.callers = callers;
        this.rbac = rbac;
    }

    static RefusedException forbidden() {
        return new RefusedException(AwsError.forbidden(FORBIDDEN));
    }

    @Override
    public CompletionStage<Proof> authenticate(RequestHead head) {
        boolean open = targets.find(head.header("Host"), head.target())
                .filter(called -> !called.url().settings().signed())
                .isPresent();
        if (open) {
            return CompletableFuture.completedFuture(ANONYMOUS);
        }
        try {
            return callers.authenticate(head);
        } catch (RefusedException e) {
            throw e.error().type().equals(AwsError.missingAuthentication().type()) ? forbidden() : e;
        }
    }

    @Override
    public CompletionStage<?> authorize(Caller caller, Permission permission) {
        Target target = permission.target();
        boolean known = !caller.equals(Caller.ANONYMOUS);
        Optional<Url> url = catalog.urls()
                .find(new FunctionRef(target.namespace(), target.function(), target.qualifier()))
                // It may have changed since the caller was known, or not.
                .filter(it -> it.settings().signed() == known);
        if (url.isEmpty()) {
            return CompletableFuture.failedFuture(forbidden());
        }
        PolicyRequest request =
                PolicyRequest.ofUrl(target.qualifier(), known ? caller.arn(accounts) : "", known ? "AWS_IAM" : "NONE");
        if (ResourcePolicy.allows(catalog.policy(new FunctionKey(target.namespace(), target.function())), request)) {
            return CompletableFuture.completedFuture(permission);
        }
        return known
                ? rbac.authorize(caller, permission).handle((allowed, failure) -> {
                    if (failure != null) {
                        throw refused(failure);
                    }
                    return permission;
                })
                : CompletableFuture.failedFuture(forbidden());
    }

    /** Why RBAC refused tells whether there is a URL; that it does not answer does not. */
    private static RuntimeException refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof RefusedException refused)) {
            return new CompletionException(cause);
        }
        return refused.error().status() == FORBIDDEN_STATUS ? forbidden() : refused;
    }
}
