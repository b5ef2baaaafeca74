package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which function a version freezes; the operator fills in the snapshot once. */
@ValidationRule(
        value = "self.__function__ == oldSelf.__function__ && self.number == oldSelf.number",
        messageExpression = "'spec.function and spec.number: are immutable, and are %s and %s; publish a new version "
                + "instead'.format([oldSelf.__function__, string(oldSelf.number)])")
@ValidationRule(
        value = "!has(oldSelf.snapshot) || has(self.snapshot) && self.snapshot == oldSelf.snapshot",
        messageExpression = "'spec.snapshot: a version is immutable; publish a new one instead of changing %s.%s'"
                + ".format([self.__function__, string(self.number)])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class VersionSpec {
    /** Name of the function, of the same namespace. */
    @Required
    @Size(max = Limits.FUNCTION_NAME)
    @Pattern(Limits.FUNCTION_PATTERN)
    @SelectableField
    public String function;

    /** Number of the version; no number is used twice. */
    @Required
    @Min(1)
    public Integer number;

    /** What the version is about. */
    @Size(max = Limits.DESCRIPTION)
    public String description;

    /** Code and configuration of the function when the version was published; filled in by the operator. */
    public Snapshot snapshot;

    /** Settings for asynchronous events that name the version by its number; they replace those of the function as a whole and may change. */
    public Async async;

    /** Number of concurrent events for which instances are kept ready, whatever the demand; further events start more instances. It may change. */
    @Min(1)
    @Max(1000000)
    public Integer provisionedConcurrency;

    /** Code and configuration of a function, frozen. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Snapshot {
        /** Digest of the code package; absent when the code is an image. */
        public String codeSha256;

        /** Where the code package was fetched from, if that is a bucket. */
        public FunctionStatus.S3Object s3;

        /** The packages of the function's layers, in its order. */
        public List<FunctionStatus.StoredLayer> layers;

        /** Digest of code and configuration; versions with the same digest are alike. */
        public String configSha256;

        /** The function's specification. */
        @Required
        public FunctionSpec function;
    }
}
