package dev.kappa.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InstanceTokenTest {
    private static final byte[] KEY = "secret".getBytes(StandardCharsets.UTF_8);

    @Test
    void tokensOfTwoVersionsDiffer() {
        String latest = InstanceToken.ofVersion(KEY, "default", "hello", "$LATEST");
        String first = InstanceToken.ofVersion(KEY, "default", "hello", "1");

        assertThat(latest).hasSize(64).isNotEqualTo(first);
        assertThat(InstanceToken.matches(latest, first)).isFalse();
    }

    @Test
    void aVersionCannotPoseAsThePlatform() {
        assertThat(InstanceToken.ofPlatform(KEY)).isNotEqualTo(InstanceToken.ofVersion(KEY, "", "", ""));
    }

    @Test
    void theSameInputGivesTheSameToken() {
        assertThat(InstanceToken.matches(
                        InstanceToken.ofVersion(KEY, "media", "hello", "7"),
                        InstanceToken.ofVersion(KEY.clone(), "media", "hello", "7")))
                .isTrue();
    }
}
