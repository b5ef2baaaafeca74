package dev.kappa.gateway.cluster;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The endpoints of services, gathered from their slices. */
final class ServiceEndpoints {
    /** Label of a slice: its service. */
    static final String SERVICE = "kubernetes.io/service-name";

    private record Slice(String service, List<Endpoint> endpoints) {}

    private final Map<String, Slice> slices = new ConcurrentHashMap<>();

    /** Takes a slice that came or changed; returns the name of its service. */
    String put(EndpointSlice slice) {
        String service = slice.getMetadata().getLabels().getOrDefault(SERVICE, "");
        List<Endpoint> endpoints = slice.getEndpoints() == null ? List.of() : slice.getEndpoints();
        slices.put(slice.getMetadata().getName(), new Slice(service, endpoints));
        return service;
    }

    /** Forgets a slice, of which the name is enough; returns the name of its service, or nothing if it was unknown. */
    String remove(EndpointSlice slice) {
        Slice known = slices.remove(slice.getMetadata().getName());
        return known == null ? "" : known.service();
    }

    /** Endpoints of a service that have an address and are Ready. */
    List<Endpoint> ready(String service) {
        return of(service, ServiceEndpoints::isReady);
    }

    /** Endpoints of a service that have an address and do not terminate, Ready or not. */
    List<Endpoint> staying(String service) {
        return of(service, endpoint -> !isTerminating(endpoint));
    }

    private List<Endpoint> of(String service, Predicate<Endpoint> wanted) {
        return slices.values().stream()
                .filter(slice -> slice.service().equals(service))
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> !endpoint.getAddresses().isEmpty())
                .filter(wanted)
                .toList();
    }

    static String name(Endpoint endpoint) {
        return endpoint.getTargetRef() == null
                ? endpoint.getAddresses().get(0)
                : endpoint.getTargetRef().getName();
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static boolean isTerminating(Endpoint endpoint) {
        return endpoint.getConditions() != null
                && Boolean.TRUE.equals(endpoint.getConditions().getTerminating());
    }
}
