package dev.kappa.operator.code;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The cluster's Secrets, as far as the chart lets the operator read them. */
public final class ClusterSecrets implements SecretReader {
    private final KubernetesClient client;

    /**
     * Reads through a client.
     *
     * @param client the API server
     */
    public ClusterSecrets(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Optional<Map<String, String>> read(String namespace, String name) throws IOException {
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            throw new IOException(
                    e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                            ? "Kappa may not read a Secret of this name; name one of the chart's"
                                    + " operator.s3.credentialsSecrets, or have it added there"
                            : "the API server does not give it: " + e.getMessage(),
                    e);
        }
        if (secret == null) {
            return Optional.empty();
        }
        Map<String, String> texts = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) ->
                            texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return Optional.of(texts);
    }
}
