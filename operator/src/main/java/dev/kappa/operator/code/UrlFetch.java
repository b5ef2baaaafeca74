package dev.kappa.operator.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Fetches a package over https, checks every host on the way, and reads no more than Lambda's limit. */
final class UrlFetch {
    private static final int MAX_BYTES = 50 << 20;
    private static final int MAX_REDIRECTS = 5;

    private final AddressGuard guard;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    UrlFetch(AddressGuard guard) {
        this.guard = guard;
    }

    byte[] get(String location) throws IOException, InterruptedException {
        URI uri = parse(location);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            guard.check(uri.getHost());
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                int status = answer.statusCode();
                if (status == 200) {
                    return read(body);
                }
                if (status < 300 || status >= 400) {
                    throw new IOException(uri.getHost() + " answered " + status);
                }
            }
            String next = answer.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new IOException("a redirect without a Location"));
            uri = parse(uri.resolve(next).toString());
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

    private static byte[] read(InputStream body) throws IOException {
        byte[] content = body.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
            throw new IOException("it is larger than 50 MiB");
        }
        return content;
    }
}
