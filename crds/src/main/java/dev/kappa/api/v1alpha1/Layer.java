package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Of a function: a package that is unpacked to /opt: exactly one of its fields. */
@ValidationRule(
        value = "(has(self.__package__) ? 1 : 0) + (has(self.url) ? 1 : 0) + (has(self.s3) ? 1 : 0) == 1",
        messageExpression = "'spec.layers: give exactly one of package, url, s3 for each layer, but one has%s%s%s%s'"
                + ".format([has(self.__package__) ? ' package' : '', has(self.url) ? ' url' : '', "
                + "has(self.s3) ? ' s3' : '', has(self.__package__) || has(self.url) || has(self.s3) ? '' : ' none'])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Layer {
    /** A package that was uploaded through the gateway. */
    @JsonProperty("package")
    public Code.UploadedPackage uploaded;

    /** A zip file that is fetched once and pinned by its digest. */
    public Code.Url url;

    /** A zip file in a bucket of S3, or of a store that speaks its protocol; fetched once and pinned by its digest. */
    public Code.S3 s3;

    /** ARN of the layer's version from which Lambda's API took the package; answers show it, and nothing else follows from it. */
    @Size(max = 400)
    @Pattern("^arn:[^\\s]+$")
    public String arn;
}
