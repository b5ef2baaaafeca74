package dev.kappa.bench;

import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resident memory of every process of Kappa, as its own pod tells it. */
final class Memory {
    private static final Pattern PROCESS = Pattern.compile("Name:\\s*(\\S+)[^|]*?VmRSS:\\s*(\\d+) kB", Pattern.DOTALL);
    private static final Pattern NATS = Pattern.compile("\"mem\":\\s*(\\d+)");
    private static final int NATS_PORT = 8222;

    private Memory() {}

    static List<Row> measure(Kube kube) throws IOException, InterruptedException, TimeoutException {
        List<Row> rows = new ArrayList<>();
        Map<String, String> processes = new TreeMap<>();
        for (String component : List.of("operator", "gateway", "api")) {
            for (String pod : kube.partPods(component)) {
                processes.put(component + " " + pod, kube.processes("kappa-system", pod));
            }
        }
        for (String pod : kube.functionPods()) {
            processes.put(pod, kube.processes("kappa-bench", pod));
        }
        processes.forEach((pod, status) -> rows.add(new Row("resident memory: " + pod, list(status), "", "")));
        for (String pod : kube.partPods("nats")) {
            rows.add(new Row("resident memory: nats", nats(kube, pod), "", ""));
        }
        return rows;
    }

    static String list(String status) {
        List<String> all = new ArrayList<>();
        for (String one : status.split("\\|", -1)) {
            Matcher process = PROCESS.matcher(one);
            if (process.find() && !process.group(1).equals("sh")) {
                all.add(process.group(1) + " " + Long.parseLong(process.group(2)) / 1024 + " MiB");
            }
        }
        return String.join(", ", all);
    }

    private static String nats(Kube kube, String pod) throws IOException, InterruptedException {
        try (LocalPortForward port = kube.forward(pod, NATS_PORT);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port.getLocalPort() + "/varz");
            String body = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
            Matcher memory = NATS.matcher(body);
            return memory.find() ? Long.parseLong(memory.group(1)) / (1 << 20) + " MiB" : "unknown";
        }
    }
}
