package dev.kappa.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.wire.PlatformTokens.Shown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlatformTokensTest {
    private Instant now = Instant.parse("2026-11-27T10:00:00Z");
    private final InstantSource clock = () -> now;
    private final PlatformTokens caller = tokens("key", false, "10.0.0.1", PlatformTokens.GATEWAYS);
    private final PlatformTokens meant = tokens("key", false, "10.0.0.2", "fd00::2", PlatformTokens.GATEWAYS);
    private final PlatformTokens other = tokens("key", false, "10.0.0.3", PlatformTokens.GATEWAYS);

    private PlatformTokens tokens(String key, boolean upgrades, String... self) {
        return new PlatformTokens(key, List.of(self), upgrades, clock);
    }

    @Test
    void isGoodForTheMeantProcessAlone() {
        String token = caller.to("10.0.0.2").token();

        assertThat(meant.proves(token, null)).isTrue();
        assertThat(other.proves(token, null)).isFalse();
        assertThat(caller.proves(token, null)).isFalse();
        assertThat(tokens("another key", false, "10.0.0.2").proves(token, null)).isFalse();
        assertThat(meant.proves(null, null)).isFalse();
        assertThat(meant.proves(token.substring(1), null)).isFalse();
    }

    @Test
    void whoIsCalledByItsServiceMayBeAnyOfIt() {
        String token = caller.to(PlatformTokens.GATEWAYS).token();

        assertThat(meant.proves(token, null)).isTrue();
        assertThat(other.proves(token, null)).isTrue();
        assertThat(tokens("key", false, "10.0.0.4", PlatformTokens.API).proves(token, null))
                .isFalse();
    }

    @Test
    void anAddressIsTheSameInBrackets() {
        assertThat(meant.proves(caller.to("[fd00::2]").token(), null)).isTrue();
    }

    @Test
    void onlyWhoHasTheKeyCanAnswer() {
        Shown shown = caller.to("10.0.0.2");

        assertThat(shown.isAnsweredBy(meant.answer(shown.token()).orElseThrow()))
                .isTrue();
        assertThat(shown.isAnsweredBy(null)).isFalse();
        assertThat(shown.isAnsweredBy(shown.token())).isFalse();
        assertThat(other.answer(shown.token())).isEmpty();
        assertThat(shown.isAnsweredBy(meant.answer(meant.to("10.0.0.2").token())
                        .map(it -> it.replace(it.charAt(0), 'x'))
                        .orElseThrow()))
                .isFalse();
        assertThat(meant.answer(null)).isEmpty();
    }

    @Test
    void endsWithinFifteenMinutesAlsoWhereItWasSeenBefore() {
        String token = caller.to("10.0.0.2").token();
        assertThat(meant.proves(token, null)).isTrue();

        now = now.plus(Duration.ofMinutes(10)).minusSeconds(1);
        assertThat(meant.proves(token, null)).isTrue();
        now = now.plus(Duration.ofMinutes(5)).plusSeconds(1);
        assertThat(meant.proves(token, null)).isFalse();
        assertThat(meant.answer(token)).isEmpty();
    }

    @Test
    void isMadeAnewBeforeItEnds() {
        String first = caller.to("10.0.0.2").token();
        long renewIn = caller.renewIn();

        now = now.plusSeconds(renewIn - 1);
        assertThat(caller.to("10.0.0.2").token()).isEqualTo(first);
        now = now.plusSeconds(1);
        assertThat(caller.to("10.0.0.2").token()).isNotEqualTo(first);
    }

    @Test
    void release010IsKnownOnlyWhileItIsReplaced() {
        String old = InstanceToken.ofPlatform("key".getBytes(StandardCharsets.UTF_8));
        PlatformTokens replacing = tokens("key", true, "10.0.0.2");

        assertThat(meant.proves(null, old)).isFalse();
        assertThat(replacing.proves(null, old)).isTrue();
        assertThat(replacing.proves(null, "0".repeat(64))).isFalse();
        assertThat(replacing.to("10.0.0.9").old()).isEqualTo(old);
        assertThat(replacing.to("10.0.0.9").isAnsweredBy(null)).isTrue();
        assertThat(replacing.to("10.0.0.9").isAnsweredBy("0".repeat(64))).isFalse();
        assertThat(caller.to("10.0.0.2").old()).isNull();
        assertThat(PlatformTokens.of("key", PlatformTokens.API, "10.0.0.2,fd00::2", "0.1.0")
                        .proves(null, old))
                .isTrue();
        assertThat(PlatformTokens.of("key", PlatformTokens.API, "", "").proves(null, old))
                .isFalse();
    }
}
