package dev.kappa.identity;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.InstanceToken;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The tokens that the gateway shows and checks, derived from the installation's key. */
public final class InstanceTokens {
    /** Versions that are called at the same time; those of others are derived again. */
    private static final int MOST_SHOWN = 10_000;

    private final byte[] key;
    private final String platform;
    private final LoadingCache<VersionKey, String> shown =
            Caffeine.newBuilder().maximumSize(MOST_SHOWN).build(this::derive);

    /**
     * The tokens of an installation.
     *
     * @param secret the installation's key, not empty; its UTF-8 bytes count
     */
    public InstanceTokens(String secret) {
        this.key = secret.getBytes(StandardCharsets.UTF_8);
        this.platform = InstanceToken.ofPlatform(key);
    }

    /**
     * What the gateway shows to other gateways and operators.
     *
     * @return 64 hex digits
     */
    public String platform() {
        return platform;
    }

    /**
     * What the gateway shows to the shims of a version.
     *
     * @param version a version that exists
     * @return 64 hex digits
     */
    public String of(VersionKey version) {
        return shown.get(version);
    }

    /**
     * Whether a caller is a gateway or an operator.
     *
     * @param given what it showed
     * @return whether it may
     */
    public boolean provesPlatform(@Nullable String given) {
        return given != null && InstanceToken.matches(platform, given);
    }

    /**
     * Whether a caller is an instance of a version.
     *
     * @param version what it claims to be
     * @param given what it showed
     * @return whether it may
     */
    public boolean proves(VersionKey version, @Nullable String given) {
        return given != null && InstanceToken.matches(derive(version), given);
    }

    private String derive(VersionKey version) {
        return InstanceToken.ofVersion(key, version.namespace(), version.function(), version.version());
    }
}
