package dev.kappa.gateway.async;

import dev.kappa.stores.events.DestinationException;
import dev.kappa.wire.PublicAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts records to users' web hooks, signed as the Standard Webhooks specification has it. The address that was checked is
 * the one that is connected to, and redirects are not followed, so that no answer of DNS or of the host leads inside.
 */
final class WebHooks {
    private static final int CONNECT_MS = 3_000;
    private static final long ANSWER_MS = 10_000;
    /** Whoever sends a byte now and then is never silent. */
    private static final long LIMIT_MS = 30_000;

    private final HttpClient client;
    private final WebHookSigner signer;
    private final List<String> privateHosts;

    WebHooks(Vertx vertx, WebHookSigner signer, List<String> privateHosts) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MS).setKeepAliveTimeout(5));
        this.signer = signer;
        this.privateHosts = List.copyOf(privateHosts);
    }

    void post(String location, String id, Map<String, String> attributes, byte[] body)
            throws DestinationException, InterruptedException {
        RequestOptions options = options(location);
        String timestamp = String.valueOf(System.currentTimeMillis() / 1000);
        options.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "kappa")
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", timestamp)
                .putHeader("webhook-signature", signer.sign(id, timestamp, body));
        attributes.forEach((name, value) -> options.putHeader(name, value.replaceAll("[^\\x20-\\x7e]", "?")));
        int status;
        try {
            status = client.request(options)
                    .compose(request -> request.send(Buffer.buffer(body)))
                    .map(response -> {
                        // What it says is not wanted, however long it is.
                        response.request().reset();
                        return response.statusCode();
                    })
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw DestinationException.later("does not answer: " + e.getCause());
        } catch (TimeoutException e) {
            throw DestinationException.later("does not answer within " + LIMIT_MS + " ms");
        }
        if (status < 200 || status > 299) {
            throw DestinationException.later("answered " + status);
        }
    }

    private RequestOptions options(String location) throws DestinationException {
        URI uri;
        try {
            uri = URI.create(location);
        } catch (IllegalArgumentException e) {
            throw DestinationException.never("is not an address: " + e.getMessage());
        }
        String host = uri.getHost();
        boolean tls = "https".equals(uri.getScheme());
        if (host == null || uri.getUserInfo() != null || !(tls || "http".equals(uri.getScheme()))) {
            throw DestinationException.never("is not an http(s) address of a host");
        }
        boolean inside = privateHosts.contains(host);
        if (!tls && !inside) {
            throw DestinationException.never(
                    "is not https; http is for hosts that the chart's value async.privateHosts names");
        }
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(tls)
                .setHost(host)
                .setPort(port)
                .setURI((uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                        + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
                .setServer(SocketAddress.inetSocketAddress(port, address(host, inside)))
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(ANSWER_MS);
    }

    private static String address(String host, boolean inside) throws DestinationException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw DestinationException.later("its host is not known to DNS");
        }
        for (InetAddress address : addresses) {
            if (!inside && !PublicAddress.is(address)) {
                throw DestinationException.never("its host has the address " + address.getHostAddress()
                        + ", which is not a public one; the chart's value async.privateHosts can allow the host");
            }
        }
        return addresses[0].getHostAddress();
    }
}
