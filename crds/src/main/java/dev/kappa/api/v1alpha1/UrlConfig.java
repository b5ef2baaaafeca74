package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** An address of its own that HTTP clients call: a function URL. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class UrlConfig {
    /**
     * How callers are known: AWS_IAM by a signature or a token, NONE not at all. Whom it lets in spec.permissions of the Function
     * says, for NONE with a statement for the principal * with the functionUrlAuthType NONE.
     */
    @ValidationRule(
            value = "self in ['NONE', 'AWS_IAM']",
            messageExpression = "'spec.url.authType: must be one of NONE, AWS_IAM, but is %s'.format([self])")
    @Default("AWS_IAM")
    @Size(max = 40)
    public String authType;

    /** Whether an answer leaves when it is complete (BUFFERED), or as the handler writes it (RESPONSE_STREAM). */
    @ValidationRule(
            value = "self in ['BUFFERED', 'RESPONSE_STREAM']",
            messageExpression =
                    "'spec.url.invokeMode: must be one of BUFFERED, RESPONSE_STREAM, but is %s'.format([self])")
    @Default("BUFFERED")
    @Size(max = 40)
    public String invokeMode;

    /** Which pages of other origins may call it from a browser; none if absent, unless the function answers so itself. */
    public Cors cors;

    /** Cross-origin resource sharing. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Cors {
        /** Whether browsers may send cookies and credentials. */
        public Boolean allowCredentials;

        /** Request headers that pages may set, or *. */
        @Size(max = 100)
        public List<String> allowHeaders;

        /** Methods that pages may use, or *. */
        @Size(max = 6)
        public List<String> allowMethods;

        /** Origins of the pages, for example https://www.example.com, or *. */
        @Size(max = 100)
        public List<String> allowOrigins;

        /** Headers of the answer that pages may read, or *. */
        @Size(max = 100)
        public List<String> exposeHeaders;

        /** For how many seconds a browser may keep what a preflight answered. */
        @Min(0)
        @Max(86400)
        public Integer maxAge;
    }
}
