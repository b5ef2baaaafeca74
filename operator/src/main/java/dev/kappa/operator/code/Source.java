package dev.kappa.operator.code;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Layer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a package comes from, as a manifest has it: exactly one of its parts is there.
 *
 * @param field where it stands in the manifest
 */
record Source(
        String field,
        @Nullable Map<String, String> inline,
        Code.@Nullable UploadedPackage uploaded,
        Code.@Nullable Url url,
        Code.@Nullable S3 s3) {
    static Source of(Code code) {
        return new Source("spec.code", code.inline, code.uploaded, code.url, code.s3);
    }

    static Source of(Layer layer, int index) {
        return new Source("spec.layers[" + index + "]", null, layer.uploaded, layer.url, layer.s3);
    }

    /** The digest that the manifest gives, null if only a look at the object tells. */
    @Nullable
    String sha256() {
        if (inline != null) {
            return CodeSource.sha256(InlineZip.of(inline));
        }
        if (uploaded != null) {
            return uploaded.sha256;
        }
        return url == null ? null : url.sha256;
    }
}
