package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One environment variable: a value, or a key of a Secret of the same namespace. */
@ValidationRule(
        value = "has(self.value) != has(self.valueFrom)",
        message = "spec.environment: give each variable exactly one of value, valueFrom")
@JsonIgnoreProperties(ignoreUnknown = true)
public class EnvironmentVariable {
    /** Name of the variable; the names that Lambda and Kappa set themselves are refused. */
    @Required
    @Size(max = 128)
    @Pattern("^[a-zA-Z][a-zA-Z0-9_]+$")
    @ValidationRule(
            value =
                    "!(self.startsWith('AWS_LAMBDA_') || self.startsWith('KAPPA_') || self in ['_HANDLER', '_X_AMZN_TRACE_ID',"
                            + " 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'])",
            message = "spec.environment: this name is set by the runtime; choose another")
    public String name;

    /** Value of the variable, passed on as it is. */
    @Size(max = 4096)
    public String value;

    /** Where else the value comes from. */
    public ValueFrom valueFrom;

    /** A source of a value. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class ValueFrom {
        /** The key of a Secret that holds the value. */
        @Required
        public SecretKey secretKeyRef;
    }

    /** A key of a Secret of the function's namespace. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class SecretKey {
        /** Name of the Secret. */
        @Required
        @Size(min = 1)
        public String name;

        /** Key in the Secret. */
        @Required
        @Size(min = 1)
        public String key;
    }
}
