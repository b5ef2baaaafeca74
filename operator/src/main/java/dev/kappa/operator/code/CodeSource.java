package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Layer;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeResult.Stored;
import dev.kappa.operator.code.StoredPackage.Origin;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Sees to it that the code of a function and its layers lie in the package store, wherever its manifest says that they come from. */
public final class CodeSource {
    /** How long a package that was seen in the store is believed to be there. */
    private static final long BELIEVED_MS = 60_000;

    private record Key(String namespace, String sha256) {}

    private final PackageClient store;
    private final UrlFetch urls;
    private final S3Fetch buckets;
    /** Replaced as a whole when the store lost its packages: a look-up that began before that writes to the old one. */
    private volatile ConcurrentMap<Key, Long> seenAtMs = new ConcurrentHashMap<>();

    /**
     * A source.
     *
     * @param store keeps the packages
     * @param privateHosts hosts with private addresses that {@code code.url} and {@code code.s3} may name
     * @param defaults of {@code code.s3}
     * @param secrets credentials for buckets
     */
    public CodeSource(PackageClient store, List<String> privateHosts, S3Defaults defaults, SecretReader secrets) {
        GuardedHttp http = new GuardedHttp(new AddressGuard(privateHosts));
        this.store = store;
        this.urls = new UrlFetch(http);
        this.buckets = new S3Fetch(http, privateHosts, defaults, secrets);
    }

    /**
     * Makes sure that code and layers are stored, also if they were before and are lost.
     *
     * @param namespace namespace of the function
     * @param spec says where they come from
     * @param known what was stored when it was last looked up
     * @return the packages, or why one is missing
     * @throws InterruptedException when the operator stops
     */
    public CodeResult resolve(String namespace, FunctionSpec spec, Known known) throws InterruptedException {
        return ensure(namespace, spec, null, known);
    }

    /**
     * Makes sure that frozen packages are stored; what was lost is stored again from the frozen manifest.
     *
     * @param namespace namespace of the function
     * @param spec as it was frozen
     * @param frozen the packages
     * @param known as for {@link #resolve}
     * @return the packages, or why one is missing
     * @throws InterruptedException when the operator stops
     */
    public CodeResult pinned(String namespace, FunctionSpec spec, Packages frozen, Known known)
            throws InterruptedException {
        return ensure(namespace, spec, frozen, known);
    }

    /** The store lost packages: none is believed to be there any more. */
    void forget() {
        seenAtMs = new ConcurrentHashMap<>();
    }

    PackageClient store() {
        return store;
    }

    private CodeResult ensure(String namespace, FunctionSpec spec, @Nullable Packages frozen, Known known)
            throws InterruptedException {
        try {
            StoredPackage code = null;
            if (spec.code.image == null) {
                Source source = Source.of(spec.code);
                code = ensure(namespace, source, frozen == null ? expected(source, known) : frozen.code(), known);
            }
            List<StoredPackage> layers = new ArrayList<>();
            List<Layer> wanted = spec.layers == null ? List.of() : spec.layers;
            for (int i = 0; i < wanted.size(); i++) {
                Source source = Source.of(wanted.get(i), i);
                // A kappa-api of an older release freezes no layers.
                StoredPackage expected = frozen == null || frozen.layers().size() <= i
                        ? expected(source, known)
                        : frozen.layers().get(i);
                layers.add(ensure(namespace, source, expected, known));
            }
            return new Stored(new Packages(code, List.copyOf(layers)));
        } catch (MissingException e) {
            return e.missing();
        }
    }

    /** What the manifest names by its digest, or what was fetched before as it says; null if it was not fetched yet. */
    private static @Nullable StoredPackage expected(Source source, Known known) {
        String sha256 = source.sha256();
        if (sha256 != null) {
            return new StoredPackage(sha256, null);
        }
        return source.s3() == null ? null : known.packages().from(S3Fetch.source(source.s3()));
    }

    private StoredPackage ensure(String namespace, Source source, @Nullable StoredPackage expected, Known known)
            throws MissingException, InterruptedException {
        try {
            return expected != null && isStored(new Key(namespace, expected.sha256()))
                    ? expected
                    : store(namespace, source, expected);
        } catch (PackageClient.RefusedException e) {
            throw new MissingException(
                    "PackageRefused", "The package of " + source.field() + " is refused: " + e.getMessage());
        } catch (IOException e) {
            if (expected != null && known.stored() && known.packages().has(expected.sha256())) {
                return expected;
            }
            throw new MissingException(
                    Missing.STORE_UNAVAILABLE,
                    "The package store cannot be reached (" + e.getMessage()
                            + "); look at the pods of namespace kappa-system. Kappa tries again until it can.");
        }
    }

    private StoredPackage store(String namespace, Source source, @Nullable StoredPackage expected)
            throws IOException, MissingException, InterruptedException {
        if (source.inline() != null) {
            byte[] zip = InlineZip.of(source.inline());
            StoredPackage made = new StoredPackage(sha256(zip), null);
            check(namespace, source, expected, made);
            put(namespace, made, () -> store.put(namespace, zip));
            return made;
        }
        if (source.s3() != null) {
            Origin origin = expected == null ? null : expected.origin();
            try (S3Fetch.Fetched fetched = buckets.get(namespace, source.field() + ".s3", source.s3(), origin)) {
                StoredPackage made = new StoredPackage(fetched.download().sha256(), fetched.origin());
                check(namespace, source, expected, made);
                put(
                        namespace,
                        made,
                        () -> store.put(namespace, fetched.download().file()));
                return made;
            }
        }
        if (source.url() == null) {
            throw notFound(namespace, source.field(), expected == null ? "" : expected.sha256());
        }
        try (Download download = download(namespace, source.field(), source.url())) {
            StoredPackage made = new StoredPackage(download.sha256(), null);
            check(namespace, source, expected, made);
            put(namespace, made, () -> store.put(namespace, download.file()));
            return made;
        }
    }

    private Download download(String namespace, String field, Code.Url url)
            throws MissingException, InterruptedException {
        try {
            return urls.get(url.location);
        } catch (IOException e) {
            throw new MissingException(
                    "FetchFailed",
                    field + ".url.location cannot be fetched: " + e.getMessage() + ". Serve package " + url.sha256
                            + " there, or " + upload(namespace));
        }
    }

    /** Stores a package. */
    private interface Put {
        void put() throws IOException, InterruptedException;
    }

    private void put(String namespace, StoredPackage made, Put put) throws IOException, InterruptedException {
        ConcurrentMap<Key, Long> seen = seenAtMs;
        put.put();
        seen.put(new Key(namespace, made.sha256()), System.currentTimeMillis());
    }

    private static void check(String namespace, Source source, @Nullable StoredPackage expected, StoredPackage made)
            throws MissingException {
        if (expected == null || expected.sha256().equals(made.sha256())) {
            return;
        }
        if (source.url() != null) {
            throw new MissingException(
                    "DigestMismatch",
                    "What " + source.url().location + " serves has the digest " + made.sha256() + ", not "
                            + expected.sha256() + " (" + source.field()
                            + ".url.sha256); correct the one or the other, or "
                            + upload(namespace));
        }
        if (source.s3() != null) {
            throw new MissingException(
                    "DigestMismatch",
                    S3Fetch.source(source.s3()) + " (" + source.field() + ".s3) has the digest " + made.sha256()
                            + " now, not " + expected.sha256() + " as when it was fetched, which the package store has "
                            + "lost; put it there again, or name the other by its versionId or another key, or "
                            + upload(namespace));
        }
        throw new MissingException(
                "PackageNotFound",
                "Package " + expected.sha256() + " is not stored for namespace " + namespace
                        + " any more, and the inline files give " + made.sha256() + "; " + upload(namespace));
    }

    private static MissingException notFound(String namespace, String field, String sha256) {
        return new MissingException(
                "PackageNotFound",
                "No package " + sha256 + " (" + field + ") is stored for namespace " + namespace + "; "
                        + upload(namespace));
    }

    private static String upload(String namespace) {
        return "upload it: curl -T function.zip --oauth2-bearer $TOKEN <gateway>/kappa/v1/namespaces/" + namespace
                + "/packages";
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
