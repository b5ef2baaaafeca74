package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeResult.Stored;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Sees to it that the code of a function lies in the package store, wherever its manifest says that it comes from. */
public final class CodeSource {
    /** How long a package that was seen in the store is believed to be there. */
    private static final long BELIEVED_MS = 60_000;

    private record Key(String namespace, String sha256) {}

    private final PackageStore store;
    private final UrlFetch fetch;
    private final ConcurrentMap<Key, Long> seenAtMs = new ConcurrentHashMap<>();

    /**
     * A source.
     *
     * @param gatewayUrl base address of the gateway's internal listener
     * @param secret the installation's key
     * @param privateHosts hosts with private addresses that {@code code.url} may name
     */
    public CodeSource(String gatewayUrl, String secret, List<String> privateHosts) {
        this.store = new PackageStore(gatewayUrl, secret);
        this.fetch = new UrlFetch(new AddressGuard(privateHosts));
    }

    /**
     * Makes sure that the code is stored.
     *
     * @param namespace namespace of the function
     * @param code one of its fields is set
     * @return the digest, or why there is none
     * @throws InterruptedException when the operator stops
     */
    public CodeResult resolve(String namespace, Code code) throws InterruptedException {
        try {
            if (code.inline != null) {
                return inline(namespace, InlineZip.of(code.inline));
            }
            if (code.uploaded != null) {
                return uploaded(namespace, code.uploaded.sha256);
            }
            if (code.url != null) {
                return url(namespace, code.url);
            }
            return new Stored(null);
        } catch (PackageStore.RefusedException e) {
            return new Missing("PackageRefused", "The code package is refused: " + e.getMessage());
        } catch (IOException e) {
            return new Missing(
                    "PackageStoreUnavailable",
                    "The package store cannot be reached (" + e.getMessage()
                            + "); look at the pods of kappa-gateway and kappa-nats. Kappa tries again.");
        }
    }

    /**
     * Whether a frozen package is stored.
     *
     * @param namespace namespace of the function
     * @param sha256 its digest, null for an image
     * @throws InterruptedException when the operator stops
     */
    public CodeResult pinned(String namespace, @Nullable String sha256) throws InterruptedException {
        if (sha256 == null) {
            return new Stored(null);
        }
        try {
            return uploaded(namespace, sha256);
        } catch (IOException e) {
            return new Missing("PackageStoreUnavailable", "The package store cannot be reached: " + e.getMessage());
        }
    }

    private CodeResult inline(String namespace, byte[] zip) throws IOException, InterruptedException {
        String sha256 = sha256(zip);
        if (!isStored(namespace, sha256)) {
            store.put(namespace, zip);
            seen(namespace, sha256);
        }
        return new Stored(sha256);
    }

    private CodeResult uploaded(String namespace, String sha256) throws IOException, InterruptedException {
        if (isStored(namespace, sha256)) {
            return new Stored(sha256);
        }
        return new Missing(
                "PackageNotFound",
                "No package " + sha256 + " is stored for namespace " + namespace
                        + "; upload it: curl -T function.zip <gateway>/kappa/v1/namespaces/" + namespace + "/packages");
    }

    private CodeResult url(String namespace, Code.Url url) throws IOException, InterruptedException {
        if (isStored(namespace, url.sha256)) {
            return new Stored(url.sha256);
        }
        byte[] zip;
        try {
            zip = fetch.get(url.location);
        } catch (IOException e) {
            return new Missing("FetchFailed", "spec.code.url.location cannot be fetched: " + e.getMessage());
        }
        String actual = sha256(zip);
        if (!actual.equals(url.sha256)) {
            return new Missing(
                    "DigestMismatch",
                    "What " + url.location + " serves has the digest " + actual
                            + ", not spec.code.url.sha256; correct the one or the other.");
        }
        store.put(namespace, zip);
        seen(namespace, url.sha256);
        return new Stored(url.sha256);
    }

    private boolean isStored(String namespace, String sha256) throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        Long seen = seenAtMs.get(new Key(namespace, sha256));
        if (seen != null && now - seen < BELIEVED_MS) {
            return true;
        }
        seenAtMs.values().removeIf(at -> now - at >= BELIEVED_MS);
        if (!store.has(namespace, sha256)) {
            return false;
        }
        seen(namespace, sha256);
        return true;
    }

    private void seen(String namespace, String sha256) {
        seenAtMs.put(new Key(namespace, sha256), System.currentTimeMillis());
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
