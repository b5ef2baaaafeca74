package dev.kappa.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTokenTest {
    private static final byte[] KEY = "secret".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = InstanceToken.secret(KEY, "default", "hello", "$LATEST");
    private static final long NOW = 1_800_000_123;

    @Test
    void tokensOfTwoVersionsDiffer() {
        String first = InstanceToken.secret(KEY, "default", "hello", "1");

        assertThat(InstanceToken.proves(SECRET, "pod", InstanceToken.of(SECRET, "pod", NOW), NOW))
                .isTrue();
        assertThat(InstanceToken.proves(first, "pod", InstanceToken.of(SECRET, "pod", NOW), NOW))
                .isFalse();
        assertThat(InstanceToken.ofVersion(KEY, "default", "hello", "$LATEST"))
                .hasSize(64)
                .isNotEqualTo(SECRET)
                .isNotEqualTo(InstanceToken.ofVersion(KEY, "default", "hello", "1"));
    }

    @Test
    void tokensOfTwoPodsDiffer() {
        assertThat(InstanceToken.proves(SECRET, "pod-2", InstanceToken.of(SECRET, "pod", NOW), NOW))
                .isFalse();
    }

    @Test
    void aTokenHoldsForTenMinutesAndNoLongerThanFifteen() {
        for (long at = NOW; at < NOW + 600; at++) {
            String token = InstanceToken.of(SECRET, "pod", at);

            assertThat(InstanceToken.proves(SECRET, "pod", token, at + 600)).isTrue();
            assertThat(InstanceToken.proves(SECRET, "pod", token, at + 900)).isFalse();
            assertThat(InstanceToken.proves(SECRET, "pod", token, at - 600))
                    .as("a clock that is ten minutes behind")
                    .isTrue();
            assertThat(InstanceToken.proves(SECRET, "pod", token, at - 1200)).isFalse();
            assertThat(InstanceToken.of(SECRET, "pod", at + InstanceToken.renewIn(at) - 1))
                    .isEqualTo(token);
            assertThat(InstanceToken.of(SECRET, "pod", at + InstanceToken.renewIn(at)))
                    .isNotEqualTo(token);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "x", "1800000300", "-1", "+18", " 1800000300", "99999999999999999999", "1e9"})
    void whatIsMalformedProvesNothing(String until) {
        String digest = InstanceToken.of(SECRET, "pod", NOW).substring(11);

        assertThat(digest).hasSize(64);
        assertThat(InstanceToken.proves(SECRET, "pod", until + "-" + digest, NOW))
                .isFalse();
        assertThat(InstanceToken.proves(SECRET, "pod", until, NOW)).isFalse();
    }

    @Test
    void nobodyCanPoseAsAnother() {
        assertThat(InstanceToken.ofPlatform(KEY)).isNotEqualTo(InstanceToken.ofVersion(KEY, "", "", ""));
        assertThat(InstanceToken.ofHandler(SECRET)).isNotEqualTo(InstanceToken.ofKubelet(SECRET));
    }

    @Test
    void theSameInputGivesTheSameToken() {
        assertThat(InstanceToken.matches(
                        InstanceToken.secret(KEY, "media", "hello", "7"),
                        InstanceToken.secret(KEY.clone(), "media", "hello", "7")))
                .isTrue();
    }
}
