package dev.kappa.gateway.dispatch;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.lambda.VersionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long events wait for an instance, and what their callers are told then; guarded by the function's dispatcher. */
final class WaitLimits {
    /** For the cluster to give what it refused a moment ago, or for code that is there now to be known. */
    private static final long NO_PODS_MS = 2_000;

    /** Lambda's limit of an initialisation; one that takes longer is tried again within the function's timeout. */
    private static final long INIT_MS = 10_000;

    private final ClusterView cluster;
    private final long waitMs;

    WaitLimits(ClusterView cluster, long waitMs) {
        this.cluster = cluster;
        this.waitMs = waitMs;
    }

    /** An event that waited too long, and its answer. */
    record Expired(AdmittedEvent admitted, Answer answer) {}

    /** Takes out what waited too long and holds nothing for it any more. */
    List<Expired> expire(VersionState state, long nowMs) {
        List<Expired> expired = new ArrayList<>();
        VersionConfig config = cluster.version(state.key);
        String noPods = config == null || state.hasInstance() ? null : config.noPods();
        long longest = noPods != null ? NO_PODS_MS : longest(state, config);
        for (AdmittedEvent old = state.expire(nowMs - longest, nowMs);
                old != null;
                old = state.expire(nowMs - longest, nowMs)) {
            state.outcomes.ended(true);
            expired.add(end(old, config, noPods, nowMs));
        }
        state.expireBackground(nowMs).forEach(old -> expired.add(end(old, config, noPods, nowMs)));
        return expired;
    }

    private long longest(VersionState state, @Nullable VersionConfig config) {
        return config == null || !state.initializes()
                ? waitMs
                : Math.max(waitMs, INIT_MS + config.timeoutSeconds() * 1000L);
    }

    private static Expired end(AdmittedEvent old, @Nullable VersionConfig config, @Nullable String noPods, long nowMs) {
        old.release();
        VersionKey version = old.event.version();
        long waitedMs = nowMs - old.event.arrivedAtMs();
        return new Expired(
                old,
                noPods != null
                        ? new Answer.Failed(502, "No instance of " + version + " can start: " + sentence(noPods))
                        : new Answer.Failed(
                                500,
                                "No instance of " + version + " took the event within " + waitedMs / 1000 + " s: "
                                        + sentence(whyNoInstance(version, config))));
    }

    /** What Kubernetes and others say ends with a full stop or does not. */
    private static String sentence(String words) {
        return words.endsWith(".") ? words : words + ".";
    }

    private static String whyNoInstance(VersionKey key, @Nullable VersionConfig config) {
        if (config == null) {
            return "the version was deleted";
        }
        if (config.notReady() != null) {
            return config.notReady();
        }
        return config.revision() == null
                ? "the operator has not prepared it yet"
                : "no instance of revision " + config.revision() + " was free; look at the pods labelled" + " "
                        + Labels.FUNCTION + "=" + key.function();
    }
}
