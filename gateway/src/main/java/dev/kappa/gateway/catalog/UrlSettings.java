package dev.kappa.gateway.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a function or alias is called by its URL.
 *
 * @param signed whether callers must prove who they are
 * @param streams whether the answer leaves as the handler writes it
 * @param cors which pages of other origins may call; null for what the function itself answers
 */
public record UrlSettings(
        boolean signed, boolean streams, @Nullable Cors cors) {
    /**
     * Cross-origin resource sharing.
     *
     * @param credentials whether browsers may send cookies
     * @param headers of requests, or {@code *}
     * @param methods of requests, or {@code *}
     * @param origins of pages, or {@code *}
     * @param exposed headers of answers that pages may read
     * @param maxAgeSeconds how long browsers keep what a preflight answered, null for their default
     */
    public record Cors(
            boolean credentials,
            List<String> headers,
            List<String> methods,
            List<String> origins,
            List<String> exposed,
            @Nullable Integer maxAgeSeconds) {
        /** Keeps the lists. */
        public Cors {
            headers = List.copyOf(headers);
            methods = List.copyOf(methods);
            origins = List.copyOf(origins);
            exposed = List.copyOf(exposed);
        }
    }
}
