package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker of Kafka in the cluster, which asks the cluster's clients for a password, and clients of this test for it. */
final class KafkaServer implements AutoCloseable {
    static final String HOST = "topics.default.svc.cluster.local";
    static final String BROKER = HOST + ":9092";
    static final String USER = "kappa";
    /** Has what ends a text in the client's configuration. */
    static final String PASSWORD = "ses\"a\\me";

    private static final String IMAGE = "kappa/e2e-kafka:dev";
    private static final String NAME = "topics";
    private static final int PORT = 9092;
    private static final int OUTSIDE = 9093;
    /** The broker tells it to clients, so it is fixed. */
    private static final int LOCAL_PORT = 39092;

    private static final String SETTINGS = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:9094
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=BROKERS
            listeners=INSIDE://:9092,OUTSIDE://:9093,CONTROLLER://:9094,BROKERS://localhost:9095
            advertised.listeners=INSIDE://HOST:9092,OUTSIDE://127.0.0.1:LOCAL,BROKERS://localhost:9095
            listener.security.protocol.map=INSIDE:SASL_PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,BROKERS:PLAINTEXT
            sasl.enabled.mechanisms=SCRAM-SHA-512
            listener.name.inside.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            auto.create.topics.enable=false
            log.dirs=/tmp/kafka
            """.replace("HOST", HOST).replace("LOCAL", String.valueOf(LOCAL_PORT));

    private final LocalPortForward forward;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;

    KafkaServer() throws IOException, InterruptedException {
        Command.run(Map.of(), "kafka/build");
        Installation.everything();
        Cluster.shared().load(List.of(IMAGE));
        start();
        forward = kubernetes().pods().inNamespace("default").withName(NAME).portForward(OUTSIDE, LOCAL_PORT);
        Map<String, Object> servers = Map.of("bootstrap.servers", "127.0.0.1:" + LOCAL_PORT);
        admin = Admin.create(servers);
        producer = new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer());
    }

    private static void start() throws IOException, InterruptedException {
        kubernetes()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace("default")
                        .endMetadata()
                        .addToData("server.properties", SETTINGS)
                        .build())
                .serverSideApply();
        ContainerBuilder broker = mounted(ServerPod.container(NAME, IMAGE, PORT))
                .withArgs("/config/server.properties")
                .editReadinessProbe()
                .withFailureThreshold(120)
                .endReadinessProbe()
                .withNewResources()
                .addToLimits("memory", new Quantity("640Mi"))
                .addToRequests("memory", new Quantity("256Mi"))
                .endResources();
        ContainerBuilder format = mounted(ServerPod.container("format", IMAGE))
                .withCommand("/opt/kappa/jdk/bin/java", "-Xmx128m", "-cp", "/opt/kappa/lib/*")
                .withArgs(
                        "kafka.tools.StorageTool",
                        "format",
                        "--ignore-formatted",
                        "--cluster-id",
                        "AAAAAAAAAAAAAAAAAAAAAQ",
                        "--config",
                        "/config/server.properties",
                        "--add-scram",
                        "SCRAM-SHA-512=[name=" + USER + ",password=" + PASSWORD + "]");
        PodSpec spec = new PodSpecBuilder(ServerPod.of(broker))
                .withInitContainers(format.build())
                .addNewVolume()
                .withName("config")
                .withNewConfigMap()
                .withName(NAME)
                .endConfigMap()
                .endVolume()
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .build();
        ServerPod.start(NAME, PORT, spec, 180);
    }

    private static ContainerBuilder mounted(ContainerBuilder container) {
        return container
                .addNewVolumeMount()
                .withName("config")
                .withMountPath("/config")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount();
    }

    private static KubernetesClient kubernetes() {
        return Cluster.shared().client();
    }

    /** A new topic, whose name no run before has used. */
    String create(String name, int partitions) throws Exception {
        String topic = name + "-" + System.nanoTime();
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all()
                .get();
        return topic;
    }

    /** A record whose key is {@code k} and its number, and whose timestamp is so many milliseconds. */
    void send(String topic, int partition, int number, String value, Long timestamp) throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, partition, timestamp, "k" + number, value);
        record.headers().add(new RecordHeader("tenant", "é".getBytes(StandardCharsets.UTF_8)));
        producer.send(record).get();
    }

    @Override
    public void close() throws IOException {
        producer.close();
        admin.close();
        forward.close();
    }
}
