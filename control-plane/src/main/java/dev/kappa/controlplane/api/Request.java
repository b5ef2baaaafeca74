package dev.kappa.controlplane.api;

import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call that satisfies the model.
 *
 * @param given what it gives
 * @param accounts resolve names
 * @param caller who makes it
 */
record Request(Members given, Accounts accounts, Caller caller) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    /** A text; null if it was not given. */
    @Nullable
    String text(String name) {
        return given.text(name);
    }

    /** Where a list begins and how long it is. */
    Page page() {
        Integer items = given.integer("MaxItems");
        return Page.of(given.text("Marker"), items == null ? Page.LARGEST : items);
    }

    /**
     * The function and the qualifier of the call.
     *
     * @throws RefusedException if there is no such account or name
     */
    FunctionRef function() {
        return function("FunctionName");
    }

    /** The function's name as the call writes it, without account, namespace and qualifier; empty for a call about none. */
    String named() {
        String written = given.names().contains("FunctionName") ? given.text("FunctionName") : null;
        String name = written == null
                ? ""
                : FunctionName.parse(written).map(FunctionName::name).orElse("");
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /**
     * The function whose ARN is the resource of a call.
     *
     * @throws RefusedException as {@link #function} does
     */
    FunctionRef resource() {
        String arn = given.required("Resource");
        if (!arn.contains(":function:")) {
            throw new RefusedException(
                    AwsError.notFound(arn + " does not exist; of Kappa's resources functions have tags."));
        }
        return function("Resource");
    }

    private FunctionRef function(String member) {
        FunctionName name = name(member);
        Optional<String> qualifier = FunctionParameters.qualifier(
                name, given.names().contains("Qualifier") ? given.text("Qualifier") : null);
        return accounts.resolve(name, qualifier)
                .filter(ref -> !ref.function().isEmpty() && isLabel(ref.namespace()))
                .orElseThrow(
                        () -> new RefusedException(AwsError.functionNotFound(accounts.arnOfUnknown(name, qualifier))));
    }

    private FunctionName name(String member) {
        String written = given.required(member);
        return FunctionName.parse(written)
                .orElseThrow(() -> new RefusedException(AwsError.validation(List.of(AwsError.violation(
                        written,
                        "functionName",
                        "Member must satisfy regular expression pattern: " + FunctionName.CONSTRAINT)))));
    }

    /**
     * The function of a call that concerns all of its versions.
     *
     * @throws RefusedException as {@link #function} does, and for a qualifier
     */
    FunctionRef unqualifiedFunction() {
        FunctionRef ref = function();
        if (ref.qualifier() != null && !ref.qualifier().equals("$LATEST")) {
            throw new RefusedException(AwsError.invalidParameter("This call takes the function without a qualifier, but"
                    + " its name has ':" + ref.qualifier() + "'; leave that out."));
        }
        return new FunctionRef(ref.namespace(), ref.function(), null);
    }

    /** Names that Kubernetes cannot have are known not to exist. */
    private static boolean isLabel(String name) {
        return LABEL.matcher(name).matches();
    }
}
