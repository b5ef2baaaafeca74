package dev.kappa.identity;

import static dev.kappa.identity.SignedRequests.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.lambda.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTokensTest {
    private static final Caller.Account ADA = new Caller.Account("media", "ada");
    private static final Duration HOUR = Duration.ofHours(1);
    private SessionKeys keys = new SessionKeys(Map.of(1, key(0)), 1);
    private final SessionTokens sessions = later(Duration.ZERO);

    private static SecretKeySpec key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return SessionKeys.key(bytes);
    }

    /** Another process, later. */
    private SessionTokens later(Duration later) {
        return new SessionTokens(() -> keys, Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    private static void assertRefused(SessionTokens sessions, String token, String type) {
        assertThatThrownBy(() -> sessions.open(token))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        it -> assertThat(it.error().type()).isEqualTo(type));
    }

    @Test
    void everyProcessThatHasTheKeyOpensATokenUntilItEnds() {
        Session session = sessions.issue(ADA, "work", HOUR);

        Session opened = later(Duration.ofMinutes(59)).open(session.token());

        assertThat(opened.key().id()).isEqualTo(session.key().id()).startsWith("ASIA");
        assertThat(opened.key().caller()).isEqualTo(Caller.serviceAccount("media", "ada"));
        assertThat(opened.secretAccessKey()).isEqualTo(session.secretAccessKey());
        assertThat(opened.name()).isEqualTo("work");
        assertThat(opened.until()).isEqualTo(NOW.plus(HOUR));
        assertRefused(later(HOUR), session.token(), "ExpiredTokenException");
        assertThat(session.toString()).doesNotContain(session.secretAccessKey()).doesNotContain(session.token());
    }

    @Test
    void noSessionIsLongerThanTwelveHours() {
        assertThatThrownBy(() -> sessions.issue(ADA, "", SessionTokens.LONGEST.plusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenThatWasChangedOrMadeElsewhereOpensNothing() {
        byte[] token = Base64.getDecoder().decode(sessions.issue(ADA, "", HOUR).token());
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] ^= 1;
            assertRefused(sessions, Base64.getEncoder().encodeToString(changed), "UnrecognizedClientException");
        }
        for (String made : new String[] {"", "AQ==", "no base64!", "A".repeat(20_000)}) {
            assertRefused(sessions, made, "UnrecognizedClientException");
        }
    }

    @Test
    void aNewKeySealsAndTheOldOneOpensUntilItIsTakenAway() {
        String before = sessions.issue(ADA, "", HOUR).token();
        keys = new SessionKeys(Map.of(1, key(0), 2, key(1)), 2);
        String after = sessions.issue(ADA, "", HOUR).token();
        assertThat(sessions.open(before).key().caller().name()).endsWith("ada");

        keys = new SessionKeys(Map.of(2, key(1)), 2);

        assertThat(sessions.open(after).key().caller().name()).endsWith("ada");
        assertRefused(sessions, before, "UnrecognizedClientException");
    }

    @Test
    void withoutAKeyThereAreNoCredentials() {
        String token = sessions.issue(ADA, "", HOUR).token();
        keys = SessionKeys.NONE;

        assertThatThrownBy(() -> sessions.issue(ADA, "", HOUR))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        it -> assertThat(it.error().status()).isEqualTo(503));
        assertRefused(sessions, token, "UnrecognizedClientException");
    }

    @Test
    void keysAreFilesAndANewOneSealsOnceAllProcessesHaveIt(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("1"), "0".repeat(64) + "\n");
        Files.writeString(folder.resolve("2"), "too short");
        Files.writeString(folder.resolve("..data"), "f".repeat(64));
        Time time = new Time();
        SessionKeyFiles files = new SessionKeyFiles(folder, time);
        assertThat(files.get()).isEqualTo(new SessionKeys(Map.of(1, key(0)), 1));

        Files.writeString(folder.resolve("2"), "01" + "0".repeat(62));
        time.now = time.now.plusSeconds(10);
        assertThat(files.get()).isEqualTo(new SessionKeys(Map.of(1, key(0), 2, key(1)), 1));
        time.now = time.now.plus(SessionKeyFiles.SPREAD);
        assertThat(files.get().sealing()).isEqualTo(2);
        assertThat(new SessionKeyFiles(folder, time).get().sealing())
                .as("of a process that starts")
                .isEqualTo(2);
    }

    @Test
    void aSecretMayComeLater(@TempDir Path folder) throws Exception {
        Time time = new Time();
        SessionKeyFiles files = new SessionKeyFiles(folder.resolve("keys"), time);
        assertThat(files.get()).isEqualTo(SessionKeys.NONE);

        Files.createDirectory(folder.resolve("keys"));
        Files.writeString(folder.resolve("keys/7"), "0".repeat(64));
        time.now = time.now.plusSeconds(10);

        assertThat(files.get().sealing()).isEqualTo(7);
    }

    private static final class Time extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
