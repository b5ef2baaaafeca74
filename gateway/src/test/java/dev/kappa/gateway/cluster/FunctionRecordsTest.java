package dev.kappa.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.VersionInfo;
import dev.kappa.stores.events.Target;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FunctionRecordsTest {
    @Test
    void whatAnInvocationNeedsOfAFunction() {
        FunctionInfo info = function("""
                spec:
                  timeoutSeconds: 7
                  memory: 128Mi
                  concurrency: {reserved: 50, perInstance: 4}
                  async: {maxRetryAttempts: 1, maxEventAge: 90s, onFailure: {function: report.live}}
                  deadLetter: {nats: {subject: failed.hello}}
                status:
                  revision: r1
                  conditions: [{type: CodeReady, status: "False"}, {type: Ready, status: "True", message: fine}]
                """);

        assertThat(info)
                .isEqualTo(new FunctionInfo(
                        "media",
                        "hello",
                        7,
                        50,
                        "r1",
                        null,
                        null,
                        new AsyncSettings(1, 90_000, null, new Target.Function("report", "live")),
                        new Target.Nats("failed.hello"),
                        1_677_721,
                        ""));
    }

    @Test
    void whatAFunctionDoesNotSayIsLambdasDefault() {
        assertThat(function("spec: {async: {}}"))
                .isEqualTo(new FunctionInfo(
                        "media",
                        "hello",
                        3,
                        null,
                        null,
                        null,
                        null,
                        AsyncSettings.DEFAULT,
                        null,
                        Integer.MAX_VALUE,
                        ""));
    }

    @Test
    void whyAFunctionIsNotReadyIsToldToCallers() {
        assertThat(notReady("{type: Ready, status: 'False', reason: NoCode, message: Gone.}"))
                .isEqualTo("Gone.");
        assertThat(notReady("{type: Ready, status: 'False', reason: NoCode}")).isEqualTo("NoCode");
        assertThat(notReady("{type: Ready, status: Unknown, reason: NoCode}")).isNull();
    }

    @Test
    void whyTheClusterGivesNoPodsIsToldToCallersUnlessOnlyRoomIsMissing() {
        assertThat(noPods("{type: ResourcesAvailable, status: 'False', reason: FailedCreate, message: No quota.}"))
                .isEqualTo("No quota.");
        assertThat(noPods("{type: ResourcesAvailable, status: 'False', reason: Unschedulable, message: No room.}"))
                .isNull();
        assertThat(noPods("{type: ResourcesAvailable, status: 'True', reason: NothingRefused}"))
                .isNull();
    }

    @Test
    void whyThereIsNoCodeIsToldToCallersUnlessItMayComeByItself() {
        String missing = "{type: CodeReady, status: 'False', reason: PackageNotFound, message: Upload it.}";
        String store = "{type: CodeReady, status: 'False', reason: PackageStoreUnavailable, message: Wait.}";

        assertThat(noPods(missing)).isEqualTo("Upload it.");
        assertThat(noPods(store)).isNull();
        assertThat(noPods("{type: CodeReady, status: 'True', reason: PackageStored}"))
                .isNull();
        assertThat(function("spec: {}\nstatus: {revision: r1, conditions: [" + missing + "]}")
                        .noPods())
                .as("an earlier revision runs")
                .isNull();
        assertThat(version("spec: {function: hello, number: 3}\nstatus: {conditions: [" + missing + "]}")
                        .noPods())
                .isEqualTo("Upload it.");
    }

    @Test
    void whatWasSaidOfAnEarlierSpecIsNotToldOfThisOne() {
        Function corrected = Serialization.unmarshal("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {namespace: media, name: hello, generation: 2}
                spec: {}
                status:
                  observedGeneration: 1
                  conditions: [{type: CodeReady, status: "False", reason: FetchFailed, message: No host.}]
                """, Function.class);
        assertThat(FunctionRecords.of(corrected).orElseThrow().noPods()).isNull();

        corrected.getStatus().observedGeneration = 2L;

        assertThat(FunctionRecords.of(corrected).orElseThrow().noPods()).isEqualTo("No host.");
    }

    private static @Nullable String noPods(String condition) {
        return function("spec: {}\nstatus: {conditions: [" + condition + "]}").noPods();
    }

    @Test
    void fieldsOfALaterReleaseAreLeftOut() {
        assertThat(function("""
                        spec: {timeoutSeconds: 7, code: {oci: {reference: a}}, concurrency: {perInstance: 1, burst: 2}, pool: warm}
                        status: {revision: r1, pool: {ready: 3}}
                        """).timeoutSeconds()).isEqualTo(7);
    }

    @Test
    void aVersionIsReadFromWhatItFroze() {
        assertThat(version("""
                        spec:
                          function: hello
                          number: 3
                          async: {onSuccess: {url: {location: "https://example.com"}}}
                          snapshot: {function: {timeoutSeconds: 9, memory: 2Gi, concurrency: {perInstance: 16}, deadLetter: {function: morgue}}}
                        status: {revision: r3}
                        """))
                .isEqualTo(new VersionInfo(
                        "media",
                        "hello",
                        3,
                        9,
                        "r3",
                        null,
                        null,
                        new AsyncSettings(2, 21_600_000, new Target.Url("https://example.com", false), null),
                        new Target.Function("morgue", "$LATEST"),
                        6_710_886));
        assertThat(version("spec: {function: hello, number: 3}"))
                .isEqualTo(new VersionInfo("media", "hello", 3, 3, null, null));
    }

    private static FunctionInfo function(String body) {
        return FunctionRecords.of(Serialization.unmarshal(manifest("Function", "hello", body), Function.class))
                .orElseThrow();
    }

    private static VersionInfo version(String body) {
        return FunctionRecords.of(Serialization.unmarshal(manifest("Version", "hello.3", body), FunctionVersion.class))
                .orElseThrow();
    }

    private static @Nullable String notReady(String condition) {
        return function("spec: {}\nstatus: {conditions: [" + condition + "]}").notReady();
    }

    private static String manifest(String kind, String name, String body) {
        return "apiVersion: kappa.dev/v1alpha1\nkind: " + kind + "\nmetadata: {namespace: media, name: " + name + "}\n"
                + body;
    }
}
