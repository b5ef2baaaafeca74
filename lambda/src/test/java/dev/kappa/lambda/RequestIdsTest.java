package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestIdsTest {
    private static final int THREADS = 4;
    private static final int EACH = 20_000;

    @Test
    void areRandomUuidsThatDifferOnAllThreads() throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> {
                for (int made = 0; made < EACH; made++) {
                    ids.add(RequestIds.next());
                }
                done.countDown();
            });
        }

        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(ids).hasSize(THREADS * EACH).allSatisfy(id -> {
            assertThat(UUID.fromString(id)).hasToString(id);
            assertThat(UUID.fromString(id).version()).isEqualTo(4);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        });
    }

    @Test
    void everyOtherBitIsSetHalfOfTheTime() {
        int[] set = new int[128];
        for (int made = 0; made < EACH; made++) {
            UUID id = UUID.fromString(RequestIds.next());
            for (int bit = 0; bit < 64; bit++) {
                set[bit] += (int) (id.getMostSignificantBits() >>> bit & 1);
                set[64 + bit] += (int) (id.getLeastSignificantBits() >>> bit & 1);
            }
        }
        for (int bit = 0; bit < 128; bit++) {
            boolean fixed = (bit >= 12 && bit < 16) || bit >= 126;
            if (!fixed) {
                assertThat(set[bit]).as("bit %d", bit).isBetween(EACH * 9 / 20, EACH * 11 / 20);
            }
        }
    }
}
