package dev.kappa.operator.status;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Kubernetes Events about Kappa's resources; losing one is no failure. */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int MAX_MESSAGE = 1024;

    private final KubernetesClient client;
    private final String instance;

    /**
     * Writes through a client.
     *
     * @param client the API server
     * @param instance name of this pod
     */
    public Events(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    /**
     * Something went as it should.
     *
     * @param about the resource
     * @param reason a word in camel case
     * @param message for a person
     */
    public void normal(HasMetadata about, String reason, String message) {
        write(about, "Normal", reason, message);
    }

    /**
     * Something needs a person.
     *
     * @param about the resource
     * @param reason a word in camel case
     * @param message for a person
     */
    public void warning(HasMetadata about, String reason, String message) {
        write(about, "Warning", reason, message);
    }

    private void write(HasMetadata about, String type, String reason, String message) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            client.v1()
                    .events()
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(about.getMetadata().getNamespace())
                            .withGenerateName(about.getMetadata().getName() + ".")
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(about.getApiVersion())
                            .withKind(about.getKind())
                            .withNamespace(about.getMetadata().getNamespace())
                            .withName(about.getMetadata().getName())
                            .withUid(about.getMetadata().getUid())
                            .endInvolvedObject()
                            .withType(type)
                            .withReason(reason)
                            .withMessage(
                                    message.length() > MAX_MESSAGE
                                            ? message.substring(0, MAX_MESSAGE - 1) + "…"
                                            : message)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .withNewSource("kappa-operator", null)
                            .withReportingComponent("kappa.dev/operator")
                            .withReportingInstance(instance)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            LOG.warn("No event {} about {}: {}", reason, about.getMetadata().getName(), e.getMessage());
        }
    }
}
