package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bad manifest is refused by the API server itself, with a message that names the field and the remedy. */
class ManifestIT {
    private static final String FUNCTION = """
            apiVersion: kappa.dev/v1alpha1
            kind: Function
            metadata: {name: NAME, namespace: default}
            spec: SPEC
            """;
    private static final String CODE = "code: {inline: {app.py: pass}}";
    private static final String GOOD = "runtime: python3.13, handler: app.handler, " + CODE;

    private static KubernetesClient client;

    @BeforeAll
    static void installResources() throws Exception {
        client = Cluster.shared().client();
        Installation.resources();
    }

    @Test
    void aGoodFunctionGetsLambdasDefaults() {
        GenericKubernetesResource function = create(function("good", "{" + GOOD + "}"));

        assertThat(specField(function, "memory")).isEqualTo("128Mi");
        assertThat(specField(function, "timeoutSeconds")).isEqualTo(3);
        assertThat(specField(function, "concurrency", "perInstance")).isEqualTo(1);
        assertThat(specField(function, "scaling", "idleTimeout")).isEqualTo("5m");
    }

    @Test
    void asManyEventsAtOnceAsMemoryIsThereForAreTaken() {
        create(function("nine", "{" + GOOD + ", concurrency: {perInstance: 9}}"));
        create(function("hundred", "{" + GOOD + ", memory: 2Gi, concurrency: {perInstance: 100}}"));
        create(function("shared", "{" + GOOD.replace("python3.13", "nodejs20") + ", concurrency: {perInstance: 100}}"));
    }

    @Test
    void kubectlShowsWhatMattersInOrder() throws Exception {
        create(function("shown", "{" + GOOD + "}"));
        create(versioned("Version", "shown.1", "{function: shown, number: 1}"));
        create(versioned("Alias", "shown.live", "{function: shown, version: 1}"));

        assertThat(Installation.tool("kubectl", "get", "functions", "shown"))
                .containsPattern("NAME +RUNTIME +VERSION +READY +REASON +REPLICAS +AGE\nshown +python3.13 ");
        assertThat(Installation.tool("kubectl", "get", "versions", "shown.1"))
                .containsPattern("NAME +FUNCTION +RUNTIME +ALIASES +READY +REASON +REPLICAS +AGE\nshown.1 +shown ");
        assertThat(Installation.tool("kubectl", "get", "aliases", "shown.live"))
                .containsPattern(
                        "NAME +FUNCTION +VERSION +ADDITIONAL +WEIGHT +ROLLOUT +READY +REASON +AGE\nshown.live +");
    }

    @Test
    void aFunctionNameHasNoDot() {
        assertRefused(function("good.one", "{" + GOOD + "}"), "a dot is reserved for versions and aliases");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            handler: a.b, code: {inline: {a: b}}                                  | spec.runtime and spec.handler
            runtime: cobol, handler: a.b, code: {inline: {a: b}}                  | must be one of java25, nodejs20, python3.13
            runtime: java25, handler: a.b, code: {}                               | give exactly one of inline, package, url, image
            runtime: java25, handler: a.b                                         | spec.code
            runtime: java25, handler: a.b, code: {inline: {'../a': b}}            | each named by letters
            runtime: java25, handler: a.b, code: {package: {sha256: abc}}         | spec.code.package.sha256
            runtime: java25, handler: a.b, code: {url: {location: 'http://x', sha256: ZERO}} | must start with https://
            runtime: java25, code: {image: {reference: a}}                        | spec.runtime: not together with spec.code.image
            code: {image: {reference: a}}, concurrency: {perInstance: 2}          | must be 1 with spec.code.image
            GOOD, memory: 64Mi                                                    | must be between 128Mi and 10240Mi
            GOOD, memory: 11Gi                                                    | must be between 128Mi and 10240Mi
            GOOD, timeoutSeconds: 901                                             | spec.timeoutSeconds
            GOOD, ephemeralStorage: 1Mi                                           | must be between 512Mi and 10240Mi
            GOOD, environment: [{name: AWS_REGION, value: x}]                     | this name is set by the runtime
            GOOD, environment: [{name: STAGE}]                                    | exactly one of value, valueFrom
            GOOD, concurrency: {perInstance: 0}                                   | spec.concurrency.perInstance
            GOOD, concurrency: {perInstance: 10}                                  | raise spec.memory, or lower perInstance
            GOOD, concurrency: {reserved: -1}                                     | spec.concurrency.reserved
            GOOD, scaling: {min: 5, max: 2}                                       | min must not be greater than max
            GOOD, scaling: {idleTimeout: soon}                                    | spec.scaling.idleTimeout
            GOOD, async: {maxRetryAttempts: 3}                                    | spec.async.maxRetryAttempts
            GOOD, async: {maxEventAge: 7h}                                        | must be between 1m and 6h
            GOOD, async: {onSuccess: {}}                                          | exactly one of function, nats, url
            GOOD, async: {onFailure: {nats: {subject: 'a.*'}}}                    | nats.subject: must be tokens
            GOOD, async: {onFailure: {nats: {subject: 'kappa.events.a.b'}}}       | the first neither kappa
            GOOD, deadLetter: {function: a, url: {location: 'https://x'}}         | exactly one of function, nats, url
            GOOD, deadLetter: {url: {location: 'ftp://x'}}                        | url.location: must be an http(s) address
            """)
    void aWrongFieldIsNamed(String fields, String message) {
        String spec = "{" + fields.replace("GOOD", GOOD).replace("ZERO", "0".repeat(64)) + "}";

        assertRefused(function("bad", spec), message);
    }

    @Test
    void aVersionIsImmutable() {
        // Of no function, so that no operator takes the snapshot first.
        String version = versioned("Version", "lone.1", "{function: lone, number: 1, description: DESCRIPTION}");
        create(version);
        String snapshot = version.replace(
                "description: DESCRIPTION", "snapshot: {function: {" + GOOD.replace("app.handler", "HANDLER") + "}}");
        update(snapshot.replace("HANDLER", "app.first"));

        assertThatThrownBy(() -> update(snapshot.replace("HANDLER", "app.second")))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("a version is immutable; publish a new one");
    }

    @Test
    void versionsAndAliasesAreNamedAfterTheirFunction() {
        assertRefused(versioned("Version", "good.2", "{function: good, number: 3}"), "metadata.name");
        assertRefused(versioned("Alias", "good.7", "{function: good, version: 1}"), "the alias not a number");
        assertRefused(versioned("Alias", "other.live", "{function: good, version: 1}"), "metadata.name");
        assertRefused(
                versioned("Alias", "good.live", "{function: good, version: 1, routing: {version: 1, weight: 5}}"),
                "must differ from spec.version");
        create(versioned("Alias", "good.live", "{function: good, version: 1, routing: {version: 2, weight: 5}}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            strategy: Sometimes                                                        | must be AllAtOnce, BlueGreen, Canary or Linear
            strategy: Canary                                                           | need percent and interval
            strategy: BlueGreen, percent: 10, interval: 1m                             | go with strategy Canary or Linear only
            strategy: Linear, percent: 100, interval: 1m                               | spec.rollout.percent
            strategy: BlueGreen, bakeTime: long                                        | spec.rollout.bakeTime
            strategy: BlueGreen, alarms: [{metric: mood, above: 1%}]                   | must be one of errorRate, p99Duration, throttles
            strategy: BlueGreen, alarms: [{metric: errorRate, above: 5ms}]             | a percentage such as 1%
            strategy: BlueGreen, alarms: [{metric: errorRate, above: 1%, window: 2h}]  | must be an hour at most
            strategy: BlueGreen, alarms: [{above: 1%}]                                 | give exactly one of metric, prometheus
            strategy: BlueGreen, alarms: [{metric: throttles, prometheus: {query: up}, above: 1%}] | give exactly one of metric, prometheus
            strategy: BlueGreen, alarms: [{prometheus: {query: up}, above: 1%}]        | a number in quotes such as '0.05'
            strategy: BlueGreen, alarms: [{prometheus: {query: up}, above: '1', window: 1m}] | go with metric only
            strategy: BlueGreen, alarms: [{prometheus: {}, above: '1'}]                | prometheus.query
            strategy: BlueGreen, hooks: {preTraffic: Check}                            | spec.rollout.hooks.preTraffic
            """)
    void aWrongRolloutIsNamed(String rollout, String message) {
        assertRefused(
                versioned("Alias", "bad.live", "{function: bad, version: 1, rollout: {" + rollout + "}}"), message);
    }

    private static Object specField(GenericKubernetesResource resource, Object... path) {
        return resource.get(Stream.concat(Stream.of("spec"), Stream.of(path)).toArray());
    }

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> create(yaml))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    private static String function(String name, String spec) {
        return FUNCTION.replace("NAME", name).replace("SPEC", spec);
    }

    private static String versioned(String kind, String name, String spec) {
        return function(name, spec).replace("kind: Function", "kind: " + kind);
    }

    private static GenericKubernetesResource create(String yaml) {
        return client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
    }

    private static void update(String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }
}
