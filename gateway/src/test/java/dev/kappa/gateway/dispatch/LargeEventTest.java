package dev.kappa.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Hello;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large events take the more of an instance, the less its memory bears of them. */
class LargeEventTest {
    private static final VersionKey HELLO = new VersionKey("default", "hello", "$LATEST");
    private static final VersionConfig CONFIG = new VersionConfig("r1", 3, null, null, null, 1_000);
    private static final long NOW = 1_000;

    private final VersionState state = new VersionState(HELLO, () -> NOW);

    @BeforeEach
    void know() {
        state.revise(CONFIG);
    }

    @Test
    void anEventWeighsByItsLength() {
        assertThat(CONFIG.seats(0)).isEqualTo(1);
        assertThat(CONFIG.seats(1_000)).isEqualTo(1);
        assertThat(CONFIG.seats(1_001)).isEqualTo(2);
        assertThat(CONFIG.seats(6_000)).isEqualTo(6);
    }

    @Test
    void anInstanceRunsOnlyAsManyAsItsMemoryBears() {
        instance("a", 4);
        enqueue(2_500);
        enqueue(2_500);

        List<Assignment> first = state.assign(NOW, 0);

        assertThat(first).hasSize(1);
        assertThat(state.inFlight()).isEqualTo(3);
        assertThat(demandedSeats())
                .as("seats tell the autoscaler that another instance is wanted")
                .isEqualTo(6);
        assertThat(state.unmet(0)).isTrue();

        end(first.getFirst());

        assertThat(state.assign(NOW, 0)).hasSize(1);
        assertThat(state.unmet(0)).isFalse();
    }

    @Test
    void oneThatIsLargerThanAllOfAnInstanceHasItAlone() {
        instance("a", 4);
        AdmittedEvent large = enqueue(50_000);
        enqueue(1);

        List<Assignment> alone = state.assign(NOW, 0);

        assertThat(alone).extracting(Assignment::admitted).containsExactly(large);
        end(alone.getFirst());
        assertThat(state.inFlight()).isZero();
        assertThat(state.assign(NOW, 0)).hasSize(1);
    }

    @Test
    void smallOnesShareWhatIsLeftAndDoNotOvertake() {
        instance("a", 4);
        enqueue(1);
        List<Assignment> small = state.assign(NOW, 0);
        AdmittedEvent large = enqueue(4_000);
        AdmittedEvent later = enqueue(1);
        assertThat(state.assign(NOW, 0))
                .as("the large one waits, and so does who came after it")
                .isEmpty();

        end(small.getFirst());

        assertThat(state.assign(NOW, 0)).extracting(Assignment::admitted).containsExactly(large);
        assertThat(demandedSeats()).isEqualTo(5);
        assertThat(state.takeOldest(NOW)).isSameAs(later);
    }

    @Test
    void anotherInstanceWithRoomIsTaken() {
        instance("idle", 4);
        instance("busy", 4);
        enqueue(1);
        assertThat(state.assign(NOW, 0).getFirst().instance().pod).isEqualTo("busy");
        enqueue(4_000);

        assertThat(state.assign(NOW, 0).getFirst().instance().pod).isEqualTo("idle");

        enqueue(1);
        assertThat(state.assign(NOW, 0).getFirst().instance().pod).isEqualTo("busy");
    }

    @Test
    void aRefusedOneGivesItsSeatsBack() {
        instance("a", 4);
        AdmittedEvent large = enqueue(3_000);
        state.assign(NOW, 0);

        state.requeue(large, NOW);

        assertThat(state.inFlight()).isZero();
        assertThat(demandedSeats()).isEqualTo(3);
    }

    @Test
    void thoseWithoutACallerWeighAsMuch() {
        instance("a", 4);
        enqueue(3_000, true);
        enqueue(3_000, true);

        assertThat(state.assign(NOW, 9)).hasSize(1);
        assertThat(state.drainBackground(NOW)).hasSize(1);
        assertThat(demandedSeats()).isEqualTo(3);
    }

    private int demandedSeats() {
        var demand = state.demand(NOW, 100);
        return demand.queued() + demand.inFlight();
    }

    private void end(Assignment assignment) {
        assignment.admitted().release();
        state.offerAgain(assignment.instance());
    }

    private AdmittedEvent enqueue(int length) {
        return enqueue(length, false);
    }

    private AdmittedEvent enqueue(int length, boolean background) {
        Buffer payload = Buffer.buffer(new byte[length]);
        AdmittedEvent admitted = new AdmittedEvent(
                new Event("id", HELLO, payload, "arn", null, null, false, NOW, background, NOW + 1_000));
        admitted.seats = CONFIG.seats(length);
        state.enqueue(admitted, NOW);
        return admitted;
    }

    private void instance(String pod, int capacity) {
        InstanceAddress address = new InstanceAddress("10.0.0.1", 8080, pod);
        Instance instance = new Instance(pod, address, "r1", NOW);
        instance.greet(
                new Hello("default", "hello", "$LATEST", "r1", pod, "10.0.0.1", capacity, 1, 2, 3, null, null),
                address,
                NOW);
        state.instances.put(pod, instance);
        state.offer(instance);
    }
}
