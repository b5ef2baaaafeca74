package dev.kappa.sources.sqs;

import dev.kappa.sources.work.SecretReader;
import dev.kappa.sources.work.SourceProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The credentials in a Secret, which is read again now and then, so that others take effect without a restart. */
final class SecretCredentials implements AwsCredentialsProvider {
    private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
    private static final String KEY = "AWS_SECRET_ACCESS_KEY";
    private static final String SESSION = "AWS_SESSION_TOKEN";
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final SecretReader secrets;
    private final InstantSource clock;
    private final String namespace;
    private final String name;
    private @Nullable AwsCredentials known;
    private Instant knownUntil = Instant.MIN;

    SecretCredentials(SecretReader secrets, InstantSource clock, String namespace, String name) {
        this.secrets = secrets;
        this.clock = clock;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
        Instant now = clock.instant();
        AwsCredentials current = known;
        if (current == null || !now.isBefore(knownUntil)) {
            current = read();
            known = current;
            knownUntil = now.plus(KEPT);
        }
        return current;
    }

    private AwsCredentials read() {
        String object = "spec.sqs.credentials.secretRef: Secret " + namespace + "/" + name;
        Map<String, String> texts;
        try {
            texts = secrets.read(namespace, name)
                    .orElseThrow(() -> new SourceProblemException(
                            "SecretNotFound",
                            object + " does not exist; create it with the keys " + KEY_ID + " and " + KEY
                                    + ": kubectl -n " + namespace + " create secret generic " + name
                                    + " --from-literal=" + KEY_ID + "=… --from-literal=" + KEY + "=…"));
        } catch (IOException e) {
            throw new SourceProblemException("SecretNotReadable", object + ": " + e.getMessage());
        }
        String id = required(texts, KEY_ID, object);
        String key = required(texts, KEY, object);
        String session = texts.get(SESSION);
        return session == null
                ? AwsBasicCredentials.create(id, key)
                : AwsSessionCredentials.create(id, key, session.strip());
    }

    /** A line's end that a file brought along is no part of it. */
    private static String required(Map<String, String> texts, String key, String object) {
        String text = texts.getOrDefault(key, "").strip();
        if (text.isEmpty()) {
            throw new SourceProblemException("SecretIncomplete", object + " has no key " + key + "; add it");
        }
        return text;
    }
}
