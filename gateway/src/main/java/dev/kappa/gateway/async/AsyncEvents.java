package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.Accounts;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.Subjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The parts of asynchronous invocation that the process runs.
 *
 * @param invoker accepts events
 * @param api tells of them
 * @param drains runs them
 */
public record AsyncEvents(AsyncInvoker invoker, AsyncApi api, Drains drains) {
    /** Each has a thread while NATS does not answer. */
    private static final int EVENTS_ON_THEIR_WAY = 4096;

    /**
     * Where events are kept.
     *
     * @param queue until they are settled
     * @param outcomes how they ended
     * @param letters those that were given up
     * @param subjects of users
     */
    public record Stores(EventQueue queue, OutcomeStore outcomes, DeadLetters letters, Subjects subjects) {}

    /**
     * What can be set.
     *
     * @param firstRetry after how long an event runs again that the function failed; the next time after twice that
     * @param destinationLimit how long a target is tried
     * @param privateHosts hosts with private addresses that web hooks may name
     * @param secret the installation's key
     * @param maxBytes of payload on their way to the queue, and as many that came from there
     */
    public record Options(
            Duration firstRetry, Duration destinationLimit, List<String> privateHosts, String secret, long maxBytes) {}

    /**
     * Puts the parts together.
     *
     * @param vertx runs web hooks
     * @param stores keep events
     * @param options what can be set
     * @param dispatcher runs events
     * @param catalog knows functions
     * @param accounts names them
     * @param ring names owners
     * @param registry of meters
     * @param ready whether the catalog is complete
     * @return the parts
     */
    public static AsyncEvents assemble(
            Vertx vertx,
            Stores stores,
            Options options,
            Dispatcher dispatcher,
            Catalog catalog,
            Accounts accounts,
            Ring ring,
            MeterRegistry registry,
            BooleanSupplier ready) {
        AsyncMeters meters = new AsyncMeters(registry);
        WebHookSigner signer = new WebHookSigner(options.secret());
        Destinations destinations = new Destinations(
                stores.queue(),
                stores.subjects(),
                new WebHooks(vertx, signer, options.privateHosts()),
                catalog,
                accounts);
        OutcomeStore outcomes = new RetryingOutcomeStore(stores.outcomes(), System::currentTimeMillis, Thread::sleep);
        Settlement settlement = new Settlement(
                outcomes,
                stores.letters(),
                destinations,
                catalog,
                meters,
                options.destinationLimit().toMillis(),
                System::currentTimeMillis);
        EventRunner runner = new EventRunner(
                dispatcher,
                catalog,
                outcomes,
                settlement,
                new Retry(options.firstRetry().toMillis()),
                meters,
                System::currentTimeMillis);
        return new AsyncEvents(
                new AsyncInvoker(stores.queue(), meters, options.maxBytes(), EVENTS_ON_THEIR_WAY),
                new AsyncApi(
                        catalog,
                        accounts,
                        stores.outcomes(),
                        stores.letters(),
                        new Redrive(stores.queue(), stores.letters(), catalog),
                        signer),
                new Drains(
                        stores.queue(),
                        runner,
                        stores.letters(),
                        meters,
                        ring,
                        catalog,
                        ready,
                        options.maxBytes(),
                        Drains.UNUSED));
    }
}
