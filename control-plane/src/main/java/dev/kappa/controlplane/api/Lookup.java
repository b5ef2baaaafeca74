package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import java.util.List;
import java.util.Optional;

/** Finds functions, versions and aliases, or answers with the service's error. */
final class Lookup {
    private final ResourceStore resources;
    private final Accounts accounts;

    Lookup(ResourceStore resources, Accounts accounts) {
        this.resources = resources;
        this.accounts = accounts;
    }

    /** The function, whatever the qualifier. */
    Resource function(FunctionRef ref) {
        return find(ref).orElseThrow(() -> notFound(ref));
    }

    /** The function, if it is there. */
    Optional<Resource> find(FunctionRef ref) {
        return present(Kind.FUNCTION, ref.namespace(), DnsLabels.ofFunction(ref.function()));
    }

    /** A version that must be there. */
    Resource version(FunctionRef ref, String number) {
        FunctionRef qualified = qualified(ref, number);
        return isNumber(number)
                ? present(Kind.VERSION, ref.namespace(), resourceName(qualified))
                        .orElseThrow(() -> notFound(qualified))
                : function(ref);
    }

    /** The function, version or alias that a qualifier names; it must be there. */
    Resource named(FunctionRef ref) {
        Resource function = function(ref);
        String qualifier = ref.qualifier();
        if (qualifier == null || qualifier.equals("$LATEST")) {
            return function;
        }
        return isNumber(qualifier)
                ? version(ref, qualifier)
                : alias(ref, qualifier).orElseThrow(() -> notFound(ref));
    }

    /** The alias, if it is there. */
    Optional<Resource> alias(FunctionRef ref, String alias) {
        return present(Kind.ALIAS, ref.namespace(), resourceName(qualified(ref, alias)));
    }

    /** All versions of a function, those included that are about to go. */
    List<Resource> versions(FunctionRef ref) {
        return of(Kind.VERSION, ref);
    }

    /** All aliases of a function. */
    List<Resource> aliases(FunctionRef ref) {
        return of(Kind.ALIAS, ref).stream().filter(it -> !it.isDeleted()).toList();
    }

    /** The error for a function or version that does not exist. */
    RefusedException notFound(FunctionRef ref) {
        return new RefusedException(AwsError.functionNotFound(accounts.arn(ref)));
    }

    /** The same function with another qualifier. */
    static FunctionRef qualified(FunctionRef ref, String qualifier) {
        return new FunctionRef(ref.namespace(), ref.function(), qualifier);
    }

    /** The name of the Version or Alias that a qualified function is. */
    static String resourceName(FunctionRef qualified) {
        FunctionRef ref = qualified.ofResources();
        return ResourceNames.qualified(ref.function(), String.valueOf(ref.qualifier()));
    }

    /** Whether a qualifier is a version's number. */
    static boolean isNumber(String qualifier) {
        return !qualifier.isEmpty() && qualifier.chars().allMatch(it -> it >= '0' && it <= '9');
    }

    private List<Resource> of(Kind kind, FunctionRef ref) {
        return resources.listOf(kind, ref.namespace(), DnsLabels.ofFunction(ref.function()));
    }

    private Optional<Resource> present(Kind kind, String namespace, String name) {
        return resources.get(kind, namespace, name).filter(it -> !it.isDeleted());
    }
}
