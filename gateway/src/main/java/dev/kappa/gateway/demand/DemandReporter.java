package dev.kappa.gateway.demand;

import dev.kappa.gateway.demand.OperatorLink.Batch;
import dev.kappa.gateway.dispatch.DispatchListener;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.http.LoopClient;
import dev.kappa.http.PlatformCalls;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandAnswer;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.AsyncQueue;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Hello;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pushes demand to every operator replica: at once what asks for a decision, all of it with each heartbeat. */
public final class DemandReporter implements DispatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(DemandReporter.class);
    private static final int OK = 200;
    private static final long LIMIT_MS = 2000;

    private final String gateway;
    private final Dispatcher dispatcher;
    private final PlatformTokens platform;
    private final int port;
    private final LoopClient client;
    private final Context context;
    private volatile Supplier<List<AsyncQueue>> queues = List::of;
    private final Map<String, OperatorLink> links = new ConcurrentHashMap<>();

    /**
     * A reporter that knows no operator yet.
     *
     * @param vertx runs it
     * @param client its connections
     * @param gateway name of this pod
     * @param dispatcher whose demand it reports
     * @param platform what it shows
     * @param port on which operators listen
     */
    public DemandReporter(
            Vertx vertx, LoopClient client, String gateway, Dispatcher dispatcher, PlatformTokens platform, int port) {
        this.gateway = gateway;
        this.dispatcher = dispatcher;
        this.platform = platform;
        this.port = port;
        this.client = client;
        this.context = vertx.getOrCreateContext();
    }

    /**
     * Replaces the operators.
     *
     * @param hosts their addresses
     */
    public void operators(Collection<String> hosts) {
        links.keySet().retainAll(hosts);
        hosts.forEach(host -> push(links.computeIfAbsent(host, OperatorLink::new)));
    }

    /**
     * Tells of asynchronous events as well.
     *
     * @param states of the queues that this gateway owns; does not block
     */
    public void queues(Supplier<List<AsyncQueue>> states) {
        queues = states;
    }

    /** Reports everything; to be called once a second. */
    public void heartbeat() {
        each(OperatorLink::full);
    }

    @Override
    public void unmet(VersionKey version) {
        each(link -> link.changed(version));
    }

    @Override
    public void hello(Hello hello) {
        VersionKey version = new VersionKey(hello.namespace(), hello.function(), hello.version());
        each(link -> {
            link.changed(version);
            link.hello(hello);
        });
    }

    @Override
    public void lost(VersionKey version, LostInstance lost) {
        each(link -> {
            link.changed(version);
            link.lost(lost);
        });
    }

    private void each(Consumer<OperatorLink> news) {
        for (OperatorLink link : links.values()) {
            news.accept(link);
            push(link);
        }
    }

    /** Always on one event loop: on another thread an answer may come before its handlers are set, and is never seen. */
    private void push(OperatorLink link) {
        context.runOnContext(v -> pushHere(link));
    }

    private void pushHere(OperatorLink link) {
        link.take().ifPresent(batch -> {
            try {
                send(link, batch).onSuccess(answer -> taken(link, answer)).onFailure(e -> failed(link, batch, e));
            } catch (RuntimeException e) {
                LOG.error("The demand report for operator {} was not sent", link.host, e);
                failed(link, batch, e);
            }
        });
    }

    private void taken(OperatorLink link, DemandAnswer answer) {
        try {
            answer.decisions()
                    .forEach(decision -> dispatcher.decided(
                            new VersionKey(decision.namespace(), decision.function(), decision.version())));
        } finally {
            link.delivered();
            push(link);
        }
    }

    private static void failed(OperatorLink link, Batch batch, Throwable e) {
        LOG.debug("Operator {} does not take the demand report: {}", link.host, e.toString());
        link.failed(batch);
    }

    private Future<DemandAnswer> send(OperatorLink link, Batch batch) {
        DemandReport report = new DemandReport(
                gateway,
                System.currentTimeMillis(),
                batch.full(),
                dispatcher.demand(version -> batch.full() || batch.changed().contains(version)),
                batch.hellos(),
                batch.lost(),
                batch.full() ? queues.get() : List.of());
        Buffer body = Json.encodeToBuffer(report);
        Shown shown = platform.to(link.host);
        return client.request(PlatformCalls.show(
                        new RequestOptions()
                                .setMethod(HttpMethod.POST)
                                .setHost(link.host)
                                .setPort(port)
                                .setURI(Wire.DEMAND)
                                .setIdleTimeout(LIMIT_MS)
                                .putHeader("Content-Type", "application/json"),
                        shown))
                .compose(request -> request.send(body))
                .compose(response -> PlatformCalls.proven(response, shown))
                .compose(response -> response.body()
                        .compose(answer -> response.statusCode() == OK
                                ? Future.succeededFuture(Json.decodeValue(answer, DemandAnswer.class))
                                : Future.failedFuture("status " + response.statusCode() + ": " + answer)));
    }
}
