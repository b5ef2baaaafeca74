package dev.kappa.shim.core;

import dev.kappa.wire.InstanceToken;
import org.jspecify.annotations.Nullable;

/** The tokens by which this instance and the gateways know each other; the secret that they are made of is never sent. */
public final class Tokens {
    private final String secret;
    private final String pod;
    private final String ofKubelet;
    private volatile @Nullable Known known;

    /** What all gateways show for some minutes, so that it is not computed for each event. */
    private record Known(String token, long untilSeconds) {}

    public Tokens(String secret, String pod) {
        this.secret = secret;
        this.pod = pod;
        this.ofKubelet = InstanceToken.ofKubelet(secret);
    }

    /** What this instance shows now. */
    public String own() {
        return InstanceToken.of(secret, pod, nowSeconds());
    }

    /** Whether a caller is a gateway. */
    public boolean provesGateway(String given) {
        long now = nowSeconds();
        Known last = known;
        if (last != null && now < last.untilSeconds() && InstanceToken.matches(last.token(), given)) {
            return true;
        }
        if (!InstanceToken.proves(secret, pod, given, now)) {
            return false;
        }
        known = new Known(given, now + InstanceToken.renewIn(now));
        return true;
    }

    /** Whether a caller is the kubelet, which is told what to show by the pod's template. */
    public boolean provesKubelet(String given) {
        return InstanceToken.matches(ofKubelet, given);
    }

    private static long nowSeconds() {
        return System.currentTimeMillis() / 1000;
    }
}
