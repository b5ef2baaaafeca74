package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A queue of Amazon SQS, or of a server that speaks its protocol, whose messages a function gets in batches. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class SqsSource {
    /** The queue's URL, or its ARN: arn:aws:sqs:region:account:name. */
    @Required
    @Size(min = 1, max = 512)
    @ValidationRule(
            value = "self.matches('^https?://[^/?#@ ]+/([^?# ]*/)?[A-Za-z0-9_-]{1,80}([.]fifo)?$')"
                    + " || self.matches('^arn:aws[a-z-]*:sqs:[a-z0-9-]*:[0-9]{0,12}:[A-Za-z0-9_-]{1,80}([.]fifo)?$')",
            messageExpression =
                    "'spec.sqs.queue: must be the URL of a queue, or its ARN (arn:aws:sqs:region:account:name), but is %s'"
                            + ".format([self])")
    public String queue;

    /** Where the queue's server listens; without it the host of the queue's URL, or AWS's own endpoint of the region. */
    @Size(max = 512)
    @ValidationRule(
            value = "self.matches('^https?://[^/?#@ ]+/?$')",
            messageExpression =
                    "'spec.sqs.endpoint: must be an http(s) address without a path, but is %s'.format([self])")
    public String endpoint;

    /** Region for which requests are signed; without it that of the ARN or URL, or of the installation. */
    @Size(min = 1, max = 64)
    @Pattern("^[a-z0-9-]+$")
    public String region;

    /** Access key of the queue; without it requests are not signed. */
    public SourceCredentials credentials;
}
