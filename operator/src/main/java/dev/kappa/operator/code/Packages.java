package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionStatus.S3Object;
import dev.kappa.api.v1alpha1.FunctionStatus.StoredLayer;
import dev.kappa.api.v1alpha1.VersionSpec.Snapshot;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packages that a function's instances unpack.
 *
 * @param code null if the code is an image
 * @param layers in the order in which they are unpacked
 */
public record Packages(@Nullable StoredPackage code, List<StoredPackage> layers) {
    /** Of an image, or of what nothing is known. */
    public static final Packages NONE = new Packages(null, List.of());

    /**
     * As a status tells.
     *
     * @param status null for none
     */
    public static Packages of(@Nullable FunctionStatus status) {
        return status == null ? NONE : of(status.codeSha256, status.s3, status.layers);
    }

    /**
     * As a version froze them.
     *
     * @param snapshot of the version
     */
    public static Packages of(Snapshot snapshot) {
        return of(snapshot.codeSha256, snapshot.s3, snapshot.layers);
    }

    private static Packages of(@Nullable String codeSha256, @Nullable S3Object s3, @Nullable List<StoredLayer> layers) {
        return new Packages(
                codeSha256 == null ? null : StoredPackage.of(codeSha256, s3),
                layers == null
                        ? List.of()
                        : layers.stream()
                                .map(layer -> StoredPackage.of(layer.sha256, layer.s3))
                                .toList());
    }

    /** The package that was fetched from a bucket as the manifest says, null for none. */
    @Nullable
    StoredPackage from(String source) {
        return Stream.concat(Stream.ofNullable(code), layers.stream())
                .filter(stored -> stored.isFrom(source))
                .findFirst()
                .orElse(null);
    }

    boolean has(String sha256) {
        return sha256.equals(codeSha256()) || layerSha256s().contains(sha256);
    }

    /** Digest of the code package, null if the code is an image. */
    public @Nullable String codeSha256() {
        return code == null ? null : code.sha256();
    }

    /** Digests of the layers. */
    public List<String> layerSha256s() {
        return layers.stream().map(StoredPackage::sha256).toList();
    }

    /**
     * Writes them into a status.
     *
     * @param status of a Function or Version
     */
    public void tell(FunctionStatus status) {
        if (code != null) {
            status.codeSha256 = code.sha256();
            S3Object s3 = code.s3();
            if (s3 != null) {
                status.s3 = s3;
            }
        }
        if (!layers.isEmpty()) {
            status.layers = storedLayers();
        }
    }

    /**
     * Freezes them.
     *
     * @param snapshot of a version
     */
    public void freeze(Snapshot snapshot) {
        if (code != null) {
            snapshot.codeSha256 = code.sha256();
            S3Object s3 = code.s3();
            if (s3 != null) {
                snapshot.s3 = s3;
            }
        }
        if (!layers.isEmpty()) {
            snapshot.layers = storedLayers();
        }
    }

    private List<StoredLayer> storedLayers() {
        return layers.stream().map(Packages::layer).toList();
    }

    private static StoredLayer layer(StoredPackage stored) {
        StoredLayer layer = new StoredLayer();
        layer.sha256 = stored.sha256();
        S3Object s3 = stored.s3();
        if (s3 != null) {
            layer.s3 = s3;
        }
        return layer;
    }
}
