package dev.kappa.gateway.invoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.identity.Access;
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
    private final String prefix;
    private final String suffix;
    private final Cache<String, Called> kept =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    /**
     * @param prefix of the path, before the function
     * @param suffix of the path, after it
     */
    CalledFunctions(Accounts accounts, String prefix, String suffix) {
        this.accounts = accounts;
        this.prefix = prefix;
        this.suffix = suffix;
    }

    /**
     * What a call names.
     *
     * @param name the function as it was written
     * @param qualifier that of the name or of the query
     * @param ref the function; null if nobody knows the account yet
     * @param arn by which it was named
     * @param access what the caller must be allowed
     */
    record Called(
            FunctionName name,
            Optional<String> qualifier,
            @Nullable FunctionRef ref,
            String arn,
            Access access) {}

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

    /** Of a name that cannot be read: access to all functions; the call itself is refused with what is wrong. */
    Access access(HttpServerRequest request) {
        Called known = known(request);
        return known != null
                ? known.access()
                : access(FunctionName.parse(FunctionParameters.decode(segment(request)))
                        .flatMap(name -> accounts.resolve(name, Optional.empty())));
    }

    private Called called(FunctionName name, Optional<String> qualifier) {
        Optional<FunctionRef> ref = accounts.resolve(name, qualifier);
        String arn = ref.map(accounts::arn).orElseGet(() -> accounts.arnOfUnknown(name, qualifier));
        return new Called(name, qualifier, ref.orElse(null), arn, access(ref));
    }

    private static Access access(Optional<FunctionRef> ref) {
        return new Access(
                "create",
                "functions/invocations",
                ref.map(FunctionRef::namespace).orElse(""),
                ref.map(FunctionRef::function).orElse(""));
    }

    private String segment(HttpServerRequest request) {
        String path = request.path();
        return path.substring(prefix.length(), path.length() - suffix.length());
    }
}
