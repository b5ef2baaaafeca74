package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which function a version freezes; the operator fills the snapshot in once. */
@ValidationRule(
        value = "self.__function__ == oldSelf.__function__ && self.number == oldSelf.number",
        message = "spec.function and spec.number: are immutable; publish a new version")
@ValidationRule(
        value = "!has(oldSelf.snapshot) || has(self.snapshot) && self.snapshot == oldSelf.snapshot",
        message = "spec.snapshot: a version is immutable; publish a new one")
@JsonIgnoreProperties(ignoreUnknown = true)
public class VersionSpec {
    /** Name of the function. */
    @Required
    @Size(max = 40)
    @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
    public String function;

    /** Its number, never used twice. */
    @Required
    @Min(1)
    public Integer number;

    /** What the publisher says of it. */
    @Size(max = 256)
    public String description;

    /** The function's specification when the version was published. */
    public Snapshot snapshot;

    /** For events that name the version by its number: replaces the function's as a whole; may change. */
    public Async async;

    /** Code and configuration, frozen. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Snapshot {
        /** Digest of the code package; absent when the code is an image. */
        public String codeSha256;

        /** Digest of code and configuration: versions that have the same are alike. */
        public String configSha256;

        /** The function's specification. */
        @Required
        public FunctionSpec function;
    }
}
