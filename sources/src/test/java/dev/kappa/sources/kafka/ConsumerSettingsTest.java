package dev.kappa.sources.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.api.v1alpha1.KafkaSource;
import dev.kappa.api.v1alpha1.SourceCredentials;
import dev.kappa.sources.work.SourceProblemException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the consumer of a source is told, and what a Secret cannot tell it. */
class ConsumerSettingsTest {
    private final EventSource source = new EventSource();
    private final KafkaSource kafka = new KafkaSource();

    @BeforeEach
    void make() {
        source.setMetadata(new ObjectMetaBuilder()
                .withNamespace("media")
                .withName("orders")
                .withUid("u-1")
                .build());
        kafka.bootstrapServers = List.of("a:1", "b:2");
        kafka.topics = List.of("orders");
        source.setSpec(new EventSourceSpec());
        source.getSpec().kafka = kafka;
    }

    private void withSecret() {
        kafka.credentials = new SourceCredentials();
        kafka.credentials.secretRef = new SourceCredentials.SecretRef();
        kafka.credentials.secretRef.name = "key";
    }

    @Test
    void withoutCredentialsTheGroupIsOfThisSourceAndNothingIsCommittedByItself() {
        assertThat(ConsumerSettings.of(source, Map.of()))
                .containsEntry("group.id", "kappa-u-1")
                .containsEntry("security.protocol", "PLAINTEXT")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("group.protocol", "classic")
                .doesNotContainKey("sasl.mechanism");
        kafka.consumerGroup = "shipping";
        kafka.tls = true;
        assertThat(ConsumerSettings.of(source, Map.of()))
                .containsEntry("group.id", "shipping")
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void aPasswordEndsNoOptionAndBeginsNoOther() {
        withSecret();
        String password = "a\" debug=\"true\"; \\\"x\\";

        Map<String, Object> settings =
                ConsumerSettings.of(source, Map.of("KAFKA_USER", "kappa\n", "KAFKA_PASSWORD", password + "\n"));

        assertThat(settings)
                .containsEntry("security.protocol", "SASL_PLAINTEXT")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
        List<AppConfigurationEntry> entries = JaasContext.loadClientContext(
                        Map.of("sasl.jaas.config", new Password((String) settings.get("sasl.jaas.config"))))
                .configurationEntries();
        assertThat(entries).hasSize(1);
        Map<String, ?> options = entries.getFirst().getOptions();
        assertThat(options.keySet()).containsExactlyInAnyOrder("username", "password");
        assertThat(options.get("username")).isEqualTo("kappa");
        assertThat(options.get("password")).isEqualTo(password);
    }

    @Test
    void aLineBreakWithinAPasswordAndASecretWithoutAUserAreNamed() {
        withSecret();

        assertThatThrownBy(() -> ConsumerSettings.of(source, Map.of("KAFKA_USER", "a", "KAFKA_PASSWORD", "b\nc")))
                .isInstanceOf(SourceProblemException.class)
                .hasMessageContaining("line break");
        assertThatThrownBy(() -> ConsumerSettings.of(source, Map.of("KAFKA_PASSWORD", "b")))
                .hasMessageContaining("Secret media/key has no key KAFKA_USER");
    }

    @Test
    void anAuthorityOfOnesOwnIsTrustedByTls() {
        withSecret();
        kafka.tls = true;
        kafka.mechanism = "PLAIN";

        assertThat(ConsumerSettings.of(
                        source, Map.of("KAFKA_USER", "a", "KAFKA_PASSWORD", "b", "KAFKA_CA", "-----BEGIN\n")))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("ssl.truststore.type", "PEM")
                .containsEntry("ssl.truststore.certificates", "-----BEGIN")
                .extractingByKey("sasl.jaas.config")
                .asString()
                .startsWith("org.apache.kafka.common.security.plain.PlainLoginModule required");
    }
}
