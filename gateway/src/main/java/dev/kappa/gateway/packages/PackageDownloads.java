package dev.kappa.gateway.packages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.http.BodyReader;
import dev.kappa.http.CallThreads;
import dev.kappa.http.ErrorWriter;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives packages to the instances of the functions of their namespace. */
public final class PackageDownloads {
    private static final Logger LOG = LoggerFactory.getLogger(PackageDownloads.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int PROVEN = 10_000;
    /** Each goes through the versions of a namespace; a shim that is refused asks again. */
    private static final int PROOFS = 16;

    private static final long CACHE_BYTES = 64L * 1024 * 1024;

    private final InstanceTokens tokens;
    private final PlatformTokens platform;
    private final Catalog catalog;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CallThreads proofs;
    private final PackageReader reader;
    /** Namespaces by the tokens that were proven to belong to them. */
    private final Cache<String, String> proven = Caffeine.newBuilder()
            .maximumSize(PROVEN)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    /**
     * The downloads.
     *
     * @param store keeps the packages
     * @param tokens checks instances
     * @param platform checks operators
     * @param catalog knows the versions whose shims may read
     */
    public PackageDownloads(PackageStore store, InstanceTokens tokens, PlatformTokens platform, Catalog catalog) {
        this(store, tokens, platform, catalog, new CallThreads(PROOFS));
    }

    PackageDownloads(
            PackageStore store, InstanceTokens tokens, PlatformTokens platform, Catalog catalog, CallThreads proofs) {
        this.proofs = proofs;
        this.reader = new PackageReader(store, CACHE_BYTES, threads);
        this.tokens = tokens;
        this.platform = platform;
        this.catalog = catalog;
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
        if (!platform.proves(request.getHeader(Wire.PLATFORM), token)
                && (token == null || !namespace.equals(proven.getIfPresent(token)))) {
            prove(request, rest, namespace, String.valueOf(token), request.getHeader(Wire.INSTANCE));
        } else if (slash > 0 && DIGEST.matcher(rest.substring(slash + 1)).matches()) {
            read(request, namespace, rest.substring(slash + 1));
        } else {
            refuse(request, AwsError.unknownOperation("Packages are GET and HEAD <namespace>/<sha256>"));
        }
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

    private void prove(
            HttpServerRequest request, String rest, String namespace, String token, @Nullable String instance) {
        if (instance == null) {
            proveRelease010(request, rest, namespace, token);
            return;
        }
        List<String> parts = List.of(instance.split("/", -1));
        if (parts.size() == 3
                && tokens.proves(new VersionKey(namespace, parts.get(0), parts.get(1)), parts.get(2), token)) {
            proven.put(token, namespace);
            internal(request, rest);
            return;
        }
        refuse(
                request,
                AwsError.accessDenied("The token is not that of instance " + instance + " in namespace " + namespace
                        + ", or too old"));
    }

    private static void refuse(HttpServerRequest request, AwsError error) {
        BodyReader.discard(request, 0);
        ErrorWriter.write(request.response(), error);
    }

    /**
     * Its shims do not say of which version they are. Off the event loop, since a namespace may have thousands of versions; what
     * was proven is known for a while.
     */
    private void proveRelease010(HttpServerRequest request, String rest, String namespace, String token) {
        request.pause();
        proofs.run(() -> provesShim(namespace, token)).onComplete(done -> {
            request.resume();
            if (done.succeeded() && done.result()) {
                proven.put(token, namespace);
                internal(request, rest);
                return;
            }
            refuse(
                    request,
                    done.cause() instanceof RefusedException refused
                            ? refused.error()
                            : AwsError.accessDenied("The token is not that of an instance in namespace " + namespace));
        });
    }

    private boolean provesShim(String namespace, String token) {
        List<VersionKey> versions = new ArrayList<>();
        catalog.eachVersion(namespace, versions::add);
        return versions.stream().anyMatch(version -> InstanceToken.matches(tokens.ofRelease010(version), token));
    }

    private static void fail(HttpServerResponse response, Throwable e) {
        if (response.headWritten()) {
            LOG.warn("A package broke off: {}", e.toString());
            response.reset();
        } else if (e instanceof PackageNotFoundException) {
            ErrorWriter.write(response, AwsError.notFound(String.valueOf(e.getMessage())));
        } else {
            LOG.warn("A package cannot be read", e);
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
