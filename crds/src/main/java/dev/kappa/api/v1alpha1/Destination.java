package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the record of an ended asynchronous event goes: exactly one of its fields. */
@ValidationRule(
        value = "(has(self.__function__) ? 1 : 0) + (has(self.nats) ? 1 : 0) + (has(self.url) ? 1 : 0) == 1",
        message = "a destination: give exactly one of function, nats, url")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Destination {
    /** A function of the same namespace: its name, or the name, a dot and an alias or version. */
    @Size(min = 1, max = 100)
    @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9-]+)?$")
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
                message = "nats.subject: must be tokens of letters, digits, '_' and '-' joined by dots,"
                        + " the first neither kappa, _INBOX nor _R_")
        public String subject;
    }

    /** A web hook that gets a signed POST. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Url {
        /** An https address; http only to hosts that the chart's value async.privateHosts names. */
        @Required
        @Size(max = 1000)
        @ValidationRule(
                value = "self.matches('^https?://[^/?#@ ]+([/?][^ ]*)?$')",
                message = "url.location: must be an http(s) address without user and spaces")
        public String location;
    }
}
