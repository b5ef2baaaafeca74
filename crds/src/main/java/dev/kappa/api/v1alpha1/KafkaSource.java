package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Topics of Apache Kafka, whose records a function gets in batches, each partition in order. */
@ValidationRule(
        value = "!has(self.mechanism) || has(self.credentials)",
        messageExpression =
                "'spec.kafka.credentials: %s needs user and password; name their Secret, or remove mechanism'"
                        + ".format([has(self.mechanism) ? self.mechanism : ''])")
@ValidationRule(
        value = "!has(self.mechanism) || self.mechanism != 'PLAIN' || has(self.tls) && self.tls",
        messageExpression =
                "'spec.kafka.tls: %s sends the password as it is; set tls to true, or let mechanism be SCRAM-SHA-512'"
                        + ".format([has(self.mechanism) ? self.mechanism : ''])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class KafkaSource {
    /** Brokers to begin with, host:port; their hosts have to be in the chart's value sources.privateHosts. */
    @Required
    @Size(min = 1, max = 10)
    public List<@Size(max = 300) @Pattern("^[A-Za-z0-9.-]+:[0-9]{1,5}$") String> bootstrapServers;

    /** Topics, which have to be there. */
    @Required
    @Size(min = 1, max = 10)
    public List<@Size(min = 1, max = 249) @Pattern("^[A-Za-z0-9._-]+$") String> topics;

    /** The group whose offsets say how far the topics are done; without it one of this source alone. */
    @Size(min = 1, max = 200)
    @Pattern("^[A-Za-z0-9/*:_+=.@-]+$")
    public String consumerGroup;

    /** Whether the brokers are reached by TLS. */
    public Boolean tls;

    /** How the user is proved to the brokers; without it SCRAM-SHA-512 if there are credentials. */
    @ValidationRule(
            value = "self in ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN']",
            messageExpression =
                    "'spec.kafka.mechanism: must be SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN, but is %s'.format([self])")
    @Size(max = 20)
    public String mechanism;

    /** A Secret with the keys KAFKA_USER and KAFKA_PASSWORD, or KAFKA_CA (the brokers' authority, PEM), or all. */
    public SourceCredentials credentials;
}
