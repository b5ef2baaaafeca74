package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.UrlConfig;
import dev.kappa.gateway.catalog.UrlSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the catalog's records of function URLs. */
final class UrlRecords {
    private UrlRecords() {}

    /** Only NONE opens one: what is unknown does not. */
    static @Nullable UrlSettings of(@Nullable UrlConfig url) {
        return url == null
                ? null
                : new UrlSettings(
                        !"NONE".equals(url.authType), "RESPONSE_STREAM".equals(url.invokeMode), cors(url.cors));
    }

    private static UrlSettings.@Nullable Cors cors(UrlConfig.@Nullable Cors cors) {
        return cors == null
                ? null
                : new UrlSettings.Cors(
                        Boolean.TRUE.equals(cors.allowCredentials),
                        list(cors.allowHeaders),
                        list(cors.allowMethods),
                        list(cors.allowOrigins),
                        list(cors.exposeHeaders),
                        cors.maxAge);
    }

    private static List<String> list(@Nullable List<String> texts) {
        return texts == null ? List.of() : texts;
    }
}
