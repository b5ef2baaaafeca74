package dev.kappa.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.gateway.catalog.AliasInfo;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasRecordsTest {
    @ParameterizedTest(name = "{0} with status {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # spec                                         | status                                                    | version | additional | weight
            version: 2                                     | {}                                                        | 2 | 2 | 0
            description: of the newest                     | version: 2                                                | 0 | 0 | 0
            version: 2, routing: {version: 3, weight: 12.5}| version: 1                                                | 2 | 3 | 12.5
            version: 2, rollout: {strategy: X}             | {}                                                        | 2 | 2 | 0
            version: 2, rollout: {strategy: X}             | version: 1                                                | 1 | 1 | 0
            version: 2, rollout: {strategy: X}             | version: 1, routing: {version: 2, weight: 10}             | 1 | 2 | 10
            version: 2, rollout: {strategy: X, abort: true}| version: 1, routing: {version: 2, weight: 10}             | 1 | 1 | 0
            version: 1, rollout: {strategy: X}             | version: 1, routing: {version: 2, weight: 100}            | 1 | 1 | 0
            version: 3, rollout: {strategy: X}             | version: 1, routing: {version: 2, weight: 10}             | 1 | 1 | 0
            version: 3, rollout: {strategy: X}             | version: 1, routing: {version: 2, weight: 100}            | 1 | 2 | 100
            version: 1, rollout: {strategy: X}             | version: 2, previousVersion: 1                            | 1 | 1 | 0
            version: 3, rollout: {strategy: X}             | version: 2, previousVersion: 1                            | 2 | 2 | 0
            """)
    void whatAnAliasApplies(String spec, String status, int version, int additional, double weight) {
        String yaml = """
                apiVersion: kappa.dev/v1alpha1
                kind: Alias
                metadata: {name: hello.live, namespace: default}
                spec: {function: hello, SPEC}
                status: STATUS
                """.replace("SPEC", spec).replace("STATUS", status.equals("{}") ? "{}" : "{" + status + "}");
        AliasInfo info =
                AliasRecords.of(Serialization.unmarshal(yaml, Alias.class)).orElseThrow();
        assertThat(info.version()).isEqualTo(version);
        assertThat(info.additional()).isEqualTo(additional);
        assertThat(info.weightPercent()).isEqualTo(weight);
    }
}
