package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** ElasticMQ in the cluster, which speaks SQS's protocol, and AWS's client for it. */
final class QueueServer implements AutoCloseable {
    static final String HOST = "queues.default.svc.cluster.local";
    static final String URL = "http://" + HOST + ":9324";
    private static final String IMAGE = "kappa/e2e-sqs:dev";
    private static final String NAME = "queues";
    private static final int PORT = 9324;

    private final LocalPortForward forward;
    private final SqsClient client;

    QueueServer() throws IOException, InterruptedException {
        Command.run(Map.of(), "sqs/build");
        Installation.everything();
        Cluster.shared().load(List.of(IMAGE));
        start();
        forward = kubernetes().pods().inNamespace("default").withName(NAME).portForward(PORT);
        client = SqsClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + forward.getLocalPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("kappa", "sesame")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static void start() throws IOException, InterruptedException {
        ContainerBuilder container = ServerPod.container(NAME, IMAGE, PORT)
                .editReadinessProbe()
                .withFailureThreshold(120)
                .endReadinessProbe()
                .withNewResources()
                .addToLimits("memory", new Quantity("512Mi"))
                .addToRequests("memory", new Quantity("192Mi"))
                .endResources();
        ServerPod.start(NAME, PORT, ServerPod.of(container), 120);
    }

    private static KubernetesClient kubernetes() {
        return Cluster.shared().client();
    }

    SqsClient client() {
        return client;
    }

    /** A new queue; with dead letters after two deliveries if there is a queue for them. */
    String create(String name, int visibilitySeconds, String deadLetters) {
        Map<QueueAttributeName, String> attributes = new java.util.HashMap<>();
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, String.valueOf(visibilitySeconds));
        if (deadLetters != null) {
            String target = client.getQueueAttributes(
                            it -> it.queueUrl(url(deadLetters)).attributeNames(QueueAttributeName.QUEUE_ARN))
                    .attributes()
                    .get(QueueAttributeName.QUEUE_ARN);
            attributes.put(
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"" + target + "\",\"maxReceiveCount\":\"2\"}");
        }
        client.createQueue(it -> it.queueName(name).attributes(attributes));
        return URL + "/000000000000/" + name;
    }

    String url(String name) {
        return client.getQueueUrl(it -> it.queueName(name)).queueUrl();
    }

    void send(String name, String... bodies) {
        String url = url(name);
        for (String body : bodies) {
            client.sendMessage(it -> it.queueUrl(url).messageBody(body));
        }
    }

    /** Messages of the queue, also those that somebody works on. */
    int size(String name) {
        Map<QueueAttributeName, String> attributes = client.getQueueAttributes(it -> it.queueUrl(url(name))
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    @Override
    public void close() throws IOException {
        client.close();
        forward.close();
    }
}
