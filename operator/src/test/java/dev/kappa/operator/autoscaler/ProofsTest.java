package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Proofs.Failure;
import dev.kappa.operator.autoscaler.Proofs.Proof;
import dev.kappa.wire.Hello;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProofsTest {
    private static final VersionKey ID = new VersionKey("default", "hello", "1");

    private final Proofs proofs = new Proofs();

    @Test
    void aFailureAfterAProofIsOfTheInstanceAndIsToldOnce() {
        proofs.add(ID, hello("r1", "one", null));
        proofs.add(ID, hello("r1", "two", "Sandbox.Timedout"));

        assertThat(proofs.of(ID, "r1")).get().matches(Proof::isGood);
        assertThat(proofs.takeFailure(ID, "r1")).contains(new Failure("r1", "two", "Sandbox.Timedout: late"));
        assertThat(proofs.takeFailure(ID, "r1")).isEmpty();
    }

    @Test
    void aFailureOfAnotherRevisionIsItsProof() {
        proofs.add(ID, hello("r1", "one", null));
        proofs.add(ID, hello("r2", "two", "Error"));

        assertThat(proofs.of(ID, "r1")).isEmpty();
        assertThat(proofs.of(ID, "r2")).get().matches(proof -> !proof.isGood());
    }

    @Test
    void aSuccessReplacesAFailure() {
        proofs.add(ID, hello("r1", "one", "Error"));
        proofs.add(ID, hello("r1", "two", null));

        assertThat(proofs.of(ID, "r1")).get().matches(Proof::isGood);
    }

    @Test
    void anInstanceThatIsOnlySeenProvesLessThanAHello() {
        proofs.seen(ID, "r1");
        assertThat(proofs.of(ID, "r1")).get().matches(Proof::assumed);

        proofs.add(ID, hello("r1", "one", "Error"));
        proofs.seen(ID, "r1");
        assertThat(proofs.of(ID, "r1")).get().matches(proof -> !proof.assumed() && !proof.isGood());
    }

    private static Hello hello(String revision, String pod, @Nullable String errorType) {
        return new Hello(
                ID.namespace(),
                ID.function(),
                ID.version(),
                revision,
                pod,
                "10.0.0.1:8080",
                1,
                0,
                0,
                0,
                errorType,
                errorType == null ? null : "late");
    }
}
