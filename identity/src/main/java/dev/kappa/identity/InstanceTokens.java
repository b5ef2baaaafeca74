package dev.kappa.identity;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.InstanceToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The tokens that the gateway shows and checks, derived from the installation's key. */
public final class InstanceTokens {
    /** Versions that are called at the same time; those of others are derived again. */
    private static final int MOST_KNOWN = 10_000;

    private final byte[] key;
    private final InstantSource clock;
    private final LoadingCache<VersionKey, String> secrets =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build(this::secret);

    /**
     * The tokens of an installation.
     *
     * @param secret the installation's key, not empty; its UTF-8 bytes count
     */
    public InstanceTokens(String secret) {
        this(secret, InstantSource.system());
    }

    /**
     * The tokens of an installation at any time.
     *
     * @param secret the installation's key, not empty; its UTF-8 bytes count
     * @param clock the time
     */
    public InstanceTokens(String secret, InstantSource clock) {
        this.key = secret.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /**
     * What the gateway shows to an instance, and the instance to it.
     *
     * @param version a version that exists
     * @param pod the instance's
     * @return to be shown for {@link #renewIn} more
     */
    public String of(VersionKey version, String pod) {
        return InstanceToken.of(secrets.get(version), pod, nowSeconds());
    }

    /**
     * For how long the tokens of now are to be shown.
     *
     * @return at least a second
     */
    public Duration renewIn() {
        return Duration.ofSeconds(InstanceToken.renewIn(nowSeconds()));
    }

    /**
     * What shims of release 0.1.0 show and are shown, which an upgrade leaves running for a while.
     *
     * @param version a version that exists
     * @return 64 hex digits
     */
    public String ofRelease010(VersionKey version) {
        return InstanceToken.ofVersion(key, version.namespace(), version.function(), version.version());
    }

    /**
     * Whether a caller is an instance of a version.
     *
     * @param version what it claims to be
     * @param pod its name, as it says
     * @param given what it showed
     * @return whether it may
     */
    public boolean proves(VersionKey version, String pod, @Nullable String given) {
        return given != null
                && (InstanceToken.proves(secret(version), pod, given, nowSeconds())
                        || InstanceToken.matches(ofRelease010(version), given));
    }

    private long nowSeconds() {
        return clock.millis() / 1000;
    }

    private String secret(VersionKey version) {
        return InstanceToken.secret(key, version.namespace(), version.function(), version.version());
    }
}
