package dev.kappa.operator.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The versions of a function are not reconciled whenever its status counts instances. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RelevanceTest {
    @Test
    void aFunctionsCountsDoNotConcernItsVersions() {
        Function before = function(1, "code", 2);
        Function now = function(1, "code", 2);
        now.getStatus().replicas = 7;
        now.getStatus().readyReplicas = 7;

        assertThat(Relevance.ofFunctionForVersions(now, before)).isFalse();
    }

    @Test
    void aFunctionsSettingsCodeNumberAndEndDo() {
        Function before = function(1, "code", 2);
        Function deleted = function(1, "code", 2);
        deleted.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        Function without = function(1, "code", 2);
        without.setStatus(null);

        assertThat(List.of(function(2, "code", 2), function(1, "other", 2), function(1, "code", 3), deleted, without))
                .allMatch(now -> Relevance.ofFunctionForVersions(now, before));
    }

    @Test
    void anAliasConcernsVersionsWhenItPointsElsewhere() {
        Alias before = alias(1, 1);
        Alias stepped = alias(1, 1);
        stepped.getStatus().observedGeneration = 9L;

        assertThat(Relevance.ofAliasForVersions(stepped, before)).isFalse();
        assertThat(Relevance.ofAliasForVersions(alias(2, 1), before)).isTrue();
        assertThat(Relevance.ofAliasForVersions(alias(1, 2), before)).isTrue();
    }

    @Test
    void aVersionConcernsAliasesWhenItBecomesReadyOrNot() {
        FunctionVersion before = version("True", 1);

        assertThat(Relevance.ofVersionForAliases(version("True", 5), before)).isFalse();
        assertThat(Relevance.ofVersionForAliases(version("False", 1), before)).isTrue();
    }

    private static Function function(long generation, String code, int lastVersion) {
        Function function = named(new Function(), generation);
        function.setStatus(new FunctionStatus());
        function.getStatus().codeSha256 = code;
        function.getStatus().lastVersion = lastVersion;
        return function;
    }

    private static Alias alias(long generation, int applied) {
        Alias alias = named(new Alias(), generation);
        alias.setSpec(new AliasSpec());
        alias.getSpec().function = "a";
        alias.getSpec().version = 1;
        alias.setStatus(new AliasStatus());
        alias.getStatus().version = applied;
        return alias;
    }

    private static FunctionVersion version(String ready, int replicas) {
        FunctionVersion version = named(new FunctionVersion(), 1);
        version.setStatus(new FunctionStatus());
        version.getStatus().replicas = replicas;
        version.getStatus().conditions = List.of(new ConditionBuilder()
                .withType("Ready")
                .withStatus(ready)
                .withMessage("why")
                .build());
        return version;
    }

    private static <T extends HasMetadata> T named(T resource, long generation) {
        resource.getMetadata().setNamespace("default");
        resource.getMetadata().setName("a");
        resource.getMetadata().setUid("u");
        resource.getMetadata().setGeneration(generation);
        return resource;
    }
}
