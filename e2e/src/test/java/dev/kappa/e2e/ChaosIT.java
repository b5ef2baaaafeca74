package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.history.Checker;
import dev.kappa.history.History;
import dev.kappa.history.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Asynchronous events while gateways, function pods, operators, the control plane and NATS are killed: what was accepted
 * ends exactly once, as the client, the handler, the queue and the destination wrote down. Meanwhile calls on a function go on,
 * and what one of them changed is what the next one sees. The size is that of the system properties {@code kappa.chaos.events}
 * and {@code kappa.chaos.kills}.
 */
@Isolated("kills parts")
class ChaosIT {
    private static final int EVENTS = Integer.getInteger("kappa.chaos.events", 1500);
    private static final int KILLS = Integer.getInteger("kappa.chaos.kills", 6);
    /** So long NATS may be down: what runs meanwhile cannot be settled. */
    private static final Duration WINDOW = Duration.ofSeconds(60);
    /** So many events a gateway may have in hand, and so many gateways may have been killed at once. */
    private static final int OVERLAP = 2 * 256;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Cluster.shared().onNode("true"); // processes are killed there
        Installation.everything();
        Ledger.install();
        Functions.python(
                Sender.FUNCTION,
                "timeoutSeconds: 20\n  scaling: {min: 2, max: 3}\n  async: {maxRetryAttempts: 1,"
                        + " onSuccess: {nats: {subject: " + QueueView.RECORDS + "}},"
                        + " onFailure: {nats: {subject: " + QueueView.RECORDS + "}}}",
                Ledger.HANDLER);
        Functions.python(Administrator.FUNCTION, "timeoutSeconds: 5", "def handler(event, context):\n    return event");
        Functions.waitUntilReady("Function", Sender.FUNCTION);
        Functions.waitUntilReady("Function", Administrator.FUNCTION);
    }

    /** Leaves everything ready, as other test classes want it. */
    @AfterAll
    static void tidyUp() throws IOException, InterruptedException {
        Functions.delete("Function", Sender.FUNCTION);
        Functions.delete("Function", Administrator.FUNCTION);
        Ledger.remove();
        Installation.helm();
    }

    @Test
    void whatWasAcceptedEndsExactlyOnceWhateverIsKilled() throws Exception {
        long begin = System.nanoTime();
        History history;
        Killer killer = new Killer(KILLS);
        int calls;
        try (QueueView queue = QueueView.open();
                Administrator administrator = Administrator.start();
                Sender sender = new Sender(EVENTS)) {
            sender.start();
            killer.run(sender::progress);
            sender.finish();
            calls = administrator.finish();
            queue.waitUntilEmpty(Duration.ofMinutes(8));
            history = new History(
                    sender.sent(),
                    Ledger.runs(),
                    queue.outcomes(),
                    queue.records(),
                    queue.died(),
                    killer.faults(),
                    queue.samples());
            assertThat(queue.deadLetters())
                    .as("dead letters")
                    .isEqualTo(history.settled().stream()
                            .filter(it -> !it.success())
                            .map(History.Settled::requestId)
                            .distinct()
                            .count());
        }
        write(history);
        Verdict verdict = new Checker(WINDOW.toMillis(), OVERLAP, true).check(history);
        System.out.printf(
                "chaos: %s%nchaos: killed %s; %d runs, %d duplicated events, %d records twice, %d samples, %d calls, %d s%n",
                Sender.summary(history.sent()),
                killer.killed(),
                history.runs().size(),
                verdict.duplicates(),
                verdict.redelivered(),
                history.samples().size(),
                calls,
                Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        assertThat(verdict.violations()).isEmpty();
        assertThat(history.samples()).hasSizeGreaterThan(KILLS);
        assertThat(killer.killed().values().stream().mapToInt(it -> it).sum()).isEqualTo(KILLS);
        assertThat(calls).as("calls on a function").isGreaterThan(KILLS);
    }

    /** What was written down, a line each, for whoever looks into a finding. */
    private static void write(History history) throws IOException {
        Path file = Path.of("target", "chaos-history.txt");
        Files.write(
                file,
                Stream.of(
                                history.sent(),
                                history.runs(),
                                history.settled(),
                                history.delivered(),
                                history.died(),
                                history.faults(),
                                history.samples())
                        .flatMap(List::stream)
                        .map(Object::toString)
                        .toList());
        System.out.println("chaos: history in e2e/" + file);
    }
}
