package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.Target;
import dev.kappa.stores.events.TargetDelivery;
import dev.kappa.stores.events.TargetDelivery.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloudEventTest {
    private static final Outcome OUTCOME = new Outcome(
            "r-1", "media", "hello", "3", Condition.RETRIES_EXHAUSTED, 3, 0, 1_500, 200, null, null, List.of(), false);
    private static final AsyncEvent EVENT = new AsyncEvent(
            "r-1",
            new VersionKey("media", "hello", "3"),
            "uid",
            "live",
            new byte[0],
            "arn:aws:lambda:us-east-1:1:function:hello:live",
            null,
            null,
            "ada",
            0,
            0);

    @Test
    void tellsWhatHappenedToWhom() {
        assertThat(CloudEvent.attributes("id", Kind.ON_FAILURE, OUTCOME, EVENT))
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-id", "id")
                .containsEntry("ce-source", "arn:aws:lambda:us-east-1:1:function:hello:live")
                .containsEntry("ce-type", "dev.kappa.function.failed")
                .containsEntry("ce-subject", "r-1")
                .containsEntry("ce-time", "1970-01-01T00:00:01.500Z")
                .hasSize(6);
    }

    /** Extension attributes are lower-case letters and digits. */
    @Test
    void aDeadLetterKeepsItsAttributes() {
        assertThat(CloudEvent.attributes("id", Kind.DEAD_LETTER, OUTCOME, EVENT))
                .containsEntry("ce-type", "dev.kappa.function.deadletter")
                .containsEntry("ce-errorcode", "200")
                .containsKeys("ce-requestid", "ce-errormessage")
                .allSatisfy((name, value) -> assertThat(name).matches("ce-[a-z0-9]+"));
    }

    @Test
    void theFormStaysWithADeliveryUntilItIsReached() {
        TargetDelivery due = TargetDelivery.of(Kind.ON_SUCCESS, new Target.Url("https://example.com", true));

        assertThat(due.target()).isEqualTo(new Target.Url("https://example.com", true));
        assertThat(due.reached().target()).isEqualTo(new Target.Url("https://example.com", true));
        assertThat(TargetDelivery.of(Kind.ON_SUCCESS, new Target.Url("https://example.com", false))
                        .cloudEvents())
                .isNull();
    }
}
