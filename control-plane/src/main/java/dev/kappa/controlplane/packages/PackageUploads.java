package dev.kappa.controlplane.packages;

import dev.kappa.http.BodyLimit;
import dev.kappa.http.BodyReader;
import dev.kappa.http.Call;
import dev.kappa.http.CallThreads;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.stores.packages.PackageStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code PUT /kappa/v1/namespaces/{ns}/packages}: stores what users and the operator upload, if the guards let it pass. */
public final class PackageUploads implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(PackageUploads.class);
    private static final Pattern PATH = Pattern.compile("/kappa/v1/namespaces/([^/]+)/packages");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** Their files lie side by side on the disk. */
    private static final int UPLOADS = 32;

    private final Vertx vertx;
    private final PackageStore store;
    private final PackageReceiver receiver;
    private final AtomicInteger inHand = new AtomicInteger();
    private final CallThreads threads = new CallThreads(UPLOADS);

    /**
     * The uploads.
     *
     * @param vertx runs them
     * @param store keeps the packages
     * @param limits what it lets pass
     */
    public PackageUploads(Vertx vertx, PackageStore store, PackageLimits limits) {
        this.vertx = vertx;
        this.store = store;
        this.receiver = new PackageReceiver(vertx, limits);
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        return HttpMethod.PUT.equals(request.method())
                && PATH.matcher(String.valueOf(request.path())).matches();
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        return Action.PUT_PACKAGE.on(Target.namespace(namespace(request)), "*");
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        return BodyLimit.OF_THE_ROUTE;
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        put(request, namespace(request), call.bodySha256());
    }

    private static String namespace(HttpServerRequest request) {
        Matcher path = PATH.matcher(request.path());
        return path.matches() ? path.group(1) : "";
    }

    /** Stores a package, which must have the digest if one is given. */
    void put(HttpServerRequest request, String namespace, @Nullable String sha256) {
        HttpServerResponse response = request.response();
        if (!NAMESPACE.matcher(namespace).matches()) {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    response, AwsError.invalidParameter("'" + namespace + "' is not the name of a namespace."));
            return;
        }
        if (inHand.incrementAndGet() > UPLOADS) {
            inHand.decrementAndGet();
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    response,
                    AwsError.service(503, UPLOADS + " packages are being uploaded at this moment. Try again."));
            return;
        }
        receiver.receive(request)
                .compose(received -> store(namespace, received, sha256))
                .onComplete(ended -> inHand.decrementAndGet())
                .onSuccess(stored -> response.setStatusCode(201)
                        .putHeader("Content-Type", "application/json")
                        .end(stored.toBuffer()))
                .onFailure(e -> fail(response, e));
    }

    private Future<JsonObject> store(String namespace, PackageReceiver.Received received, @Nullable String signed) {
        return threads.run(() -> {
                    if (signed != null && !signed.equals(received.sha256())) {
                        throw new RefusedException(AwsError.invalidSignature(
                                "The provided 'x-amz-content-sha256' header does not match what was computed."));
                    }
                    receiver.check(received);
                    store.put(namespace, received.sha256(), received.file());
                    return new JsonObject().put("sha256", received.sha256()).put("size", received.size());
                })
                .eventually(() -> vertx.fileSystem().delete(received.file().toString()));
    }

    private static void fail(HttpServerResponse response, Throwable e) {
        if (e instanceof BadPackageException) {
            ErrorWriter.write(response, AwsError.invalidParameter(String.valueOf(e.getMessage())));
            return;
        }
        if (e instanceof RefusedException refused) {
            ErrorWriter.write(response, refused.error());
            return;
        }
        LOG.warn("A package cannot be stored", e);
        ErrorWriter.write(
                response, AwsError.service(503, "The package store does not work: " + e.getMessage() + ". Try again."));
    }
}
