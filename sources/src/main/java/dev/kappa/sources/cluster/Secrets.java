package dev.kappa.sources.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the Secrets that sources name, one at a time and whenever they are needed: none is kept. */
public final class Secrets {
    private final KubernetesClient client;

    /**
     * Of a cluster.
     *
     * @param client the API server
     */
    public Secrets(KubernetesClient client) {
        this.client = client;
    }

    /**
     * What a Secret holds.
     *
     * @param namespace of the source
     * @param name of the Secret
     * @return texts by key, empty if there is no such Secret
     * @throws IOException if the API server does not tell
     */
    public Optional<Map<String, String>> read(String namespace, String name) throws IOException {
        try {
            Secret secret =
                    client.secrets().inNamespace(namespace).withName(name).get();
            return Optional.ofNullable(secret).map(Secrets::texts);
        } catch (KubernetesClientException e) {
            throw new IOException("the API server does not show it: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> texts(Secret secret) {
        Map<String, String> texts = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) ->
                            texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return texts;
    }
}
