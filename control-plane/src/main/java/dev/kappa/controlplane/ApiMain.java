package dev.kappa.controlplane;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.api.v1alpha1.ApiTypes;
import dev.kappa.controlplane.api.ControlApi;
import dev.kappa.controlplane.cluster.KubernetesResourceStore;
import dev.kappa.controlplane.cluster.Namespaces;
import dev.kappa.controlplane.cluster.PodLogs;
import dev.kappa.controlplane.logs.LogsApi;
import dev.kappa.controlplane.packages.InternalPackages;
import dev.kappa.controlplane.packages.PackageLimits;
import dev.kappa.controlplane.packages.PackageUploads;
import dev.kappa.controlplane.sts.StsApi;
import dev.kappa.http.AuditLog;
import dev.kappa.http.CallWatch;
import dev.kappa.http.CallerRates;
import dev.kappa.http.HealthApi;
import dev.kappa.http.HttpPorts;
import dev.kappa.http.Leaving;
import dev.kappa.http.Pipeline;
import dev.kappa.http.PlatformCalls;
import dev.kappa.http.Route;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.AccessKeys;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.CallerAuthenticator;
import dev.kappa.identity.SessionKeyFiles;
import dev.kappa.identity.SessionTokens;
import dev.kappa.identity.cluster.AccessKeyWatch;
import dev.kappa.identity.cluster.KubernetesReviews;
import dev.kappa.jetstream.NatsLink;
import dev.kappa.jetstream.NatsPackageStore;
import dev.kappa.lambda.Accounts;
import dev.kappa.settings.Environment;
import dev.kappa.stores.packages.PackageStore;
import dev.kappa.wire.PlatformTokens;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process kappa-api: wires the parts and leaves in good order. */
public final class ApiMain {
    private static final Logger LOG = LoggerFactory.getLogger(ApiMain.class);
    private static final int API_PORT = 8080;
    private static final int INTERNAL_PORT = 8081;
    private static final int HEALTH_PORT = 8082;

    /** Less than clients wait for an answer. */
    private static final Duration PUBLISH_PATIENCE = Duration.ofSeconds(20);

    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(30);

    private ApiMain() {}

    /**
     * Starts the process.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try {
            run(ApiSettings.from(new Environment("kappa-api", System.getenv())));
        } catch (IllegalArgumentException e) {
            LOG.error("kappa-api cannot start: {}", e.getMessage());
            System.exit(2);
        }
    }

    private static void run(ApiSettings settings) {
        Vertx vertx = HttpPorts.vertx();
        Accounts accounts = new Accounts(settings.region(), settings.defaultNamespace());
        KubernetesClient client = kubernetes();
        Namespaces namespaces = new Namespaces(client, accounts::know);
        NatsLink nats = new NatsLink(settings.nats());
        PackageStore store = new NatsPackageStore(nats);
        PackageUploads uploads = new PackageUploads(vertx, store, PackageLimits.LAMBDA);
        AccessKeys keys = new AccessKeys();
        AccessKeyWatch keyWatch = new AccessKeyWatch(client, settings.accessKeyNamespaces(), keys);
        KubernetesReviews reviews = new KubernetesReviews(client);
        SessionTokens sessions =
                new SessionTokens(new SessionKeyFiles(settings.sessionKeys(), Clock.systemUTC()), Clock.systemUTC());
        Authenticator authenticator =
                new CallerAuthenticator(keys, sessions, reviews, settings.region(), "lambda", Clock.systemUTC());
        Authorizer authorizer = new AccessAuthorizer(reviews, accounts, Clock.systemUTC());
        ControlApi control = new ControlApi(
                new KubernetesResourceStore(client),
                accounts,
                store,
                authorizer,
                settings.runtimes(),
                settings.urls(),
                settings.mappings(),
                PUBLISH_PATIENCE);
        Leaving leaving = new Leaving("kappa-api", LEAVE_LIMIT);
        CallMeters meters = new CallMeters();
        PlatformTokens platform = settings.platform();
        AuditLog audit = new AuditLog("api", settings.audit(), new FileOutputStream(FileDescriptor.out)).start();
        CallWatch watch = new CallWatch(
                audit, new PassedOnAddress(platform), new CallerRates(settings.callerRate(), System::nanoTime));
        StsApi sts = new StsApi(
                new CallerAuthenticator(keys, sessions, reviews, settings.region(), "sts", Clock.systemUTC()),
                authorizer,
                sessions,
                accounts,
                watch);
        KubernetesResourceStore resources = new KubernetesResourceStore(client);
        LogsApi logs = new LogsApi(
                new CallerAuthenticator(keys, sessions, reviews, settings.region(), "logs", Clock.systemUTC()),
                authorizer,
                accounts,
                resources,
                new PodLogs(client),
                watch);
        Future.all(
                        HttpPorts.listen(
                                vertx,
                                API_PORT,
                                HttpPorts.LOOPS,
                                meters.around(PlatformCalls.answering(
                                        platform,
                                        api(
                                                        authenticator,
                                                        authorizer,
                                                        besides(sts, logs),
                                                        leaving::begun,
                                                        control,
                                                        uploads)
                                                .watched(watch)))),
                        HttpPorts.listen(
                                vertx,
                                INTERNAL_PORT,
                                HttpPorts.LOOPS,
                                meters.around(
                                        PlatformCalls.answering(platform, new InternalPackages(uploads, platform)))),
                        HttpPorts.listen(
                                vertx,
                                HEALTH_PORT,
                                1,
                                new HealthApi(() -> missing(namespaces, keyWatch, leaving), meters::scrape)))
                .onSuccess(v -> LOG.info("Listening on {}, {} and {}", API_PORT, INTERNAL_PORT, HEALTH_PORT))
                .onFailure(e -> {
                    LOG.error("kappa-api cannot listen", e);
                    System.exit(1);
                });
        namespaces.start();
        keyWatch.start();
        nats.start();
        leaving.onShutdown(() -> {}, () -> meters.inHand() + audit.waiting());
    }

    /** What gateways pass on as it came: callers prove here who they are, so that nothing is gained by a way round the gateways. */
    static Pipeline api(
            Authenticator authenticator,
            Authorizer authorizer,
            Handler<HttpServerRequest> besides,
            BooleanSupplier leaving,
            Route... routes) {
        return new Pipeline(authenticator, authorizer, List.of(routes), besides, leaving);
    }

    /** Other services of AWS at the same address, told apart by what their calls have in their heads. */
    private static Handler<HttpServerRequest> besides(StsApi sts, LogsApi logs) {
        return request -> {
            if (LogsApi.serves(request)) {
                logs.handle(request);
            } else if (StsApi.serves(request)) {
                sts.handle(request);
            } else {
                Pipeline.unknown(request);
            }
        };
    }

    private static List<String> missing(Namespaces namespaces, AccessKeyWatch keys, Leaving leaving) {
        List<String> missing = new ArrayList<>(namespaces.missing());
        missing.addAll(keys.missing());
        missing.addAll(leaving.missing());
        return missing;
    }

    private static KubernetesClient kubernetes() {
        KubernetesSerialization types = new KubernetesSerialization(new ObjectMapper(), false);
        ApiTypes.READ.forEach(types::registerKubernetesResource);
        return new KubernetesClientBuilder().withKubernetesSerialization(types).build();
    }
}
