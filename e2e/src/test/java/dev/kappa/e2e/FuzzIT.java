package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kappa.e2e.GeneratedRequests.Connection;
import dev.kappa.e2e.RawExchange.Answers;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever callers send, each request is answered or refused, none is read that nobody sent, and nothing fails. Its size and seed
 * are parameters: {@code bin/dev fuzz 50000 7}.
 */
@Timeout(1800)
class FuzzIT {
    private static final int SIZE = Integer.getInteger("kappa.fuzz.size", 600);
    private static final long SEED = Long.getLong("kappa.fuzz.seed", 1);
    /** Most requests that never end take their deadline of seconds, and no processor. */
    private static final int CALLERS = Math.clamp(SIZE / 75, 8, 64);

    private static final String NAMESPACE = "generated";
    private static final String FUNCTION = "target";

    /** Not served by Kappa, and no version of HTTP. */
    private static final Set<Integer> KNOWN_FAILURES = Set.of(501, 505);

    private static URI endpoint;
    private static String authorization;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        KubernetesClient client = Cluster.shared().client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        client.resource("""
                        apiVersion: kappa.dev/v1alpha1
                        kind: Function
                        metadata: {name: NAME, namespace: NAMESPACE}
                        spec:
                          runtime: python3.13
                          handler: a.b
                          scaling: {min: 1, max: 2}
                          code: {inline: {a.py: "def b(event, context): return event"}}
                        """.replace("NAMESPACE", NAMESPACE).replace("NAME", FUNCTION))
                .serverSideApply();
        endpoint = URI.create(Cluster.shared().endpoint());
        // It may do everything in its namespace, so that what it sends is carried out.
        authorization = Identity.tenant(NAMESPACE, "fuzzer", "kappa-developer");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(send(plain("/2015-03-31/functions/" + FUNCTION + "." + NAMESPACE))
                                .statuses())
                        .containsExactly(200));
    }

    @AfterAll
    static void tidyUp() {
        Cluster.shared().client().namespaces().withName(NAMESPACE).delete();
    }

    private static Connection plain(String target) {
        return new Connection(
                "plain",
                "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " + authorization
                        + "\r\n\r\n",
                1,
                true);
    }

    private static Answers send(Connection connection) throws IOException {
        return RawExchange.exchange(endpoint, connection.bytes());
    }

    private static List<String> wrong(Connection connection, Answers answers) {
        List<String> wrong = new ArrayList<>();
        if (answers.hangs()) {
            wrong.add("hangs");
        }
        if (answers.statuses().size() > connection.requests()) {
            wrong.add("answers more than was asked");
        }
        if (connection.wellFramed() && answers.statuses().isEmpty()) {
            wrong.add("is not answered");
        }
        answers.statuses().stream()
                .filter(it -> it >= 500 && !KNOWN_FAILURES.contains(it))
                .forEach(it -> wrong.add("fails with " + it));
        return wrong;
    }

    @Test
    void whateverIsSentIsAnsweredOrRefused() throws Exception {
        List<String> before = gateways();
        GeneratedRequests generated = new GeneratedRequests(SEED, FUNCTION + "." + NAMESPACE, authorization);
        Map<String, Integer> counts = new TreeMap<>();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        int[] sent = {0};
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> run(generated, sent, counts, wrong)));
        }
        for (Thread caller : callers) {
            caller.join();
        }

        System.out.println("seed " + SEED + ", " + sent[0] + " requests, answers by kind: " + counts);
        assertThat(wrong).as("seed %s", SEED).isEmpty();
        assertThat(gateways()).as("none was started again").isEqualTo(before);
        assertThat(send(plain("/2015-03-31/functions/" + FUNCTION + "." + NAMESPACE))
                        .statuses())
                .containsExactly(200);
        assertThat(refusedFunctions()).noneMatch(it -> it.startsWith("smuggled-"));
    }

    private static void run(
            GeneratedRequests generated, int[] sent, Map<String, Integer> counts, ConcurrentLinkedQueue<String> wrong) {
        while (true) {
            Connection connection;
            synchronized (generated) {
                if (sent[0] >= SIZE) {
                    return;
                }
                connection = generated.next();
                sent[0] += connection.requests();
            }
            try {
                Answers answers = send(connection);
                synchronized (counts) {
                    answers.statuses().forEach(it -> counts.merge(connection.kind() + " " + it, 1, Integer::sum));
                }
                wrong(connection, answers)
                        .forEach(it -> wrong.add(it + " " + answers.statuses() + ": " + shown(connection)));
            } catch (IOException e) {
                wrong.add(e + ": " + shown(connection));
            }
        }
    }

    private static String shown(Connection connection) {
        String text = connection.text().replace(authorization, "Bearer …");
        return text.length() <= 4000 ? text : text.substring(0, 4000) + "…";
    }

    /** Names and restarts of the gateways' containers. */
    private static List<String> gateways() {
        return pods().map(it -> it.getMetadata().getName() + " "
                        + it.getStatus().getContainerStatuses().getFirst().getRestartCount())
                .sorted()
                .toList();
    }

    private static Stream<Pod> pods() {
        return Cluster.shared().client().pods().inNamespace(Installation.NAMESPACE).list().getItems().stream()
                .filter(it -> it.getMetadata().getName().startsWith("kappa-gateway-"));
    }

    private static byte[] unsigned(String function) {
        return ("POST /2015-03-31/functions/" + function + "/invocations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "Content-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Functions of the refused calls in the audit logs; with that of a call that is made to be refused. */
    private static Set<String> refusedFunctions() throws IOException {
        RawExchange.exchange(endpoint, unsigned("refused-for-sure"));
        Set<String> all = new TreeSet<>();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            all.addAll(audited());
            assertThat(all).contains("refused-for-sure");
        });
        return all;
    }

    private static Set<String> audited() {
        return pods().map(it -> Cluster.shared()
                        .client()
                        .pods()
                        .inNamespace(Installation.NAMESPACE)
                        .withName(it.getMetadata().getName())
                        .getLog())
                .flatMap(String::lines)
                .filter(it -> it.contains("\"log\":\"audit\"") && it.contains("\"function\":\""))
                .map(it -> it.substring(it.indexOf("\"function\":\"") + 12))
                .map(it -> it.substring(0, it.indexOf('"')))
                .collect(Collectors.toSet());
    }
}
