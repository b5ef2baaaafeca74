package dev.kappa.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and opens session tokens: a ServiceAccount, the secret access key and the end, sealed with AES-GCM by a key that all
 * processes have. One key seals and every one opens, so that keys are changed without a break; a token whose key was
 * taken away opens nothing.
 */
public final class SessionTokens {
    /** No session is longer. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** Sum of the lengths of the tokens that are remembered. */
    private static final int REMEMBERED = 4 * 1024 * 1024;

    /** Names of namespaces and accounts are short. */
    private static final int LONGEST_TOKEN = 2 * 1024;

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Opened(SecretKeySpec key, Session session) {}

    private final Supplier<SessionKeys> keys;
    private final Clock clock;
    private final Cache<String, Opened> opened = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED)
            .weigher((String token, Opened it) -> token.length())
            .build();

    /**
     * The tokens of an installation.
     *
     * @param keys may change
     * @param clock the time
     */
    public SessionTokens(Supplier<SessionKeys> keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Makes temporary credentials.
     *
     * @param role whose they are
     * @param name of the session, empty for none
     * @param life how long they hold, no longer than {@link #LONGEST}
     * @return the credentials
     * @throws RefusedException if there is no key
     */
    public Session issue(Caller.Account role, String name, Duration life) {
        if (life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a session of " + life + " is longer than " + LONGEST);
        }
        SessionKeys known = keys.get();
        SecretKeySpec sealing = known.all().get(known.sealing());
        if (sealing == null) {
            throw new RefusedException(AwsError.service(
                    503,
                    "There are no temporary credentials: the Secret kappa-session-keys of Kappa's namespace has no key."
                            + " Upgrade the chart, which makes one."));
        }
        String id = "ASIA" + HexFormat.of().withUpperCase().formatHex(random(8));
        String secret = Base64.getEncoder().withoutPadding().encodeToString(random(30));
        Instant until = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
        byte[] nonce = random(NONCE);
        byte[] number = {(byte) known.sealing()};
        byte[] content = content(id, secret, until, role, name);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, sealing, nonce, number, content);
        byte[] token = Arrays.copyOf(number, 1 + NONCE + sealed.length);
        System.arraycopy(nonce, 0, token, 1, NONCE);
        System.arraycopy(sealed, 0, token, 1 + NONCE, sealed.length);
        AccessKey key = new AccessKey(id, secret, Caller.serviceAccount(role.namespace(), role.name()));
        return new Session(key, secret, Base64.getEncoder().encodeToString(token), until, name);
    }

    /**
     * Opens a token.
     *
     * @param token as a caller shows it
     * @return the credentials
     * @throws RefusedException if it was not made here, or has ended
     */
    public Session open(String token) {
        Opened known = opened.getIfPresent(token);
        if (known == null || !keys.get().all().containsValue(known.key())) {
            known = read(token).orElseThrow(() -> new RefusedException(AwsError.unrecognizedClient()));
            opened.put(token, known);
        }
        if (!clock.instant().isBefore(known.session().until())) {
            throw new RefusedException(AwsError.expiredToken());
        }
        return known.session();
    }

    private Optional<Opened> read(String token) {
        try {
            byte[] bytes = token.length() > LONGEST_TOKEN
                    ? new byte[0]
                    : Base64.getDecoder().decode(token);
            SecretKeySpec key =
                    bytes.length <= 1 + NONCE ? null : keys.get().all().get((int) bytes[0]);
            if (key == null) {
                return Optional.empty();
            }
            byte[] content = crypt(
                    Cipher.DECRYPT_MODE,
                    key,
                    Arrays.copyOfRange(bytes, 1, 1 + NONCE),
                    Arrays.copyOf(bytes, 1),
                    Arrays.copyOfRange(bytes, 1 + NONCE, bytes.length));
            return Optional.of(new Opened(key, session(token, content)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] content(String id, String secret, Instant until, Caller.Account role, String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(id);
            out.writeUTF(secret);
            out.writeLong(until.getEpochSecond());
            out.writeUTF(role.namespace());
            out.writeUTF(role.name());
            out.writeUTF(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Session session(String token, byte[] content) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            String id = in.readUTF();
            String secret = in.readUTF();
            Instant until = Instant.ofEpochSecond(in.readLong());
            AccessKey key = new AccessKey(id, secret, Caller.serviceAccount(in.readUTF(), in.readUTF()));
            return new Session(key, secret, token, until, in.readUTF());
        } catch (IOException e) {
            throw new IllegalArgumentException("what was sealed cannot be read", e);
        }
    }

    /** Throws IllegalArgumentException for what the key did not seal. */
    private static byte[] crypt(int mode, SecretKeySpec key, byte[] nonce, byte[] number, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(number);
            return cipher.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the token was not sealed here", e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
