package dev.kappa.gateway.cluster;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The endpoints of one service, gathered from its slices. */
final class Slices {
    private final Map<String, EndpointSlice> slices = new ConcurrentHashMap<>();

    void put(EndpointSlice slice) {
        slices.put(slice.getMetadata().getName(), slice);
    }

    void remove(EndpointSlice slice) {
        slices.remove(slice.getMetadata().getName());
    }

    /** Endpoints with an address, Ready ones only or all that do not terminate. */
    Collection<Endpoint> endpoints(boolean readyOnly) {
        return slices.values().stream()
                .filter(slice -> slice.getEndpoints() != null)
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> !endpoint.getAddresses().isEmpty())
                .filter(endpoint -> readyOnly ? ready(endpoint) : !terminating(endpoint))
                .toList();
    }

    static String name(Endpoint endpoint) {
        return endpoint.getTargetRef() == null
                ? List.copyOf(endpoint.getAddresses()).get(0)
                : endpoint.getTargetRef().getName();
    }

    private static boolean ready(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static boolean terminating(Endpoint endpoint) {
        return endpoint.getConditions() != null
                && Boolean.TRUE.equals(endpoint.getConditions().getTerminating());
    }
}
