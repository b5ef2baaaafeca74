package dev.kappa.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kappa on the shared cluster, installed by its chart with the images that {@code bin/test} built. */
final class Installation {
    static final String NAMESPACE = "kappa-system";
    private static final Path CHART = Path.of("../helm/kappa");
    private static final String NATS = "kappa/nats:2.15.2";
    private static final List<String> PARTS = List.of("operator", "gateway", "control-plane", "sources");
    private static final List<String> RELEASED_RUNTIMES = List.of("java25", "nodejs20", "python3.13", "image");
    private static final Path RUNTIMES = Path.of("../function-shim/runtimes");

    private static final String DEFAULT_STORAGE = "storageclass.kubernetes.io/is-default-class";

    private static boolean resources;
    private static boolean chart;

    private Installation() {}

    /** Installs the custom resources, once. */
    static synchronized void resources() throws IOException {
        if (!resources) {
            resources = true;
            resources(CHART);
        }
    }

    private static void resources(Path chart) throws IOException {
        KubernetesClient client = Cluster.shared().client();
        for (String plural : List.of("functions", "versions", "aliases", "eventsources", "layers")) {
            Path file = chart.resolve("crds/" + plural + ".kappa.dev-v1.yml");
            if (!Files.exists(file)) {
                // An older release did not have it.
                continue;
            }
            client.resource(Files.readString(file)).forceConflicts().serverSideApply();
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(plural + ".kappa.dev")
                    .waitUntilCondition(
                            crd -> crd != null
                                    && crd.getStatus() != null
                                    && crd.getStatus().getConditions() != null
                                    && crd.getStatus().getConditions().stream()
                                            .anyMatch(it -> it.getType().equals("Established")
                                                    && it.getStatus().equals("True")),
                            60,
                            TimeUnit.SECONDS);
        }
    }

    /**
     * Installs an older release, which {@link #everything} upgrades then.
     *
     * @param chart its folder
     * @param tag of its images
     */
    static void release(Path chart, String tag) throws IOException, InterruptedException {
        resources(chart);
        List<String> parts = new ArrayList<>(List.of("operator", "gateway"));
        RELEASED_RUNTIMES.forEach(runtime -> parts.add("runtime-" + runtime));
        List<String> images = new ArrayList<>(List.of(NATS));
        parts.forEach(part -> images.add("kappa/" + part + ":" + tag));
        Cluster.shared().load(images);
        List<String> values = new ArrayList<>();
        for (String runtime : RELEASED_RUNTIMES) {
            values.add("--set-string");
            values.add("runtimes." + runtime.replace(".", "\\.") + "=" + image("runtime-" + runtime, tag));
        }
        helm(chart, tag, values);
    }

    /** Installs everything, once. */
    static synchronized void everything() throws IOException, InterruptedException {
        if (chart) {
            return;
        }
        chart = true;
        resources();
        Identity.administrator();
        List<String> images = new ArrayList<>(List.of(NATS));
        PARTS.forEach(part -> images.add("kappa/" + part + ":dev"));
        runtimes().forEach(runtime -> images.add("kappa/runtime-" + runtime + ":dev"));
        Cluster.shared().load(images);
        helm();
    }

    /** The runtimes that have an image. */
    static List<String> runtimes() throws IOException {
        try (Stream<Path> folders = Files.list(RUNTIMES)) {
            return folders.filter(folder -> Files.exists(folder.resolve("recipe")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Installs or upgrades the chart. */
    static void helm(String... values) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "--set",
                "api.image=" + image("control-plane", "dev") + ",sources.image=" + image("sources", "dev"),
                "--set",
                "sources.privateHosts={" + QueueServer.HOST + "," + NatsIT.HOST + "," + KafkaServer.HOST + "}",
                "--set",
                "http.service.type=NodePort,http.service.nodePort=" + Cluster.URLS + ",http.address="
                        + Cluster.shared().urls(),
                "--set",
                "operator.privateCodeHosts={" + BucketIT.HOST + "}",
                "--set",
                "operator.s3.credentialsSecrets={" + String.join(",", BucketIT.SECRETS) + "}"));
        for (String runtime : runtimes()) {
            all.add("--set-string");
            all.add("runtimes." + runtime.replace(".", "\\.") + ".image=" + image("runtime-" + runtime, "dev"));
        }
        all.addAll(List.of(values));
        helm(CHART, "dev", all);
    }

    private static void helm(Path chart, String tag, List<String> values) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "helm",
                "upgrade",
                "--install",
                "kappa",
                chart.toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--wait",
                "--timeout",
                "3m",
                "--set",
                "operator.image=" + image("operator", tag) + ",gateway.image=" + image("gateway", tag),
                "--set",
                "nats.image=" + Cluster.shared().image(NATS),
                "--set",
                "gateway.service.type=NodePort,gateway.service.nodePort=" + Cluster.ENDPOINT,
                "--set",
                "nats.storage.persistent=" + hasDefaultStorage(),
                // So that no test waits for minutes, and a queue can be filled.
                "--set",
                "async.firstRetrySeconds=1,async.queueSize=16Mi,async.privateHosts={" + WebHook.HOST + "}"));
        command.addAll(values);
        tool(command.toArray(String[]::new));
    }

    /** Whether NATS keeps its disk when its pod goes. */
    static boolean hasDefaultStorage() {
        return Cluster.shared().client().storage().v1().storageClasses().list().getItems().stream()
                .anyMatch(it -> it.getMetadata().getAnnotations() != null
                        && "true".equals(it.getMetadata().getAnnotations().get(DEFAULT_STORAGE)));
    }

    /** Of a user of the chart's NATS. */
    static String natsPassword(String user) {
        String encoded = Cluster.shared()
                .client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("kappa-nats-users")
                .get()
                .getData()
                .get(user);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static String image(String part, String tag) throws IOException, InterruptedException {
        return Cluster.shared().image("kappa/" + part + ":" + tag);
    }

    /** Runs helm or kubectl on the shared cluster. */
    static String tool(String... command) throws IOException, InterruptedException {
        return Command.run(Map.of("KUBECONFIG", Cluster.shared().kubeconfig().toString()), command);
    }
}
