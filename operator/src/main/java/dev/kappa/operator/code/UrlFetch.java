package dev.kappa.operator.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Fetches a package over https and reads no more than Lambda's limit. Each host on the way is resolved once, checked, and
 * connected to at the address that was checked.
 */
final class UrlFetch {
    private static final int MAX_BYTES = 50 << 20;
    private static final int MAX_REDIRECTS = 5;

    /** What a host answers. */
    private sealed interface Answer {
        @SuppressWarnings("ArrayRecordComponent")
        record Content(byte[] bytes) implements Answer {}

        record Elsewhere(String location) implements Answer {}
    }

    private final AddressGuard guard;
    private final Callable<SSLContext> tls;

    UrlFetch(AddressGuard guard) {
        this(guard, UrlFetch::tls);
    }

    UrlFetch(AddressGuard guard, Callable<SSLContext> tls) {
        this.guard = guard;
        this.tls = tls;
    }

    byte[] get(String location) throws IOException, InterruptedException {
        URI uri = parse(location);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            switch (get(uri, guard.resolve(uri.getHost()))) {
                case Answer.Content content -> {
                    return content.bytes();
                }
                case Answer.Elsewhere elsewhere ->
                    uri = parse(uri.resolve(elsewhere.location()).toString());
            }
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects");
    }

    private Answer get(URI uri, List<InetAddress> addresses) throws IOException, InterruptedException {
        IOException failed = new IOException(uri.getHost() + " has no address");
        // A client for the host, since the name that its certificate must have is a property of the client.
        try (HttpClient http = client(uri.getHost())) {
            for (InetAddress address : addresses) {
                try {
                    return get(http, uri, address);
                } catch (ConnectException | HttpConnectTimeoutException e) {
                    failed = new IOException(uri.getHost() + " at " + address.getHostAddress() + ": " + e, e);
                }
            }
        }
        throw failed;
    }

    private static SSLContext tls() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        return context;
    }

    /** A new one each time: sessions are resumed by address, and would carry the certificate of another name there. */
    private SSLContext context() throws IOException {
        try {
            return tls.call();
        } catch (Exception e) {
            throw new IOException("TLS cannot be used", e);
        }
    }

    private HttpClient client(String host) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER);
        if (!isLiteral(host)) {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            builder.sslParameters(parameters);
        }
        return builder.build();
    }

    private static Answer get(HttpClient http, URI uri, InetAddress address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(at(uri, address))
                .timeout(Duration.ofSeconds(30))
                // Needs the property that OperatorMain sets.
                .header("Host", uri.getRawAuthority())
                .build();
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            int status = answer.statusCode();
            if (status == 200) {
                return new Answer.Content(read(body));
            }
            if (status < 300 || status >= 400) {
                throw new IOException(uri.getHost() + " answered " + status);
            }
        }
        return new Answer.Elsewhere(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException("a redirect without a Location")));
    }

    /** The same with the address for the host. */
    private static URI at(URI uri, InetAddress address) {
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return URI.create("https://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+");
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
