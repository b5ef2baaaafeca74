package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import dev.kappa.identity.Action;
import dev.kappa.identity.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What calls need. */
class OperationTest {
    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyCallNeedsSomethingOfItsNamespace(Operation operation) {
        assertThat(Action.valueOf(operation.name())
                        .on(new Target("media", "hello", "live"), "arn")
                        .accesses())
                .isNotEmpty()
                .allSatisfy(access -> assertThat(access.namespace()).isEqualTo("media"));
    }

    @Test
    void whatIsNamedByAQualifierIsTheResourceThatIsWritten() {
        assertThat(Action.DELETE_FUNCTION
                        .on(new Target("media", "hello", "3"), "arn")
                        .accesses())
                .containsExactly(new Access("delete", "versions", "media", "hello.3"));
        assertThat(Action.UPDATE_ALIAS
                        .on(new Target("media", "hello", "live"), "arn")
                        .accesses())
                .containsExactly(new Access("patch", "aliases", "media", "hello.live"));
        assertThat(Action.PUT_FUNCTION_EVENT_INVOKE_CONFIG
                        .on(new Target("media", "hello", "$LATEST"), "arn")
                        .accesses())
                .containsExactly(new Access("patch", "functions", "media", "hello"));
        assertThat(Action.PUBLISH_VERSION
                        .on(new Target("media", "hello", null), "arn")
                        .accesses())
                .containsExactly(
                        new Access("get", "functions", "media", "hello"),
                        new Access("create", "versions", "media", ""));
    }
}
