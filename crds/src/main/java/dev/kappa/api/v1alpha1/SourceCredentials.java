package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Where the credentials of a source are; who writes the event source has to have the right to read them. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class SourceCredentials {
    /** A Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, perhaps AWS_SESSION_TOKEN. */
    @Required
    public SecretRef secretRef;

    /** A Secret of the same namespace. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class SecretRef {
        /** Name of the Secret. */
        @Required
        @Size(min = 1, max = 253)
        public String name;
    }
}
