package dev.kappa.sources.guard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Lets AWS's clients ask hosts of users' choice: each is resolved, checked, and connected to at the address that was checked;
 * redirects are not followed. Clients of one host share its connections.
 */
public final class GuardedHttp implements SdkHttpClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A long poll takes 20 s of it. */
    private static final Duration ANSWER = Duration.ofSeconds(40);
    /** Ten messages of 1 MiB, and what JSON adds. */
    private static final BodyHandler<byte[]> LIMITED = BodyHandlers.limiting(BodyHandlers.ofByteArray(), 24L << 20);

    /** The connection's own; the host is set from the address, as it was signed. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("host", "connection", "content-length", "expect", "upgrade");

    private final HostGuard guard;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

    /**
     * Knows no host yet.
     *
     * @param guard says which may be asked
     */
    public GuardedHttp(HostGuard guard) {
        this.guard = guard;
    }

    /**
     * Refuses what may not be asked at all.
     *
     * @param address http or https
     * @throws IOException with cause and remedy
     */
    public void check(URI address) throws IOException {
        guard.check(address);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                try {
                    return ask(request);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("the process stops", e);
                }
            }

            @Override
            public void abort() {
                // A request has a limit of its own.
            }
        };
    }

    private HttpExecuteResponse ask(HttpExecuteRequest request) throws IOException, InterruptedException {
        SdkHttpRequest head = request.httpRequest();
        URI uri = head.getUri();
        guard.check(uri);
        byte[] body = body(request);
        IOException failed = new IOException(uri.getHost() + " has no address");
        for (InetAddress address : guard.resolve(uri.getHost())) {
            try {
                HttpClient client = clients.computeIfAbsent(uri.getHost(), this::client);
                return answer(client.send(message(head, uri, address, body), LIMITED));
            } catch (ConnectException | HttpConnectTimeoutException e) {
                failed = new IOException(uri.getHost() + " at " + address.getHostAddress() + " takes no connection", e);
            }
        }
        throw failed;
    }

    private static byte[] body(HttpExecuteRequest request) throws IOException {
        if (request.contentStreamProvider().isEmpty()) {
            return new byte[0];
        }
        try (InputStream content = request.contentStreamProvider().get().newStream()) {
            return content.readAllBytes();
        }
    }

    private static HttpRequest message(SdkHttpRequest head, URI uri, InetAddress address, byte[] body) {
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest.Builder builder = HttpRequest.newBuilder(at(uri, address))
                .timeout(ANSWER)
                .method(head.method().name(), publisher)
                // Needs the property that SourcesMain sets.
                .header("Host", uri.getRawAuthority());
        head.forEachHeader((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        return builder.build();
    }

    private static HttpExecuteResponse answer(HttpResponse<byte[]> answer) {
        SdkHttpFullResponse.Builder response = SdkHttpFullResponse.builder().statusCode(answer.statusCode());
        answer.headers().map().forEach(response::putHeader);
        return HttpExecuteResponse.builder()
                .response(response.build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer.body())))
                .build();
    }

    /** One for each host, since the name that its certificate must have is a property of the client. */
    private HttpClient client(String host) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .executor(threads)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (!host.startsWith("[") && !host.matches("[0-9.]+")) {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            builder.sslParameters(parameters);
        }
        return builder.build();
    }

    /** A new one for each host: sessions are resumed by address, and would carry the certificate of another name there. */
    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be used", e);
        }
    }

    /** The same with the address for the host. */
    private static URI at(URI uri, InetAddress address) {
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return URI.create(uri.getScheme() + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    /** What is shared stays open. */
    @Override
    public void close() {}
}
