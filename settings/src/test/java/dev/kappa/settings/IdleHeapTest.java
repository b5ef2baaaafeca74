package dev.kappa.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdleHeapTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong events = new AtomicLong();
    private final AtomicLong used = new AtomicLong(150 * MIB);
    private final AtomicInteger collections = new AtomicInteger();
    private final IdleHeap heap = new IdleHeap(events::get, used::get, 32 * MIB, () -> {
        collections.incrementAndGet();
        used.set(30 * MIB);
    });

    @Test
    void whatALoadLeftIsCollectedOnceNoEventComes() {
        for (int i = 0; i < 10; i++) {
            events.incrementAndGet();
            heap.look();
        }
        assertThat(collections).as("under load").hasValue(0);

        looks(2);
        assertThat(collections).as("a short pause").hasValue(0);
        looks(1);
        assertThat(collections).hasValue(1);
    }

    @Test
    void aHeapThatIsHardlyLargerThanAfterItsLastCollectionIsLeft() {
        looks(3);
        assertThat(collections).hasValue(1);

        used.set(60 * MIB);
        looks(100);
        assertThat(collections).hasValue(1);

        used.set(63 * MIB);
        looks(1);
        assertThat(collections).hasValue(2);
    }

    private void looks(int number) {
        for (int i = 0; i < number; i++) {
            heap.look();
        }
    }
}
