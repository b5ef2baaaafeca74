package dev.kappa.gateway.invoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.Violations;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which function a call names; what was read is kept by path and query, since callers name the same ones again. */
final class CalledFunctions {
    private static final int KEPT = 10_000;
    /** Longer ones are read each time, so that callers cannot fill the memory. */
    private static final int LONGEST_KEPT = 512;

    private final Accounts accounts;
    private final Action action;
    private final String prefix;
    private final String suffix;
    private final Cache<String, Called> kept =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    /**
     * @param action what is called
     * @param prefix of the path, before the function
     * @param suffix of the path, after it
     */
    CalledFunctions(Accounts accounts, Action action, String prefix, String suffix) {
        this.accounts = accounts;
        this.action = action;
        this.prefix = prefix;
        this.suffix = suffix;
    }

    /**
     * What a call names.
     *
     * @param name the function as it was written
     * @param qualifier that of the name or of the query
     * @param ref the function, by the names of resources; null if nobody knows the account yet
     * @param arn by which it was named
     * @param permission what the caller must be allowed
     */
    record Called(
            FunctionName name,
            Optional<String> qualifier,
            @Nullable FunctionRef ref,
            String arn,
            Permission permission) {}

    /** What a call names, if that was read before. */
    @Nullable
    Called known(HttpServerRequest request) {
        return kept.getIfPresent(request.uri());
    }

    /** The function's name; empty if it violates a constraint. */
    Optional<FunctionName> name(HttpServerRequest request, Violations violations) {
        return FunctionParameters.name(segment(request), Quotas.FUNCTION_NAME_LENGTH, violations);
    }

    /** The query's qualifier, null if there is none. */
    static @Nullable String queried(HttpServerRequest request, Violations violations) {
        String queried = request.query() == null ? null : request.getParam("Qualifier");
        FunctionParameters.checkQualifier(queried, violations);
        return queried;
    }

    /**
     * Finds the function of a name.
     *
     * @throws dev.kappa.lambda.RefusedException if name and query contradict each other
     */
    Called find(HttpServerRequest request, FunctionName name, @Nullable String queried) {
        Called called = called(name, FunctionParameters.qualifier(name, queried));
        if (called.ref() != null && request.uri().length() <= LONGEST_KEPT) {
            kept.put(request.uri(), called);
        }
        return called;
    }

    /** Looks again whether the account of a call is known by now. */
    Called again(Called called) {
        return called.ref() == null ? called(called.name(), called.qualifier()) : called;
    }

    /**
     * What a caller must be allowed. Of a name that cannot be read: to call all functions of the default namespace; the call itself
     * is refused with what is wrong. Of an account that nobody knows yet: to call the function in all namespaces.
     */
    Permission permission(HttpServerRequest request) {
        Called known = known(request);
        return known != null
                ? known.permission()
                : FunctionName.parse(FunctionParameters.decode(segment(request)))
                        .map(name -> called(name, named(name, request)).permission())
                        .orElseGet(() -> action.on(Target.namespace(accounts.defaultNamespace()), "*"));
    }

    /** The qualifier of a call that is not checked yet. */
    private static Optional<String> named(FunctionName name, HttpServerRequest request) {
        if (name.qualifier() != null || request.query() == null) {
            return Optional.ofNullable(name.qualifier());
        }
        return Optional.ofNullable(request.getParam("Qualifier")).filter(it -> it.length() <= Quotas.QUALIFIER_LENGTH);
    }

    private Called called(FunctionName name, Optional<String> qualifier) {
        Optional<FunctionRef> written = accounts.resolve(name, qualifier);
        String arn = written.map(accounts::arn).orElseGet(() -> accounts.arnOfUnknown(name, qualifier));
        Optional<FunctionRef> ref = written.map(FunctionRef::ofResources);
        Target target = ref.map(it -> new Target(it.namespace(), it.function(), it.qualifier()))
                .orElseGet(() -> new Target("", name.name(), qualifier.orElse(null)));
        return new Called(name, qualifier, ref.orElse(null), arn, action.on(target, arn));
    }

    private String segment(HttpServerRequest request) {
        String path = request.path();
        return path.substring(prefix.length(), path.length() - suffix.length());
    }
}
