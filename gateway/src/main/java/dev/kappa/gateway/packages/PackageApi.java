package dev.kappa.gateway.packages;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Access;
import dev.kappa.identity.Caller;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploads packages for users and operators, serves them to shims. */
public final class PackageApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(PackageApi.class);
    private static final Pattern PUBLIC = Pattern.compile("/kappa/v1/namespaces/([^/]+)/packages");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final long CACHE_BYTES = 64L * 1024 * 1024;

    private final PackageStore store;
    private final InstanceTokens tokens;
    private final Catalog catalog;
    private final Upload uploads;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PackageReader reader;

    /**
     * The API.
     *
     * @param vertx runs it
     * @param store keeps the packages
     * @param limits what it lets pass
     * @param tokens checks internal callers
     * @param catalog knows the versions whose shims may read
     */
    public PackageApi(Vertx vertx, PackageStore store, PackageLimits limits, InstanceTokens tokens, Catalog catalog) {
        this.store = store;
        this.reader = new PackageReader(store, CACHE_BYTES, threads);
        this.tokens = tokens;
        this.catalog = catalog;
        this.uploads = new Upload(vertx, limits);
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        return HttpMethod.PUT.equals(request.method())
                && PUBLIC.matcher(String.valueOf(request.path())).matches();
    }

    @Override
    public Access access(HttpServerRequest request) {
        Matcher path = PUBLIC.matcher(request.path());
        return new Access("create", "packages", path.matches() ? path.group(1) : "", "");
    }

    /** An upload of a user: {@code PUT /kappa/v1/namespaces/{ns}/packages}. */
    @Override
    public void handle(HttpServerRequest request, Caller caller) {
        Matcher path = PUBLIC.matcher(request.path());
        put(request, path.matches() ? path.group(1) : "");
    }

    /**
     * Calls under {@link Wire#PACKAGES}.
     *
     * @param request not read yet
     * @param rest the path after it and a slash
     */
    public void internal(HttpServerRequest request, String rest) {
        int slash = rest.indexOf('/');
        String namespace = slash < 0 ? rest : rest.substring(0, slash);
        String token = request.getHeader(Wire.TOKEN);
        if (!tokens.provesPlatform(token) && (token == null || !provesShim(namespace, token))) {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    request.response(),
                    AwsError.accessDenied("The token is not that of an instance in namespace " + namespace));
        } else if (slash < 0 && HttpMethod.PUT.equals(request.method()) && tokens.provesPlatform(token)) {
            put(request, namespace);
        } else if (slash > 0 && DIGEST.matcher(rest.substring(slash + 1)).matches()) {
            read(request, namespace, rest.substring(slash + 1));
        } else {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    request.response(),
                    AwsError.unknownOperation("Packages are GET, HEAD <namespace>/<sha256> and PUT <namespace>"));
        }
    }

    private void put(HttpServerRequest request, String namespace) {
        HttpServerResponse response = request.response();
        if (!NAMESPACE.matcher(namespace).matches()) {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    response, AwsError.invalidParameter("'" + namespace + "' is not the name of a namespace."));
            return;
        }
        uploads.receive(request)
                .compose(received -> blocking(() -> {
                    try {
                        uploads.check(received);
                        store.put(namespace, received.sha256(), received.file());
                        return new JsonObject().put("sha256", received.sha256()).put("size", received.size());
                    } finally {
                        Files.deleteIfExists(received.file());
                    }
                }))
                .onSuccess(stored -> response.setStatusCode(201)
                        .putHeader("Content-Type", "application/json")
                        .end(stored.toBuffer()))
                .onFailure(e -> fail(response, e));
    }

    private void read(HttpServerRequest request, String namespace, String sha256) {
        HttpServerResponse response = request.response();
        boolean head = HttpMethod.HEAD.equals(request.method());
        if (!head && !HttpMethod.GET.equals(request.method())) {
            BodyReader.discard(request, 0);
            response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
            return;
        }
        Buffer kept = head ? null : reader.kept(namespace, sha256);
        if (kept != null) {
            PackageReader.head(response, kept.length());
            response.end(kept);
            return;
        }
        blocking(() -> {
                    if (head) {
                        OptionalLong size = reader.size(namespace, sha256);
                        size.ifPresentOrElse(it -> PackageReader.head(response, it), () -> response.setStatusCode(404));
                        response.end();
                    } else {
                        reader.give(namespace, sha256, response);
                    }
                    return true;
                })
                .onFailure(e -> fail(response, e));
    }

    private boolean provesShim(String namespace, String token) {
        List<VersionKey> versions = new ArrayList<>();
        catalog.eachVersion(namespace, versions::add);
        return versions.stream().anyMatch(version -> tokens.proves(version, token));
    }

    private static void fail(HttpServerResponse response, Throwable e) {
        if (response.headWritten()) {
            LOG.warn("A package broke off: {}", e.toString());
            response.reset();
        } else if (e instanceof PackageNotFoundException) {
            ErrorWriter.write(response, AwsError.notFound(String.valueOf(e.getMessage())));
        } else if (e instanceof BadPackageException) {
            ErrorWriter.write(response, AwsError.invalidParameter(String.valueOf(e.getMessage())));
        } else {
            LOG.warn("A package cannot be read or stored", e);
            response.headers().remove("Content-Length");
            ErrorWriter.write(
                    response,
                    AwsError.service(503, "The package store does not work: " + e.getMessage() + ". Try again."));
        }
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return Future.future(promise -> threads.execute(() -> {
            try {
                promise.complete(work.call());
            } catch (Exception e) {
                promise.fail(e);
            }
        }));
    }
}
