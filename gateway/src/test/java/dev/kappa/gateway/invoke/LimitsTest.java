package dev.kappa.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.Violations;
import org.junit.jupiter.api.Test;

/** What a manifest may name a caller can invoke: the API server and Lambda's API have the same limits. */
class LimitsTest {
    @Test
    void theLimitsOfResourcesAreThoseOfTheApi() {
        assertThat(Limits.ALIAS).isEqualTo(Quotas.QUALIFIER_LENGTH).isEqualTo(DnsLabels.ALIAS_LENGTH);
        assertThat(Limits.FUNCTION_NAME).isEqualTo(DnsLabels.FUNCTION_LENGTH);
        assertThat(Limits.DESCRIPTION).isEqualTo(Quotas.DESCRIPTION_LENGTH);
    }

    @Test
    void theLongestFunctionOfTheLongestNamespaceIsTakenByName() {
        String name = "f".repeat(Limits.FUNCTION_NAME) + "." + "n".repeat(63);
        String alias = "a".repeat(Limits.ALIAS);
        Violations violations = new Violations();

        FunctionName parsed = FunctionParameters.name(name, Quotas.FUNCTION_NAME_LENGTH, violations)
                .orElseThrow();
        FunctionParameters.checkQualifier(alias, violations);
        violations.check();

        assertThat(parsed.name()).isEqualTo(name);
        assertThat(FunctionParameters.qualifier(parsed, alias)).contains(alias);
    }
}
