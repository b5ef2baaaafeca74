package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A stream of a NATS server with JetStream, whose messages a function gets in batches and in order. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class NatsSource {
    /** Where the server listens; its host has to be in the chart's value sources.privateHosts. */
    @Required
    @Size(min = 1, max = 512)
    @ValidationRule(
            value = "self.matches('^(nats|tls)://[^/?#@ ]+$')",
            messageExpression =
                    "'spec.nats.url: must be nats://host:port or tls://host:port, but is %s'.format([self])")
    public String url;

    /** Name of the stream, which has to be there. */
    @Required
    @Size(min = 1, max = 255)
    @Pattern("^[A-Za-z0-9_-]+$")
    public String stream;

    /** Which messages of the stream, with NATS' wildcards; without it all. */
    @Size(min = 1, max = 255)
    @Pattern("^[^ ]+$")
    public String subject;

    /** User or token; a Secret with the keys NATS_USER and NATS_PASSWORD, or NATS_TOKEN. */
    public SourceCredentials credentials;
}
