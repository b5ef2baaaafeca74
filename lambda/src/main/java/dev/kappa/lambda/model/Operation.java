package dev.kappa.lambda.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation of Lambda's API.
 *
 * @param name such as {@code CreateFunction}
 * @param method HTTP method
 * @param path what its path and query look like
 * @param status of success
 * @param input what a request has
 * @param output what an answer has, null if it has no body
 * @param errors shapes of the errors that the model names
 */
public record Operation(
        String name,
        String method,
        PathTemplate path,
        int status,
        Shape.Structure input,
        Shape.@Nullable Structure output,
        List<String> errors) {
    /**
     * What the path of a request names.
     *
     * @param head a request for this operation
     * @return decoded values by the labels' names, such as {@code FunctionName}
     */
    public Map<String, String> labels(CallHead head) {
        return path.labels(head.segments()).orElseThrow();
    }
}
