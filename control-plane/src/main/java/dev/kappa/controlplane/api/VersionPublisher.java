package dev.kappa.controlplane.api;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a function as it is. The version is created with its snapshot, which is what was compared and checked, under
 * the next number; a number that somebody else took at the same moment means to look again.
 */
final class VersionPublisher {
    /**
     * What a caller asks for.
     *
     * @param codeSha256 the code must have this digest, base64; null for any
     * @param revisionId the function must have this revision; null for any
     * @param description of the version, null for none
     */
    record Request(
            @Nullable String codeSha256,
            @Nullable String revisionId,
            @Nullable String description) {}

    /** What the operator writes of packages besides the digest of the code: where that came from, and the layers. */
    private static final List<String> PACKAGES = List.of("s3", "layers");

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Comparator<Resource> BY_NUMBER = Comparator.comparingInt(VersionPublisher::number);

    private final ResourceStore resources;
    private final Lookup lookup;
    private final Accounts accounts;
    private final RetryPolicy<Optional<Resource>> whileItChanges;

    VersionPublisher(ResourceStore resources, Lookup lookup, Accounts accounts, Duration patience) {
        this.resources = resources;
        this.lookup = lookup;
        this.accounts = accounts;
        this.whileItChanges = RetryPolicy.<Optional<Resource>>builder()
                .handleIf((version, thrown) -> thrown == null && version.isEmpty())
                .withMaxRetries(-1)
                .withMaxDuration(patience)
                .withDelay(PAUSE)
                .build();
    }

    /**
     * The version that has the function's code and configuration: the newest, or a new one.
     *
     * @throws RefusedException if the function does not exist, is not what the caller takes it for, or has no code in time
     */
    Resource publish(FunctionRef ref, Request request) {
        Optional<Resource> version = Failsafe.with(whileItChanges).get(() -> {
            Resource function = lookup.function(ref);
            check(function, request);
            return attempt(ref, function, request);
        });
        return version.orElseThrow(() -> new RefusedException(AwsError.conflict(
                "The operation cannot be performed at this time. An update is in progress for resource: "
                        + accounts.arn(ref))));
    }

    private void check(Resource function, Request request) {
        if (request.revisionId() != null && !request.revisionId().equals(function.revisionId())) {
            throw new RefusedException(AwsError.staleRevision());
        }
        if (!function.isObserved()) {
            return;
        }
        Optional<JsonObject> noCode =
                function.condition("CodeReady").filter(it -> "False".equals(it.getString("status")));
        if (noCode.isPresent()) {
            throw new RefusedException(AwsError.conflict("Function " + function.name()
                    + " cannot be published, because its code is not there: "
                    + noCode.get().getString("message")));
        }
        String current = Configurations.base64(Configurations.codeSha256(function));
        if (request.codeSha256() != null && !request.codeSha256().equals(current)) {
            throw new RefusedException(AwsError.invalidParameter("CodeSHA256 (" + request.codeSha256()
                    + ") is different from current CodeSHA256 in $LATEST ("
                    + (current == null ? "none, it is an image" : current)
                    + "). Please try again with the CodeSHA256 in $LATEST."));
        }
    }

    /** Empty if the function or its versions are changing. */
    private Optional<Resource> attempt(FunctionRef ref, Resource function, Request request) {
        String config = function.status().getString("configSha256");
        if (!FunctionState.hasCode(function) || config == null) {
            return Optional.empty();
        }
        List<Resource> versions = lookup.versions(ref);
        Optional<Resource> newest = versions.stream().max(BY_NUMBER);
        if (newest.filter(VersionPublisher::isBeingFilled).isPresent()) {
            return Optional.empty();
        }
        int last = function.status().getInteger("lastVersion", 0);
        Optional<Resource> same = newest.filter(it -> !it.isDeleted() && number(it) >= last)
                .filter(it -> config.equals(it.snapshot().getString("configSha256")));
        if (same.isPresent()) {
            return same;
        }
        int number = Math.max(last, newest.map(VersionPublisher::number).orElse(0)) + 1;
        return isUnchanged(ref, function) ? create(function, number, request) : Optional.empty();
    }

    /** The function was read before its versions: one that came and went in between may have had the number. */
    private boolean isUnchanged(FunctionRef ref, Resource function) {
        Resource now = lookup.function(ref);
        return now.generation() == function.generation()
                && Objects.equals(
                        now.status().getInteger("lastVersion"),
                        function.status().getInteger("lastVersion"));
    }

    private Optional<Resource> create(Resource function, int number, Request request) {
        JsonObject snapshot = new JsonObject()
                .put("configSha256", function.status().getString("configSha256"))
                .put("function", function.spec());
        String codeSha256 = Configurations.codeSha256(function);
        if (codeSha256 != null) {
            snapshot.put("codeSha256", codeSha256);
        }
        for (String field : PACKAGES) {
            if (function.status().getValue(field) != null) {
                snapshot.put(field, function.status().getValue(field));
            }
        }
        JsonObject spec = new JsonObject()
                .put("function", function.name())
                .put("number", number)
                .put("snapshot", snapshot);
        String description = Objects.requireNonNullElse(
                request.description(), function.spec().getString("description", ""));
        if (!description.isEmpty()) {
            spec.put("description", description);
        }
        try {
            return Optional.of(
                    resources.create(Kind.VERSION, function, ResourceNames.version(function.name(), number), spec));
        } catch (ResourceException e) {
            if (e.isConflict()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A version applied without a snapshot is about to get one, unless the operator said why not. */
    private static boolean isBeingFilled(Resource version) {
        return version.snapshot().isEmpty()
                && !version.isDeleted()
                && version.condition("Ready")
                        .filter(it -> "False".equals(it.getString("status")))
                        .isEmpty();
    }

    private static int number(Resource version) {
        return version.spec().getInteger("number");
    }
}
