package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list. It begins after the item that the part before ended with, so that items that come and go meanwhile move
 * nothing.
 *
 * @param after key of the last item before, empty for the first part
 * @param limit items
 */
record Page(String after, int limit) {
    /** Items of one answer, as in Lambda, also if the caller asks for more. */
    static final int LARGEST = 50;

    /**
     * Reads the parameters.
     *
     * @param marker as an answer gave it
     * @param limit what was asked for
     * @throws RefusedException if no answer gave that marker
     */
    static Page of(@Nullable String marker, int limit) {
        if (marker == null || marker.isEmpty()) {
            return new Page("", Math.min(limit, LARGEST));
        }
        try {
            byte[] key = Base64.getUrlDecoder().decode(marker);
            return new Page(new String(key, StandardCharsets.UTF_8), Math.min(limit, LARGEST));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(AwsError.invalidParameter(
                    "Marker '" + marker + "' was not given by an answer; leave it out to begin anew."));
        }
    }

    /**
     * The answer.
     *
     * @param <T> kind of the items
     * @param field name of the list
     * @param items all of them
     * @param key orders them
     * @param render what the answer shows of one
     * @return with {@code NextMarker} if there is more
     */
    <T> JsonObject answer(String field, List<T> items, Function<T, String> key, Function<T, JsonObject> render) {
        List<T> rest = items.stream()
                .filter(item -> key.apply(item).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .toList();
        List<T> part = rest.subList(0, Math.min(limit, rest.size()));
        JsonArray rendered = new JsonArray();
        part.stream().map(render).forEach(rendered::add);
        JsonObject answer = new JsonObject().put(field, rendered);
        if (part.size() < rest.size()) {
            String last = key.apply(part.getLast());
            answer.put(
                    "NextMarker",
                    Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }
}
