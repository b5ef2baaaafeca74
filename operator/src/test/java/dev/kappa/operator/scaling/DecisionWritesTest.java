package dev.kappa.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Change;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionWritesTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final BlockingQueue<String> story = new LinkedBlockingQueue<>();
    private final DecisionWrites writes = new DecisionWrites(threads, this::write, this::decide);

    @AfterEach
    void stop() {
        slow.countDown();
        threads.close();
    }

    @Test
    void aSlowWriteDelaysNeitherTheAnswerNorAnotherVersion() throws Exception {
        writes.submit(List.of(change("slow", 1), change("quick", 1)));
        writes.submit(List.of(change("other", 1)));

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("quick 1", "other 1");
        assertThat(story).isEmpty();
    }

    @Test
    void aDecisionDuringAWriteIsNotLost() throws Exception {
        writes.submit(List.of(change("slow", 1)));
        writes.submit(List.of(change("slow", 2)));
        writes.submit(List.of(change("slow", 3)));
        assertThat(story).isEmpty();
        slow.countDown();

        assertThat(next()).isEqualTo("slow 1");
        assertThat(next()).isEqualTo("slow is decided anew");
        threads.close();
        assertThat(story).isEmpty();
        assertThat(writes.isIdle()).isTrue();
    }

    @Test
    void aWriteThatFailsLeavesTheVersionFree() throws Exception {
        writes.submit(List.of(change("fails", 1)));
        threads.close();

        assertThat(writes.isIdle()).isTrue();
    }

    private void write(Change change) {
        if (change.id().function().equals("fails")) {
            throw new IllegalStateException("as asked");
        }
        if (change.id().function().equals("slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        story.add(change.id().function() + " " + change.to());
    }

    private void decide(VersionKey id) {
        story.add(id.function() + " is decided anew");
    }

    private String next() throws InterruptedException {
        String next = story.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static Change change(String function, int to) {
        return new Change(new VersionKey("media", function, "1"), 0, to, "events wait", List.of());
    }
}
