package dev.kappa.controlplane;

import dev.kappa.controlplane.api.ControlApi;
import dev.kappa.controlplane.api.MappingDefaults;
import dev.kappa.controlplane.api.MemoryResourceStore;
import dev.kappa.controlplane.packages.InternalPackages;
import dev.kappa.controlplane.packages.MemoryPackageStore;
import dev.kappa.controlplane.packages.PackageLimits;
import dev.kappa.controlplane.packages.PackageUploads;
import dev.kappa.http.Pipeline;
import dev.kappa.identity.Access;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.wire.PlatformTokens;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** kappa-api on loopback without Kubernetes and NATS. */
public final class TestApi {
    public final PlatformTokens platform = PlatformTokens.of("secret", PlatformTokens.API, "", "");
    public final MemoryPackageStore store = new MemoryPackageStore();
    public final MemoryResourceStore resources = new MemoryResourceStore();
    public final Accounts accounts = new Accounts("us-east-1", "default");
    /** What the caller may not do, of that which only the body of a call tells. */
    public final Set<Access> refused = ConcurrentHashMap.newKeySet();

    private final HttpServer open;
    private final HttpServer internal;

    public TestApi(Vertx vertx) throws Exception {
        PackageUploads uploads = new PackageUploads(vertx, store, PackageLimits.LAMBDA);
        Authorizer authorizer =
                new AccessAuthorizer((caller, access) -> !refused.contains(access), accounts, Clock.systemUTC());
        ControlApi control = new ControlApi(
                resources,
                accounts,
                store,
                authorizer,
                Set.of("php8.4", "go1.x"),
                new FunctionUrls("http://urls.test", "", "https"),
                new MappingDefaults("http://queues:9324", "queue-key"),
                Duration.ofSeconds(1));
        open = listen(
                vertx,
                ApiMain.api(
                        head -> CompletableFuture.completedFuture(new Proven(new Caller("ada"), null)),
                        (caller, permission) -> CompletableFuture.completedFuture(permission),
                        Pipeline::unknown,
                        () -> false,
                        control,
                        uploads));
        internal = listen(vertx, new InternalPackages(uploads, platform));
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
