package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Destinations as ARNs: a function's own, and that of an SQS queue for a NATS subject. A web hook has none. */
final class DestinationArns {
    private static final String LATEST = "$LATEST";

    /** Ends as {@link DnsLabels} ends what it makes. */
    private static final Pattern DERIVED = Pattern.compile(".*-[0-9a-v]{8}");

    private final Lookup lookup;
    private final Accounts accounts;

    DestinationArns(Lookup lookup, Accounts accounts) {
        this.lookup = lookup;
        this.accounts = accounts;
    }

    /**
     * What a resource's destination is called.
     *
     * @return the ARN; the address of a web hook; null for none
     */
    @Nullable
    String of(String namespace, @Nullable JsonObject destination) {
        if (destination == null) {
            return null;
        }
        String function = destination.getString("function");
        if (function != null) {
            String qualifier = ResourceNames.qualifier(function).orElse(null);
            return accounts.arn(written(new FunctionRef(namespace, ResourceNames.function(function), qualifier)));
        }
        if (destination.containsKey("nats")) {
            return accounts.queueArn(
                    namespace, destination.getJsonObject("nats").getString("subject"));
        }
        return destination.getJsonObject("url", new JsonObject()).getString("location");
    }

    /** What has a name of its own for callers is read to see it; what is not there is named as it is. */
    private FunctionRef written(FunctionRef label) {
        String qualifier = label.qualifier();
        String function = label.function();
        if (DERIVED.matcher(function).matches()) {
            function = lookup.find(label).map(Configurations::name).orElse(function);
        }
        if (qualifier != null && DERIVED.matcher(qualifier).matches()) {
            qualifier =
                    lookup.alias(label, qualifier).map(Configurations::alias).orElse(qualifier);
        }
        return new FunctionRef(label.namespace(), function, qualifier);
    }

    /**
     * The destination that an ARN stands for.
     *
     * @param source whose records go there
     * @throws RefusedException 400 if there is none
     */
    JsonObject read(FunctionRef source, String arn) {
        String queue = accounts.queueArn(source.namespace(), "");
        if (arn.startsWith(queue)) {
            return destination(null, arn.substring(queue.length()));
        }
        Optional<FunctionRef> function = FunctionName.parse(arn)
                .filter(name -> arn.startsWith("arn:"))
                .flatMap(name -> accounts.resolve(name, Optional.ofNullable(name.qualifier())));
        return destination(name(source, arn, function.orElseThrow(() -> unknown(arn, queue))), null);
    }

    private String name(FunctionRef source, String arn, FunctionRef function) {
        if (!function.namespace().equals(source.namespace())) {
            throw new RefusedException(AwsError.invalidParameter("The destination " + arn + " is in namespace "
                    + function.namespace() + "; a function's destination is in its own, " + source.namespace() + "."));
        }
        FunctionRef label = function.ofResources();
        if (label.function().equals(source.ofResources().function())) {
            throw new RefusedException(
                    AwsError.invalidParameter("You can't specify the function as a destination for itself."));
        }
        String qualifier = label.qualifier() == null ? LATEST : label.qualifier();
        try {
            lookup.named(function);
        } catch (RefusedException e) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The destination " + arn + " does not exist; create it first, or correct the ARN."));
        }
        return qualifier.equals(LATEST) ? label.function() : ResourceNames.qualified(label.function(), qualifier);
    }

    /** The fields that it does not have are named too, so that a merge takes them away. */
    private static JsonObject destination(@Nullable String function, @Nullable String subject) {
        return new JsonObject()
                .put("function", function)
                .put("nats", subject == null ? null : new JsonObject().put("subject", subject))
                .putNull("url");
    }

    private static RefusedException unknown(String arn, String queue) {
        return new RefusedException(AwsError.invalidParameter("The destination " + arn
                + " is none that Kappa has: give the ARN of a function, or " + queue
                + "<subject> for a NATS subject; a web hook is set with kubectl, in spec.async."));
    }
}
