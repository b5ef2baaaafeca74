package dev.kappa.controlplane;

import dev.kappa.controlplane.api.ControlApi;
import dev.kappa.controlplane.api.MemoryResourceStore;
import dev.kappa.controlplane.packages.InternalPackages;
import dev.kappa.controlplane.packages.MemoryPackageStore;
import dev.kappa.controlplane.packages.PackageLimits;
import dev.kappa.controlplane.packages.PackageUploads;
import dev.kappa.identity.Caller;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.Accounts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** kappa-api on loopback without Kubernetes and NATS. */
public final class TestApi {
    public final InstanceTokens tokens = new InstanceTokens("secret");
    public final MemoryPackageStore store = new MemoryPackageStore();
    public final MemoryResourceStore resources = new MemoryResourceStore();
    private final HttpServer open;
    private final HttpServer internal;

    public TestApi(Vertx vertx) throws Exception {
        PackageUploads uploads = new PackageUploads(vertx, store, PackageLimits.LAMBDA);
        ControlApi control =
                new ControlApi(resources, new Accounts("us-east-1", "default"), store, Duration.ofSeconds(1));
        open = listen(
                vertx,
                ApiMain.api(
                        head -> CompletableFuture.completedFuture(new Proven(new Caller("ada"), null)),
                        (caller, permission) -> CompletableFuture.completedFuture(permission),
                        () -> false,
                        control,
                        uploads));
        internal = listen(vertx, new InternalPackages(uploads, tokens));
    }

    private static HttpServer listen(Vertx vertx, Handler<HttpServerRequest> handler) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    public String publicUrl() {
        return "http://127.0.0.1:" + open.actualPort();
    }

    public String internalUrl() {
        return "http://127.0.0.1:" + internal.actualPort();
    }
}
