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
    void kubectlShowsWhatMattersInOrder() throws Exception {
        create(function("shown", "{" + GOOD + ", scaling: {idleTimeout: auto}}"));
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
        assertRefused(
                function("good.one", "{" + GOOD + "}"),
                "a dot is reserved for versions and aliases), but good.one has 8");
    }

    @Test
    void namesAreAsLongAsTheApiTakesThem() {
        String function = "f".repeat(63);
        String alias = "a".repeat(128);
        create(function(function, "{" + GOOD + ", deadLetter: {function: " + function + "." + alias + "}}"));
        create(versioned("Alias", function + "." + alias, "{function: " + function + ", version: 1}"));

        assertRefused(function("f".repeat(64), "{" + GOOD + "}"), "has 64 characters");
        assertRefused(versioned("Alias", "good." + alias + "a", "{function: good, version: 1}"), "of at most 128");
        assertRefused(
                function("bad", "{" + GOOD + ", deadLetter: {function: " + function + "." + alias + "a}}"),
                "may not be more than 192 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            function                               | A function: code, handler and configuration
            function.spec                          | What a user declares of a function
            function.spec.memory                   | Memory of one instance
            function.spec.code.image.reference     | Reference of the image with a digest
            function.spec.code.s3.versionId        | Which version of the object
            function.spec.network.allow.cidr       | A range of addresses
            function.spec.scheduling.tolerations   | Taints of nodes that are no obstacle
            function.spec.layers                   | Packages that are unpacked to /opt in this order
            function.status.conditions             | Ready sums up
            version.spec.snapshot.function.handler | Lambda's handler string
            alias.spec.rollout.alarms.window       | Over which time the metric is taken
            """)
    void kubectlExplainsEveryField(String field, String sentence) throws Exception {
        assertThat(Installation.tool("kubectl", "explain", "--api-version=kappa.dev/v1alpha1", field)
                        .replaceAll("\\s+", " "))
                .contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            handler: a.b, code: {inline: {a: b}}                                  | runtime is missing and handler is a.b
            runtime: COBOL, handler: a.b, code: {inline: {a: b}}                  | spec.runtime
            runtime: java25, handler: a.b, code: {}                               | give exactly one of inline, package, url, s3, image, but it has none
            runtime: java25, handler: a.b                                         | spec.code
            runtime: java25, handler: a.b, code: {inline: {'../a': b}}            | each named by letters, digits, _, - and . only, but it has ../a
            runtime: java25, handler: a.b, code: {package: {sha256: abc}}         | spec.code.package.sha256
            runtime: java25, handler: a.b, code: {url: {location: 'http://x', sha256: ZERO}} | must start with https://, but is http://x
            runtime: java25, handler: a.b, code: {inline: {a: b}, s3: {bucket: abc, key: d}} | s3, image, but it has inline s3
            runtime: java25, handler: a.b, code: {s3: {bucket: abc, key: d, endpoint: 'minio:9000'}} | must be an address such as https://minio.example:9000, but is minio:9000
            GOOD, layers: [{}]                                                    | give exactly one of package, url, s3 for each layer, but one has none
            GOOD, layers: [{s3: {bucket: abc, key: a}}, {s3: {bucket: abc, key: b}}, {s3: {bucket: abc, key: c}}, {s3: {bucket: abc, key: d}}, {s3: {bucket: abc, key: e}}, {s3: {bucket: abc, key: f}}] | must have at most 5 items
            code: {image: {reference: a}}, layers: [{s3: {bucket: abc, key: a}}]  | not together with spec.code.image; put their files into a
            runtime: java25, code: {image: {reference: a}}                        | which brings its own; remove java25
            code: {image: {reference: a}}, concurrency: {perInstance: 2}          | runs one event at a time, but is 2
            GOOD, memory: 64Mi                                                    | must be between 128Mi and 10240Mi, but is 64Mi
            GOOD, memory: 11Gi                                                    | must be between 128Mi and 10240Mi, but is 11Gi
            GOOD, timeoutSeconds: 901                                             | spec.timeoutSeconds
            GOOD, ephemeralStorage: 1Mi                                           | must be between 512Mi and 10240Mi, but is 1Mi
            GOOD, environment: [{name: AWS_REGION, value: x}]                     | spec.environment: AWS_REGION is set by Lambda or Kappa itself; choose another name
            GOOD, environment: [{name: KAPPA_TOKEN, value: x}]                    | spec.environment: KAPPA_TOKEN is set
            GOOD, environment: [{name: _HANDLER, value: x}]                       | spec.environment: _HANDLER is set
            GOOD, environment: [{name: AWS_LAMBDA_RUNTIME_API, value: x}]         | spec.environment: AWS_LAMBDA_RUNTIME_API is set
            GOOD, environment: [{name: STAGE}]                                    | but STAGE has neither
            GOOD, concurrency: {perInstance: 0}                                   | spec.concurrency.perInstance
            GOOD, concurrency: {reserved: -1}                                     | spec.concurrency.reserved
            GOOD, scaling: {min: 5, max: 2}                                       | min is 5 and max is 2
            GOOD, scaling: {idleTimeout: soon}                                    | spec.scaling.idleTimeout
            GOOD, async: {maxRetryAttempts: 3}                                    | spec.async.maxRetryAttempts
            GOOD, async: {maxEventAge: 7h}                                        | must be between 1m and 6h, but is 7h
            GOOD, async: {onSuccess: {}}                                          | exactly one of function, nats, url, but it has none
            GOOD, async: {onFailure: {nats: {subject: 'a.*'}}}                    | but is a.*
            GOOD, async: {onFailure: {nats: {subject: 'kappa.events.a.b'}}}       | the first neither kappa, _INBOX nor _R_, but is kappa.events.a.b
            GOOD, deadLetter: {function: a, url: {location: 'https://x'}}         | exactly one of function, nats, url, but it has function url
            GOOD, deadLetter: {url: {location: 'ftp://x'}}                        | must be an http(s) address without user and spaces, but is ftp://x
            GOOD, network: {egress: Everywhere}                                   | must be one of None, Cluster, Internet, All, but is Everywhere
            GOOD, network: {allow: [{cidr: 10.0.0.1}]}                            | must be a range of addresses such as 10.20.0.0/16, but is 10.0.0.1
            GOOD, network: {allow: [{}]}                                          | either cidr, or namespaceLabels and podLabels, but one has none
            GOOD, network: {allow: [{cidr: 10.0.0.0/8, podLabels: {a: b}}]}       | but one has both with cidr 10.0.0.0/8
            GOOD, pod: {labels: {kappa.dev/function: other}}                      | spec.pod.labels: names of kubernetes.io, k8s.io and kappa.dev are set by Kubernetes and Kappa themselves; remove kappa.dev/function
            GOOD, pod: {annotations: {container.apparmor.security.beta.kubernetes.io/function: unconfined}} | remove container.apparmor.security.beta.kubernetes.io/function
            GOOD, scheduling: {tolerations: [{key: a, operator: Like}]}           | spec.scheduling.tolerations
            GOOD, publish: Often                                                  | must be one of Manual, OnChange, but is Often
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
                .hasMessageContaining("a version is immutable; publish a new one instead of changing lone.1");
    }

    @Test
    void versionsAndAliasesAreNamedAfterTheirFunction() {
        assertRefused(versioned("Version", "good.2", "{function: good, number: 3}"), "here good.3, but is good.2");
        assertRefused(
                versioned("Alias", "good.7", "{function: good, version: 1}"),
                "the alias not a number, without a dot and of at most 128 characters, but is good.7");
        assertRefused(versioned("Alias", "other.live", "{function: good, version: 1}"), "metadata.name");
        assertRefused(
                versioned("Alias", "good.live", "{function: good, version: 1, routing: {version: 1, weight: 5}}"),
                "must differ from spec.version, but both are 1");
        assertRefused(
                versioned("Alias", "good.live", "{function: good, routing: {version: 1, weight: 5}}"),
                "points to $LATEST, which neither shares events nor is rolled out; give the number of a version, or remove"
                        + " spec.routing");
        create(versioned("Alias", "good.newest", "{function: good}"));
        create(versioned("Alias", "good.live", "{function: good, version: 1, routing: {version: 2, weight: 5}}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            strategy: Sometimes                                                        | Linear10PercentEvery1Minute, but is Sometimes
            strategy: Canary                                                           | but Canary has neither
            strategy: BlueGreen, percent: 10, interval: 1m                             | go with strategy Canary or Linear only, but strategy is BlueGreen
            strategy: Linear, percent: 100, interval: 1m                               | spec.rollout.percent
            strategy: BlueGreen, bakeTime: long                                        | spec.rollout.bakeTime
            strategy: BlueGreen, alarms: [{metric: mood, above: 1%}]                   | must be one of errorRate, p99Duration, throttles, but is mood
            strategy: BlueGreen, alarms: [{metric: errorRate, above: 5ms}]             | but is 5ms for errorRate
            strategy: BlueGreen, alarms: [{metric: errorRate, above: 1%, window: 2h}]  | must be an hour at most, but is 2h
            strategy: BlueGreen, alarms: [{above: 1%}]                                 | but an alarm has neither
            strategy: BlueGreen, alarms: [{metric: throttles, prometheus: {query: up}, above: 1%}] | but an alarm has both, with metric throttles
            strategy: BlueGreen, alarms: [{prometheus: {query: up}, above: 1%}]        | but is 1%
            strategy: BlueGreen, alarms: [{prometheus: {query: up}, above: '1', window: 1m}] | but they are 1m and absent for the query up
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
