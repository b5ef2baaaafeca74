package dev.kappa.api.v1alpha1;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;

/** What Kappa's processes read of the API server. */
public final class ApiTypes {
    /** For a client that would otherwise load all types that there are, some 600 classes; what it does not know is a map to it. */
    public static final List<Class<? extends KubernetesResource>> READ = List.of(
            Status.class,
            Pod.class,
            Deployment.class,
            EndpointSlice.class,
            NetworkPolicy.class,
            Namespace.class,
            Secret.class,
            ConfigMap.class,
            TokenReview.class,
            SubjectAccessReview.class,
            Lease.class,
            Event.class,
            Function.class,
            FunctionVersion.class,
            Alias.class,
            EventSource.class,
            PublishedLayer.class);

    private ApiTypes() {}
}
