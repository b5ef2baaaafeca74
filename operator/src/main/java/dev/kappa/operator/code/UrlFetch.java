package dev.kappa.operator.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** Fetches a package over https, through redirects, each of which is checked. */
final class UrlFetch {
    private static final int MAX_REDIRECTS = 5;

    private final GuardedHttp http;

    UrlFetch(GuardedHttp http) {
        this.http = http;
    }

    Download get(String location) throws IOException, InterruptedException {
        URI uri = parse(location);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            GuardedHttp.Answer answer = http.send(uri, request -> request);
            try (InputStream body = answer.body()) {
                if (answer.status() == 200) {
                    return Download.of(body);
                }
            }
            if (answer.status() < 300 || answer.status() >= 400) {
                throw new IOException(uri.getHost() + " answered " + answer.status());
            }
            String elsewhere = answer.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new IOException("a redirect without a Location"));
            uri = parse(uri.resolve(elsewhere).toString());
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects");
    }

    private static URI parse(String location) throws IOException {
        try {
            URI uri = URI.create(location);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + location + "' is not an address", e);
        }
        throw new IOException("'" + location + "' is not an https address of a host");
    }
}
