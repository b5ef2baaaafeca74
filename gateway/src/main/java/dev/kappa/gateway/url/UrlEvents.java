package dev.kappa.gateway.url;

import dev.kappa.gateway.url.UrlTargets.Called;
import dev.kappa.http.Call;
import dev.kappa.http.TrustedProxies;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.http.HttpCall;
import dev.kappa.lambda.http.HttpEvent;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes events of requests to function URLs. */
final class UrlEvents {
    static final String TRACE_ID = Wire.TRACE_ID;

    private static final String ROUTE = "$default";
    private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([A-Za-z0-9_-]{16,128})(?:/|%2[Ff])");

    /** Those of a proxy count only if it is trusted; what proves a caller is not for the function, which could use it elsewhere. */
    private static final Set<String> OURS =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", TRACE_ID.toLowerCase(Locale.ROOT));

    private static final Set<String> PROOFS = Set.of("authorization", "x-amz-security-token");

    private final TrustedProxies proxies;
    private final Accounts accounts;

    /**
     * Makes events.
     *
     * @param proxies find callers behind them
     * @param accounts name callers
     */
    UrlEvents(TrustedProxies proxies, Accounts accounts) {
        this.proxies = proxies;
        this.accounts = accounts;
    }

    /** An event that only has to be written, which may be done on another thread. */
    record Making(HttpCall call, HttpCall.Context context) {
        byte[] make() {
            return HttpEvent.write(call, context);
        }
    }

    Making of(HttpServerRequest request, Called called, Call call, String requestId, String trace, long atMs) {
        String source = proxies.of(request);
        boolean known = !call.caller().equals(Caller.ANONYMOUS);
        HttpCall http = new HttpCall(
                request.method().name(),
                called.path(),
                called.query(),
                request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
                headers(request, source, trace, known),
                call.body().getBytes(),
                source);
        return new Making(
                http,
                new HttpCall.Context(
                        requestId,
                        atMs,
                        called.url().id(),
                        called.host(),
                        ROUTE,
                        known ? identity(request, call.caller()) : null));
    }

    private List<Map.Entry<String, String>> headers(
            HttpServerRequest request, String source, String trace, boolean known) {
        boolean trusted = proxies.trusts(request);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        request.headers().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!OURS.contains(name) && !(known && PROOFS.contains(name))) {
                headers.add(Map.entry(header.getKey(), header.getValue()));
            }
        });
        headers.add(Map.entry(TRACE_ID, trace));
        headers.add(Map.entry("x-forwarded-for", told(request, trusted, "X-Forwarded-For", source)));
        headers.add(Map.entry("x-forwarded-proto", told(request, trusted, "X-Forwarded-Proto", scheme(request))));
        headers.add(Map.entry("x-forwarded-port", told(request, trusted, "X-Forwarded-Port", port(request))));
        return headers;
    }

    private static String told(HttpServerRequest request, boolean trusted, String header, String otherwise) {
        String value = trusted ? request.getHeader(header) : null;
        return value == null ? otherwise : value;
    }

    private static String scheme(HttpServerRequest request) {
        return request.isSSL() ? "https" : "http";
    }

    private static String port(HttpServerRequest request) {
        int port = request.authority() == null ? -1 : request.authority().port();
        return String.valueOf(port > 0 ? port : request.isSSL() ? 443 : 80);
    }

    private HttpCall.Identity identity(HttpServerRequest request, Caller caller) {
        String arn = caller.arn(accounts);
        String account =
                caller.account().map(it -> accounts.account(it.namespace())).orElse(Accounts.DEFAULT_ACCOUNT);
        return new HttpCall.Identity(accessKey(request), account, arn, caller.name());
    }

    private static @Nullable String accessKey(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        Matcher key = ACCESS_KEY.matcher(authorization == null ? String.valueOf(request.query()) : authorization);
        return key.find() ? key.group(1) : null;
    }
}
