package dev.kappa.operator.environment;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/** Has the API server answer with the metadata of objects alone: no value of a Secret is sent that no version names. */
public final class MetadataOnly implements Interceptor {
    /** By which a client knows it. */
    public static final String NAME = "metadata-only";

    private static final String TYPE = "application/json;g=meta.k8s.io;v=v1;as=PartialObjectMetadata";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        String query = request.uri().getQuery();
        boolean watches = query != null && query.contains("watch=true");
        builder.setHeader("Accept", watches ? TYPE : TYPE + "List");
    }
}
