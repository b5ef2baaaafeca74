package dev.kappa.gateway.url;

import dev.kappa.gateway.catalog.UrlSettings.Cors;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a URL tells browsers of pages of other origins. */
final class CorsHeaders {
    private static final CharSequence REQUESTED_METHOD = HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD;
    private static final String ANY = "*";

    private CorsHeaders() {}

    /** Whether a request asks only whether another one may be made. */
    static boolean isPreflight(HttpServerRequest request) {
        return HttpMethod.OPTIONS.equals(request.method())
                && request.getHeader(HttpHeaders.ORIGIN) != null
                && request.getHeader(REQUESTED_METHOD) != null;
    }

    /** Answers a preflight; of origins that may not call it says nothing, which browsers take for a no. */
    static void answer(Cors cors, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (allow(cors, request)) {
            list(response, "Access-Control-Allow-Methods", cors.methods());
            list(response, "Access-Control-Allow-Headers", cors.headers());
            if (cors.maxAgeSeconds() != null) {
                response.putHeader(
                        "Access-Control-Max-Age", cors.maxAgeSeconds().toString());
            }
        }
        response.setStatusCode(200).end();
    }

    /** Puts what every answer has; returns whether the page may call. */
    static boolean allow(Cors cors, HttpServerRequest request) {
        String origin = allowed(cors, request.getHeader(HttpHeaders.ORIGIN));
        HttpServerResponse response = request.response();
        if (!cors.origins().contains(ANY)) {
            response.putHeader(HttpHeaders.VARY, "Origin");
        }
        if (origin == null) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Origin", origin);
        if (cors.credentials()) {
            response.putHeader("Access-Control-Allow-Credentials", "true");
        }
        list(response, "Access-Control-Expose-Headers", cors.exposed());
        return true;
    }

    private static @Nullable String allowed(Cors cors, @Nullable String origin) {
        if (origin == null) {
            return null;
        }
        if (cors.origins().contains(ANY)) {
            return ANY;
        }
        return cors.origins().stream().anyMatch(origin::equalsIgnoreCase) ? origin : null;
    }

    private static void list(HttpServerResponse response, String header, List<String> values) {
        if (!values.isEmpty()) {
            response.putHeader(header, String.join(",", values));
        }
    }
}
