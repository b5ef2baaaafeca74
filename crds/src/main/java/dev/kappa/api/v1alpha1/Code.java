package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** The code of a function: exactly one of its fields. */
@ValidationRule(
        value = "(has(self.inline) ? 1 : 0) + (has(self.__package__) ? 1 : 0) + (has(self.url) ? 1 : 0)"
                + " + (has(self.s3) ? 1 : 0) + (has(self.image) ? 1 : 0) == 1",
        messageExpression = "'spec.code: give exactly one of inline, package, url, s3, image, but it has%s%s%s%s%s%s'"
                + ".format([has(self.inline) ? ' inline' : '', has(self.__package__) ? ' package' : '', "
                + "has(self.url) ? ' url' : '', has(self.s3) ? ' s3' : '', has(self.image) ? ' image' : '', "
                + "has(self.inline) || has(self.__package__) || has(self.url) || has(self.s3) || has(self.image)"
                + " ? '' : ' none'])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Code {
    /** Small source files in the manifest: the name of each file and its text. */
    @ValidationRule(
            value = "size(self) > 0 && self.all(name, name.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$'))",
            messageExpression = "'spec.code.inline: needs at least one file, each named by letters, digits, _, - and . "
                    + "only, but it has %s'.format([size(self) == 0 ? 'none'"
                    + " : self.filter(name, !name.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$'))[0]])")
    @Size(max = 50)
    public Map<String, String> inline;

    /** A code package that was uploaded through the gateway. */
    @JsonProperty("package")
    public UploadedPackage uploaded;

    /** A zip file that is fetched once and pinned by its digest. */
    public Url url;

    /** A zip file in a bucket of S3, or of a store that speaks its protocol; fetched once and pinned by its digest. */
    public S3 s3;

    /** A container image of your own. */
    public Image image;

    /** A code package, named by its digest. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class UploadedPackage {
        /** SHA-256 digest of the zip file, 64 lower-case hex digits. */
        @Required
        @Pattern("^[0-9a-f]{64}$")
        public String sha256;
    }

    /** A zip file on a web server. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Url {
        /** An https address of the zip file. */
        @Required
        @ValidationRule(
                value = "self.startsWith('https://')",
                messageExpression = "'spec.code.url.location: must start with https://, but is %s'.format([self])")
        @Size(max = 2000)
        public String location;

        /** SHA-256 digest of the zip file, 64 lower-case hex digits. */
        @Required
        @Pattern("^[0-9a-f]{64}$")
        public String sha256;
    }

    /** An object of a bucket; a changed object is noticed when this changes, as on Lambda. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class S3 {
        /** Name of the bucket. */
        @Required
        @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$")
        public String bucket;

        /** Key of the object, a zip file. */
        @Required
        @Size(min = 1, max = 1024)
        public String key;

        /** Which version of the object, in a bucket that keeps versions; the newest if absent. */
        @Size(min = 1, max = 1024)
        public String versionId;

        /** Address of the store, for example https://minio.example; AWS's of the region, or the chart's operator.s3.endpoint, if absent. */
        @ValidationRule(
                value = "self.matches('^https?://[^/?#@ ]+/?$')",
                messageExpression =
                        "'spec.code.s3.endpoint: must be an address such as https://minio.example:9000, but is "
                                + "%s'.format([self])")
        @Size(max = 500)
        public String endpoint;

        /** Region of the bucket; the chart's operator.s3.region if absent. */
        @Pattern("^[a-z0-9-]{1,63}$")
        public String region;

        /**
         * A Secret of the same namespace with the keys AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if need be,
         * AWS_SESSION_TOKEN; the chart's operator.s3.credentialsSecrets says which names may be given. The object is asked for
         * without credentials if absent.
         */
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(max = 253)
        public String credentialsSecretName;

        /** Whether the bucket's name is in the path of addresses rather than in front of the host; true if an endpoint is given. */
        public Boolean pathStyle;
    }

    /** A container image whose process speaks the Lambda Runtime API. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Image {
        /** Reference of the image with a digest (registry/name@sha256:…); what a tag names can change. */
        @Required
        @Pattern("^[^\\s]+$")
        public String reference;

        /** Replaces the image's entry point. */
        public List<String> command;

        /** Replaces the image's arguments. */
        public List<String> args;

        /** Replaces the image's working directory. */
        public String workingDir;
    }
}
