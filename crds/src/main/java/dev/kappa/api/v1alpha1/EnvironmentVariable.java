package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One environment variable: a value, or a key of a Secret or ConfigMap of the same namespace. */
@ValidationRule(
        value = "has(self.value) != has(self.valueFrom)",
        messageExpression = "'spec.environment: give each variable exactly one of value, valueFrom, but %s has %s'"
                + ".format([self.name, has(self.value) ? 'both' : 'neither'])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class EnvironmentVariable {
    /** Name of the variable; the names that Lambda and Kappa set themselves are refused. */
    @Required
    @Size(max = 128)
    @Pattern("^[a-zA-Z][a-zA-Z0-9_]+$")
    @ValidationRule(
            value = "(self == '" + ReservedVariables.WRAPPER + "' || !self.startsWith('"
                    + ReservedVariables.LAMBDA_PREFIX + "')) && !self.startsWith('" + ReservedVariables.KAPPA_PREFIX
                    + "') && !(self in '" + ReservedVariables.NAMES + "'.split(' '))",
            messageExpression =
                    "'spec.environment: %s is set by Lambda or Kappa itself; choose another name'.format([self])")
    public String name;

    /** Value of the variable, passed on as it is. */
    @Size(max = 4096)
    public String value;

    /** Where else the value comes from. */
    public ValueFrom valueFrom;

    /** A source of a value, which instances follow when it changes. */
    @ValidationRule(
            value = "has(self.secretKeyRef) != has(self.configMapKeyRef)",
            messageExpression =
                    "'spec.environment: give valueFrom exactly one of secretKeyRef, configMapKeyRef, but it has %s'"
                            + ".format([has(self.secretKeyRef) ? 'both' : 'neither'])")
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class ValueFrom {
        /** The key of a Secret that holds the value. */
        public KeyReference secretKeyRef;

        /** The key of a ConfigMap that holds the value. */
        public KeyReference configMapKeyRef;
    }

    /** A key of a Secret or ConfigMap of the function's namespace. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class KeyReference {
        /** Name of the object. */
        @Required
        @Size(min = 1)
        public String name;

        /** Key in it. */
        @Required
        @Size(min = 1)
        public String key;
    }
}
