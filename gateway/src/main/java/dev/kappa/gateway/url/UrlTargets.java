package dev.kappa.gateway.url;

import dev.kappa.gateway.catalog.Urls;
import dev.kappa.gateway.catalog.Urls.Url;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.http.FunctionUrls;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds whose URL a request calls: by the host, or by the beginning of its path. */
final class UrlTargets {
    /** Longer ones name no function. */
    private static final int LONGEST_NAME = 512;

    private final Urls urls;
    private final FunctionUrls addresses;

    /**
     * Looks them up.
     *
     * @param urls all there are
     * @param addresses what they look like
     */
    UrlTargets(Urls urls, FunctionUrls addresses) {
        this.urls = urls;
        this.addresses = addresses;
    }

    /**
     * What a request calls.
     *
     * @param url whose
     * @param path below the URL's address, undecoded; begins with a slash
     * @param query undecoded, empty for none
     * @param host without a port
     */
    record Called(Url url, String path, String query, String host) {}

    Optional<Called> find(HttpServerRequest request) {
        return find(request.getHeader(HttpHeaders.HOST), request.uri());
    }

    Optional<Called> find(@Nullable String hostHeader, String uri) {
        String target = withoutAuthority(uri);
        if (!target.startsWith("/")) {
            return Optional.empty();
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        String host = withoutPort(hostHeader == null ? "" : hostHeader);
        Optional<String> id = addresses.idOf(host);
        if (id.isPresent()) {
            return urls.find(id.get()).map(url -> new Called(url, path, query, host));
        }
        return path.startsWith(FunctionUrls.PREFIX) ? byPath(path, query, host) : Optional.empty();
    }

    private Optional<Called> byPath(String path, String query, String host) {
        int from = FunctionUrls.PREFIX.length();
        int slash = path.indexOf('/', from);
        if (slash < 0) {
            return Optional.empty();
        }
        int end = path.indexOf('/', slash + 1);
        String name = path.substring(slash + 1, end < 0 ? path.length() : end);
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        String written = FunctionParameters.decode(name);
        int colon = written.indexOf(':');
        FunctionRef ref = new FunctionRef(
                path.substring(from, slash),
                colon < 0 ? written : written.substring(0, colon),
                colon < 0 ? null : written.substring(colon + 1));
        return urls.find(ref)
                .or(() -> urls.find(ref.ofResources()))
                .map(url -> new Called(url, end < 0 ? "/" : path.substring(end), query, host));
    }

    /** Proxies may ask for {@code http://host/path}. */
    private static String withoutAuthority(String uri) {
        if (uri.startsWith("/")) {
            return uri;
        }
        int scheme = uri.indexOf("://");
        if (scheme < 0) {
            return uri;
        }
        int slash = uri.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : uri.substring(slash);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.indexOf(']', colon) >= 0 ? host : host.substring(0, colon);
    }
}
