package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** The versions of a layer. Functions name their packages, so that they keep what is deleted here. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class LayerSpec {
    /** The name that callers of Lambda's API use, where it cannot be metadata.name: with capitals or underscores. */
    @Size(min = 1, max = Limits.LAYER_NAME)
    @Pattern("^[a-zA-Z0-9_-]+$")
    public String layerName;

    /** The highest number that a version had; the next version gets the one after it, also if that version was deleted. */
    @Min(0)
    public Integer lastVersion;

    /** The versions that are there, by their numbers. */
    @Size(max = Limits.LAYER_VERSIONS)
    @ValidationRule(
            value = "self.all(number, number.matches('^[1-9][0-9]{0,8}$'))",
            messageExpression = "'spec.versions: must have numbers as keys, but has %s'"
                    + ".format([self.filter(number, !number.matches('^[1-9][0-9]{0,8}$'))[0]])")
    public Map<String, LayerVersion> versions;

    /** One version: a package and what its publisher said of it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class LayerVersion {
        /** The package of the same namespace that is unpacked to /opt. */
        @Required
        @JsonProperty("package")
        public Code.UploadedPackage uploaded;

        /** What the version is for. */
        @Size(max = Limits.DESCRIPTION)
        public String description;

        /** The license: a name, an address or its text. */
        @Size(max = 512)
        public String licenseInfo;

        /** Names of runtimes for which it was made, by which callers search; nothing is refused for it. */
        @Size(max = 15)
        public List<String> compatibleRuntimes;

        /** Architectures for which it was made, as compatibleRuntimes. */
        @Size(max = 2)
        public List<String> compatibleArchitectures;

        /** When it was published, RFC 3339. */
        @Size(max = 40)
        public String created;

        /** Namespaces whose functions may use it. */
        @Size(max = 100)
        public List<LayerPermission> permissions;
    }

    /** A statement of the policy of a layer's version. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class LayerPermission {
        /** Name of the statement, by which RemoveLayerVersionPermission finds it. */
        @Required
        @Size(min = 1, max = 100)
        @Pattern("^[a-zA-Z0-9_-]+$")
        public String statementId;

        /** The 12 digits of a namespace's account, the ARN of its root, or * for all. */
        @Required
        @Size(max = 100)
        @Pattern("^([*]|[0-9]{12}|arn:aws[a-zA-Z-]*:iam::[0-9]{12}:root)$")
        public String principal;
    }
}
