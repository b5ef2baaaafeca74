package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeResult.Stored;
import java.io.IOException;
import java.net.http.HttpClient;
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

    private final PackageClient store;
    private final UrlFetch fetch;
    /** Replaced as a whole when the store lost its packages: a look-up that began before that writes to the old one. */
    private volatile ConcurrentMap<Key, Long> seenAtMs = new ConcurrentHashMap<>();

    /**
     * A source.
     *
     * @param http calls the package store
     * @param readUrl base address where packages are looked up, the gateway's
     * @param storeUrl base address where packages are stored, kappa-api's
     * @param secret the installation's key
     * @param privateHosts hosts with private addresses that {@code code.url} may name
     */
    public CodeSource(HttpClient http, String readUrl, String storeUrl, String secret, List<String> privateHosts) {
        this.store = new PackageClient(http, readUrl, storeUrl, secret);
        this.fetch = new UrlFetch(new AddressGuard(privateHosts));
    }

    /**
     * Makes sure that the code is stored, also if it was before and is lost.
     *
     * @param namespace namespace of the function
     * @param code one of its fields is set
     * @param known digest that was stored when it was last looked up, null for none: while the store does not answer,
     *     that is taken to be so still
     * @return the digest, or why there is none
     * @throws InterruptedException when the operator stops
     */
    public CodeResult resolve(String namespace, Code code, @Nullable String known) throws InterruptedException {
        if (code.inline != null) {
            return ensure(namespace, sha256(InlineZip.of(code.inline)), code, known);
        }
        if (code.uploaded != null) {
            return ensure(namespace, code.uploaded.sha256, code, known);
        }
        return code.url == null ? new Stored(null) : ensure(namespace, code.url.sha256, code, known);
    }

    /**
     * Makes sure that a frozen package is stored; what was lost is stored again from the frozen manifest.
     *
     * @param namespace namespace of the function
     * @param sha256 its digest, null for an image
     * @param code as it was frozen
     * @param known as for {@link #resolve}
     * @return the digest, or why there is none
     * @throws InterruptedException when the operator stops
     */
    public CodeResult pinned(String namespace, @Nullable String sha256, Code code, @Nullable String known)
            throws InterruptedException {
        return sha256 == null ? new Stored(null) : ensure(namespace, sha256, code, known);
    }

    /** The store lost packages: none is believed to be there any more. */
    void forget() {
        seenAtMs = new ConcurrentHashMap<>();
    }

    PackageClient store() {
        return store;
    }

    private CodeResult ensure(String namespace, String sha256, Code code, @Nullable String known)
            throws InterruptedException {
        Key key = new Key(namespace, sha256);
        try {
            return isStored(key) ? new Stored(sha256) : store(key, code);
        } catch (PackageClient.RefusedException e) {
            return new Missing("PackageRefused", "The code package is refused: " + e.getMessage());
        } catch (IOException e) {
            return sha256.equals(known) ? new Stored(sha256) : unavailable(e);
        }
    }

    private static Missing unavailable(IOException e) {
        return new Missing(
                Missing.STORE_UNAVAILABLE,
                "The package store cannot be reached (" + e.getMessage()
                        + "); look at the pods of namespace kappa-system. Kappa tries again until it can.");
    }

    private CodeResult store(Key key, Code code) throws IOException, InterruptedException {
        ConcurrentMap<Key, Long> seen = seenAtMs;
        byte[] zip;
        if (code.inline != null) {
            zip = InlineZip.of(code.inline);
        } else if (code.url != null) {
            try {
                zip = fetch.get(code.url.location);
            } catch (IOException e) {
                return new Missing(
                        "FetchFailed",
                        "spec.code.url.location cannot be fetched: " + e.getMessage() + ". Serve package "
                                + key.sha256() + " there, or " + upload(key.namespace()));
            }
        } else {
            return new Missing(
                    "PackageNotFound",
                    "No package " + key.sha256() + " is stored for namespace " + key.namespace() + "; "
                            + upload(key.namespace()));
        }
        String actual = sha256(zip);
        if (!actual.equals(key.sha256())) {
            return mismatch(key, code, actual);
        }
        store.put(key.namespace(), zip);
        seen.put(key, System.currentTimeMillis());
        return new Stored(actual);
    }

    private static Missing mismatch(Key key, Code code, String actual) {
        return code.url == null
                ? new Missing(
                        "PackageNotFound",
                        "Package " + key.sha256() + " is not stored for namespace " + key.namespace()
                                + " any more, and the inline files give " + actual + "; " + upload(key.namespace()))
                : new Missing(
                        "DigestMismatch",
                        "What " + code.url.location + " serves has the digest " + actual + ", not " + key.sha256()
                                + " (spec.code.url.sha256); correct the one or the other, or "
                                + upload(key.namespace()));
    }

    private static String upload(String namespace) {
        return "upload it: curl -T function.zip <gateway>/kappa/v1/namespaces/" + namespace + "/packages";
    }

    private boolean isStored(Key key) throws IOException, InterruptedException {
        ConcurrentMap<Key, Long> seen = seenAtMs;
        long now = System.currentTimeMillis();
        Long last = seen.get(key);
        if (last != null && now - last < BELIEVED_MS) {
            return true;
        }
        seen.values().removeIf(at -> now - at >= BELIEVED_MS);
        if (!store.has(key.namespace(), key.sha256())) {
            return false;
        }
        seen.put(key, now);
        return true;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
