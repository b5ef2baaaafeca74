package dev.kappa.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aRefusalIsToldAtOnceWithObjectCauseAndRemedy() {
        Failure failure = Failure.of(
                        new RefusedWriteException("Deployment fn-a-latest", answer(403, "exceeded quota: deployments")),
                        0)
                .orElseThrow();

        assertThat(failure.ofPods()).isTrue();
        assertThat(failure.message())
                .startsWith("Deployment fn-a-latest is refused: exceeded quota: deployments; raise the ResourceQuota");
    }

    @Test
    void aMissingRightIsToldAtOnce() {
        assertThat(Failure.of(answer(403, "versions.kappa.dev is forbidden"), 0)
                        .orElseThrow()
                        .message())
                .contains("versions.kappa.dev is forbidden");
    }

    @Test
    void aConflictIsNoNews() {
        assertThat(Failure.of(answer(409, "the object has been modified"), 99)).isEmpty();
    }

    @Test
    void whatPassesByItselfIsToldOnlyIfItDoesNot() {
        assertThat(Failure.of(answer(503, "etcd"), 1)).isEmpty();
        assertThat(Failure.of(answer(503, "etcd"), 9).orElseThrow().reason()).isEqualTo("ApiServerFails");
        assertThat(Failure.of(new NullPointerException("x"), 1)).isEmpty();
        assertThat(Failure.of(new NullPointerException("x"), 9).orElseThrow().message())
                .contains("NullPointerException", "operator's log");
    }

    @Test
    void whatTheChartLacksIsToldInItsOwnWords() {
        assertThat(Failure.of(new IllegalStateException("The chart names no image of the runtime cobol."), 0)
                        .orElseThrow()
                        .message())
                .isEqualTo("The chart names no image of the runtime cobol.");
    }

    private static KubernetesClientException answer(int code, String message) {
        return new KubernetesClientException(
                "Failure executing: PATCH",
                code,
                new StatusBuilder().withCode(code).withMessage(message).build());
    }
}
