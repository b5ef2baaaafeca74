package dev.kappa.operator.network;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the API server listens.
 *
 * @param addresses each once
 */
record ApiServer(List<Address> addresses) {
    private static final String SERVICE = "kubernetes";
    private static final int SERVICE_PORT = 443;

    /**
     * One address and port.
     *
     * @param cidr the address, as a range of one
     * @param port of TCP
     */
    record Address(String cidr, int port) {
        static Address of(String address, int port) {
            return new Address(address + (address.contains(":") ? "/128" : "/32"), port);
        }
    }

    /**
     * Asks for the addresses, since a policy sees a connection either before or after the Service's address is replaced.
     *
     * @param client the API server
     */
    static ApiServer of(KubernetesClient client) {
        Set<Address> addresses = new LinkedHashSet<>();
        String service = System.getenv("KUBERNETES_SERVICE_HOST");
        if (service != null) {
            addresses.add(Address.of(service, SERVICE_PORT));
        }
        EndpointSlice slice = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withName(SERVICE)
                .get();
        if (slice != null) {
            for (EndpointPort port : slice.getPorts()) {
                for (Endpoint endpoint : slice.getEndpoints()) {
                    endpoint.getAddresses().forEach(it -> addresses.add(Address.of(it, port.getPort())));
                }
            }
        }
        return new ApiServer(new ArrayList<>(addresses));
    }
}
