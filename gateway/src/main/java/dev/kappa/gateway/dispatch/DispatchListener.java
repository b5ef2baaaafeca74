package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Hello;

/** Who wants to know at once what happens to versions; called without locks held. */
public interface DispatchListener {
    /**
     * An event waits for an instance.
     *
     * @param version whose
     */
    default void unmet(VersionKey version) {}

    /**
     * An instance said hello.
     *
     * @param hello what it said
     */
    default void hello(Hello hello) {}

    /**
     * An instance died or does not answer.
     *
     * @param version whose
     * @param lost which and why
     */
    default void lost(VersionKey version, LostInstance lost) {}

    /**
     * An event ended.
     *
     * @param version whose
     * @param answer how
     * @param tookMs milliseconds since it came
     */
    default void ended(VersionKey version, Answer answer, long tookMs) {}
}
