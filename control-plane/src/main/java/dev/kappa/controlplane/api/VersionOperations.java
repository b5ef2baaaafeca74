package dev.kappa.controlplane.api;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** PublishVersion, ListVersionsByFunction, and DeleteFunction, of a version or of a function with all that belongs to it. */
final class VersionOperations implements Operations.Group {
    private static final String LATEST = "$LATEST";

    /** The policy of admission goes by the version's status, which follows an alias that moved away a little later. */
    private static final RetryPolicy<Object> UNTIL_ADMITTED = RetryPolicy.builder()
            .handleIf(thrown -> thrown instanceof ResourceException refused && refused.isForbidden())
            .withMaxRetries(50)
            .withDelay(Duration.ofMillis(100))
            .build();

    private final ResourceStore resources;
    private final Lookup lookup;
    private final VersionPublisher publishing;
    private final Configurations configurations;

    VersionOperations(
            ResourceStore resources, Lookup lookup, VersionPublisher publishing, Configurations configurations) {
        this.resources = resources;
        this.lookup = lookup;
        this.publishing = publishing;
        this.configurations = configurations;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "PublishVersion", this::publish,
                "ListVersionsByFunction", this::list,
                "DeleteFunction", this::delete);
    }

    private JsonObject publish(Request input) {
        VersionPublisher.Request request = new VersionPublisher.Request(
                input.text("CodeSha256"), input.text("RevisionId"), input.text("Description"));
        return show(publishing.publish(input.unqualifiedFunction(), request));
    }

    private JsonObject list(Request input) {
        Page page = input.page();
        FunctionRef ref = input.unqualifiedFunction();
        Resource function = lookup.function(ref);
        List<Resource> all = Stream.concat(
                        Stream.of(function), lookup.versions(ref).stream().filter(it -> !it.isDeleted()))
                .toList();
        return page.answer("Versions", all, VersionOperations::order, this::show);
    }

    /** The function first, then its versions by number. */
    static String order(Resource resource) {
        return resource.kind() == Kind.FUNCTION
                ? "0"
                : String.format("%010d", resource.spec().getInteger("number"));
    }

    private JsonObject show(Resource resource) {
        return configurations.of(resource, Configurations.version(resource));
    }

    /** A version that is not there is no error, as in Lambda; a function that is not there is one. */
    private JsonObject delete(Request input) {
        FunctionRef ref = input.function();
        String qualifier = ref.qualifier();
        if (qualifier == null) {
            resources.delete(lookup.function(ref));
            return new JsonObject();
        }
        if (qualifier.equals(LATEST)) {
            throw new RefusedException(
                    AwsError.invalidParameter("$LATEST version cannot be deleted without deleting the function."));
        }
        if (!Lookup.isNumber(qualifier)) {
            throw new RefusedException(AwsError.invalidParameter("Deletion of aliases is not currently supported."));
        }
        lookup.function(ref);
        Optional<Resource> version = resources.get(Kind.VERSION, ref.namespace(), Lookup.resourceName(ref));
        if (version.isPresent() && !version.get().isDeleted()) {
            delete(ref, version.get());
        }
        return new JsonObject();
    }

    private void delete(FunctionRef ref, Resource version) {
        try {
            Failsafe.with(UNTIL_ADMITTED).run(() -> {
                refuseIfUsed(ref, Integer.parseInt(Configurations.version(version)));
                resources.delete(version);
            });
        } catch (ResourceException e) {
            throw e.isForbidden() ? new RefusedException(AwsError.conflict(String.valueOf(e.getMessage()))) : e;
        }
    }

    private void refuseIfUsed(FunctionRef ref, int number) {
        List<String> aliases = lookup.aliases(ref).stream()
                .filter(alias -> AliasTarget.numbers(alias).contains(number))
                .map(Configurations::alias)
                .sorted()
                .toList();
        if (!aliases.isEmpty()) {
            throw new RefusedException(AwsError.conflict(
                    "Unable to delete version because the following aliases reference it: " + aliases));
        }
    }
}
