package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Fate;
import dev.kappa.wire.ShimState;
import io.vertx.core.Future;
import java.util.Optional;

/** The calls to instances, and a timer; none of them blocks. */
public interface ShimCalls {
    /**
     * Sends an event once.
     *
     * @param address where its shim listens
     * @param event what to run
     * @param limitMs after how many milliseconds without an answer the connection counts as broken
     * @return never fails
     */
    Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs);

    /**
     * Asks how an event ended whose connection broke, for at most a second.
     *
     * @param address where its shim listens
     * @param event the event
     * @return empty if nobody knows; never fails
     */
    Future<Optional<Fate>> fate(InstanceAddress address, Event event);

    /**
     * Asks what an instance does.
     *
     * @param address where its shim listens
     * @param version the version whose token is shown
     * @return empty if it does not answer; never fails
     */
    Future<Optional<ShimState>> state(InstanceAddress address, VersionKey version);

    /**
     * Runs something later.
     *
     * @param delayMs milliseconds, at least 1
     * @param action what to run
     */
    void after(long delayMs, Runnable action);
}
