package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** TagResource, UntagResource and ListTags: {@code spec.tags} of a function. */
final class TagOperations implements Operations.Group {
    private static final int MOST = 50;

    private final Lookup lookup;
    private final Edits edits;

    TagOperations(Lookup lookup, Edits edits) {
        this.lookup = lookup;
        this.edits = edits;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of("TagResource", this::tag, "UntagResource", this::untag, "ListTags", this::list);
    }

    private JsonObject tag(Request input) {
        FunctionRef ref = function(input);
        Map<String, String> given = input.given().map("Tags", String.class);
        if (given == null || given.isEmpty()) {
            throw new RefusedException(
                    AwsError.invalidParameter("An error occurred and the request cannot be processed."));
        }
        JsonObject tags = checked(given);
        edits.edit(() -> lookup.function(ref), function -> {
            Set<String> keys = new HashSet<>(of(function).fieldNames());
            keys.addAll(tags.fieldNames());
            refuseTooMany(keys.size());
            return new JsonObject().put("tags", tags);
        });
        return new JsonObject();
    }

    private JsonObject untag(Request input) {
        FunctionRef ref = function(input);
        List<String> keys = input.given().list("TagKeys", String.class);
        edits.edit(() -> lookup.function(ref), function -> {
            JsonObject gone = new JsonObject();
            if (keys != null) {
                keys.stream().filter(of(function)::containsKey).forEach(gone::putNull);
            }
            return gone.isEmpty() ? gone : new JsonObject().put("tags", gone);
        });
        return new JsonObject();
    }

    private JsonObject list(Request input) {
        return new JsonObject().put("Tags", of(lookup.function(function(input))));
    }

    /** The tags of a function; a copy. */
    static JsonObject of(Resource function) {
        return function.spec().getJsonObject("tags", new JsonObject()).copy();
    }

    /**
     * Tags that a function may have.
     *
     * @throws RefusedException 400 if they are too many
     */
    static JsonObject checked(Map<String, String> given) {
        refuseTooMany(given.size());
        return new JsonObject(Map.copyOf(given));
    }

    private static void refuseTooMany(int number) {
        if (number > MOST) {
            throw new RefusedException(AwsError.invalidParameter("Number of tags exceeds resource tag limit."));
        }
    }

    private static FunctionRef function(Request input) {
        FunctionRef ref = input.resource();
        if (ref.qualifier() != null) {
            throw new RefusedException(AwsError.invalidParameter(
                    "Tags on function aliases and versions are not supported. Please specify a function ARN."));
        }
        return ref;
    }
}
