package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.FunctionStatus.S3Object;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A package that lies in the package store.
 *
 * @param sha256 its digest
 * @param origin the object that it was fetched from, null if it does not come from a bucket
 */
public record StoredPackage(String sha256, @Nullable Origin origin) {
    /**
     * An object of a bucket.
     *
     * @param source what the manifest said
     * @param versionId which version of the object was fetched, null if the bucket keeps none
     */
    public record Origin(String source, @Nullable String versionId) {}

    /** As status and snapshot have it. */
    static StoredPackage of(String sha256, @Nullable S3Object s3) {
        return new StoredPackage(sha256, s3 == null ? null : new Origin(s3.source, s3.versionId));
    }

    /** For status and snapshot; null if it does not come from a bucket. */
    @Nullable
    S3Object s3() {
        if (origin == null) {
            return null;
        }
        S3Object s3 = new S3Object();
        s3.source = origin.source;
        if (origin.versionId != null) {
            s3.versionId = origin.versionId;
        }
        return s3;
    }

    boolean isFrom(String source) {
        return origin != null && Objects.equals(origin.source, source);
    }
}
