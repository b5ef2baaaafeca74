package dev.kappa.sources.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.MemoryKeys;
import dev.kappa.sources.lease.LeaseTimes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes and one lease; what the lease promises under faults, the model tests of its keeper show. */
@Timeout(60)
class LeaderTest {
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofMillis(50), Duration.ofSeconds(10), Duration.ofSeconds(20));

    private final MemoryKeys keys = new MemoryKeys();

    @Test
    void whatOneGivesBackTheOtherTakes() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Leader one = new Leader(keys, "one", TIMES);
        Leader other = new Leader(keys, "other", TIMES);

        one.start(first::countDown, ended::countDown);
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(one.mayAct()).isTrue();
        other.start(second::countDown, () -> {});
        assertThat(other.mayAct()).isFalse();
        one.release(Duration.ofSeconds(30));

        assertThat(one.mayAct()).isFalse();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(other.mayAct()).isTrue();
        other.release(Duration.ofSeconds(30));
    }

    @Test
    void whoNeverLedLeavesAtOnce() throws Exception {
        keys.write("leader", "1 somebody", 0);
        Leader leader = new Leader(keys, "one", TIMES);
        leader.start(() -> {}, () -> {});

        leader.release(Duration.ofSeconds(30));

        assertThat(leader.mayAct()).isFalse();
    }
}
