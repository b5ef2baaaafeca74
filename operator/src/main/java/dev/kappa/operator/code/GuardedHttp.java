package dev.kappa.operator.code;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Sends requests to hosts of users' choice: each is resolved once, checked, and connected to at the address that was checked. */
final class GuardedHttp {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration HEAD_LIMIT = Duration.ofSeconds(30);
    private static final long BODY_LIMIT_S = 120;

    /**
     * What a host answers.
     *
     * @param body whoever gets it closes it, which ends the connection
     */
    record Answer(int status, HttpHeaders headers, InputStream body) {}

    private final AddressGuard guard;
    private final Callable<SSLContext> tls;

    GuardedHttp(AddressGuard guard) {
        this(guard, GuardedHttp::tls);
    }

    GuardedHttp(AddressGuard guard, Callable<SSLContext> tls) {
        this.guard = guard;
        this.tls = tls;
    }

    /**
     * Sends one request and follows no redirect.
     *
     * @param uri http or https
     * @param request adds method and headers
     * @throws IOException if the host may not be asked, or does not answer
     */
    Answer send(URI uri, UnaryOperator<HttpRequest.Builder> request) throws IOException, InterruptedException {
        List<InetAddress> addresses = guard.resolve(uri.getHost());
        IOException failed = new IOException(uri.getHost() + " has no address");
        for (InetAddress address : addresses) {
            // A client for the host, since the name that its certificate must have is a property of the client.
            HttpClient http = client(uri.getHost());
            try {
                return send(http, uri, address, request);
            } catch (ConnectException | HttpConnectTimeoutException e) {
                http.shutdownNow();
                failed = new IOException(uri.getHost() + " at " + address.getHostAddress() + ": " + e, e);
            } catch (IOException | InterruptedException | RuntimeException e) {
                http.shutdownNow();
                throw e;
            }
        }
        throw failed;
    }

    private static Answer send(
            HttpClient http, URI uri, InetAddress address, UnaryOperator<HttpRequest.Builder> request)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(at(uri, address))
                .timeout(HEAD_LIMIT)
                // Needs the property that OperatorMain sets.
                .header("Host", uri.getRawAuthority());
        HttpResponse<InputStream> answer = http.send(request.apply(builder).build(), BodyHandlers.ofInputStream());
        return new Answer(answer.statusCode(), answer.headers(), new Body(answer.body(), http));
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
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (!isLiteral(host)) {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            builder.sslParameters(parameters);
        }
        return builder.build();
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+");
    }

    /** The same with the address for the host. */
    private static URI at(URI uri, InetAddress address) {
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return URI.create(uri.getScheme() + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    /** Ends its client with it, and after a while in any case: a server that stops in the middle would hold the reader for ever. */
    private static final class Body extends FilterInputStream {
        private final HttpClient http;
        private final CompletableFuture<Void> limit;

        Body(InputStream in, HttpClient http) {
            super(in);
            this.http = http;
            this.limit = CompletableFuture.runAsync(
                    http::shutdownNow, CompletableFuture.delayedExecutor(BODY_LIMIT_S, TimeUnit.SECONDS));
        }

        @Override
        public void close() throws IOException {
            limit.cancel(false);
            try {
                super.close();
            } finally {
                http.shutdownNow();
            }
        }
    }
}
