package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the record of an ended asynchronous event goes: exactly one of its fields. */
@ValidationRule(
        value = "(has(self.__function__) ? 1 : 0) + (has(self.nats) ? 1 : 0) + (has(self.url) ? 1 : 0) == 1",
        messageExpression = "'a destination: give exactly one of function, nats, url, but it has%s%s%s%s'"
                + ".format([has(self.__function__) ? ' function' : '', has(self.nats) ? ' nats' : '', "
                + "has(self.url) ? ' url' : '', "
                + "has(self.__function__) || has(self.nats) || has(self.url) ? '' : ' none'])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Destination {
    /** A function of the same namespace: its name, or the name, a dot and an alias or version. */
    @Size(min = 1, max = Limits.QUALIFIED_NAME)
    @Pattern(Limits.QUALIFIED_PATTERN)
    public String function;

    /** A subject of the NATS server that Kappa uses. */
    public Nats nats;

    /** A web hook that gets a signed POST. */
    public Url url;

    /** A NATS subject, which a JetStream stream may hold. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Nats {
        /** Words of letters, digits, _ and - joined by dots, without wildcards; the first word is neither kappa, _INBOX nor _R_. */
        @Required
        @Size(max = 200)
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$')"
                        + " && !self.matches('^(kappa|_INBOX|_R_)([.].*)?$')",
                messageExpression =
                        "'nats.subject: must be tokens of letters, digits, _ and - joined by dots, the first "
                                + "neither kappa, _INBOX nor _R_, but is %s'.format([self])")
        public String subject;
    }

    /** A web hook that gets a signed POST. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Url {
        /** A {@link #format}. */
        public static final String CLOUD_EVENTS = "CloudEvents";

        /** An https address; http only to hosts that the chart's value async.privateHosts names. */
        @Required
        @Size(max = 1000)
        @ValidationRule(
                value = "self.matches('^https?://[^/?#@ ]+([/?][^ ]*)?$')",
                messageExpression =
                        "'url.location: must be an http(s) address without user and spaces, but is %s'.format([self])")
        public String location;

        /** What the headers tell: Kappa's own attributes (Plain, also if absent), or those of a CloudEvent in binary mode (CloudEvents). */
        @Size(max = 20)
        @ValidationRule(
                value = "self in ['Plain', 'CloudEvents']",
                messageExpression = "'url.format: must be Plain or CloudEvents, but is %s'.format([self])")
        public String format;
    }
}
