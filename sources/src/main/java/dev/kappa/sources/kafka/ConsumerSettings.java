package dev.kappa.sources.kafka;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.KafkaSource;
import dev.kappa.sources.work.SourceProblemException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The settings of Kafka's consumer, of which a manifest can set a few. */
final class ConsumerSettings {
    private static final String USER = "KAFKA_USER";
    private static final String PASSWORD = "KAFKA_PASSWORD";
    private static final String AUTHORITY = "KAFKA_CA";
    private static final int FETCH_BYTES = 8 << 20;
    private static final int AT_ONCE = 500;

    private ConsumerSettings() {}

    /**
     * Those of a source.
     *
     * @param source whose
     * @param secret what its Secret has, nothing without one
     * @throws SourceProblemException if the Secret lacks something
     */
    static Map<String, Object> of(EventSource source, Map<String, String> secret) {
        KafkaSource kafka = source.getSpec().kafka;
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers);
        settings.put(
                ConsumerConfig.CLIENT_ID_CONFIG, "kappa-" + source.getMetadata().getUid());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(source));
        // Kafka's newer protocol notices a dead member after 45 s at the earliest.
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Of a partition that is new, and of one whose records were deleted before they were read.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AT_ONCE);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 60_000);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        security(source, secret, settings);
        return settings;
    }

    static String group(EventSource source) {
        String named = source.getSpec().kafka.consumerGroup;
        return named == null ? "kappa-" + source.getMetadata().getUid() : named;
    }

    private static void security(EventSource source, Map<String, String> secret, Map<String, Object> settings) {
        KafkaSource kafka = source.getSpec().kafka;
        boolean tls = Boolean.TRUE.equals(kafka.tls);
        String user = secret.getOrDefault(USER, "").strip();
        String authority = secret.getOrDefault(AUTHORITY, "").strip();
        if (kafka.credentials != null && user.isEmpty() && (authority.isEmpty() || kafka.mechanism != null)) {
            throw new SourceProblemException(
                    "SecretIncomplete",
                    "spec.kafka.credentials.secretRef: Secret "
                            + source.getMetadata().getNamespace() + "/" + kafka.credentials.secretRef.name
                            + " has no key " + USER + "; add it and " + PASSWORD);
        }
        if (!user.isEmpty()) {
            String mechanism = kafka.mechanism == null ? "SCRAM-SHA-512" : kafka.mechanism;
            settings.put(SaslConfigs.SASL_MECHANISM, mechanism);
            settings.put(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    login(mechanism, user, secret.getOrDefault(PASSWORD, "").strip()));
        }
        String encrypted = tls ? "SSL" : "PLAINTEXT";
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, user.isEmpty() ? encrypted : "SASL_" + encrypted);
        if (tls && !authority.isEmpty()) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, authority);
        }
    }

    private static String login(String mechanism, String user, String password) {
        String module = mechanism.equals("PLAIN")
                ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                : "org.apache.kafka.common.security.scram.ScramLoginModule";
        return module + " required username=" + quoted(user) + " password=" + quoted(password) + ";";
    }

    /** What a Secret holds ends no option and begins no other. */
    private static String quoted(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new SourceProblemException(
                    "SecretIncomplete",
                    "spec.kafka.credentials.secretRef: " + USER + " or " + PASSWORD
                            + " has a line break or another control character; remove it");
        }
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
