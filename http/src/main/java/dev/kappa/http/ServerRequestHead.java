package dev.kappa.http;

import dev.kappa.identity.RequestHead;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What proves a caller in a request of a port.
 *
 * @param request as it came
 */
public record ServerRequestHead(HttpServerRequest request) implements RequestHead {
    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String target() {
        return request.uri();
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    @Override
    public List<String> values(String name) {
        return request.headers().getAll(name);
    }

    @Override
    public Collection<String> names() {
        return request.headers().names();
    }
}
