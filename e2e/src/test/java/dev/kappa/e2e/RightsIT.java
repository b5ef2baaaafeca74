package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the ServiceAccounts of Kappa's processes may do. */
class RightsIT {
    private static final Set<String> READS = Set.of("get", "list", "watch");

    /** Every account may ask what it may do itself; those two ask it of callers. Nothing of it is stored. */
    private static final Set<String> QUESTIONS = Set.of(
            "tokenreviews.authentication.k8s.io",
            "subjectaccessreviews.authorization.k8s.io",
            "selfsubjectreviews.authentication.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io");

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
    }

    private static List<String> rights(String account, String namespace) throws IOException, InterruptedException {
        return Installation.tool(
                        "kubectl",
                        "auth",
                        "can-i",
                        "--list",
                        "--no-headers",
                        "--namespace",
                        namespace,
                        "--as",
                        "system:serviceaccount:" + Installation.NAMESPACE + ":" + account)
                .lines()
                .toList();
    }

    private static String verbs(String line) {
        return line.substring(line.lastIndexOf('[') + 1, line.lastIndexOf(']'));
    }

    @Test
    void theGatewayMayWriteNothing() throws Exception {
        for (String namespace : List.of(Installation.NAMESPACE, "default")) {
            List<String> lines = rights("kappa-gateway", namespace);

            assertThat(lines).anyMatch(line -> line.startsWith("functions.kappa.dev"));
            assertThat(lines)
                    .filteredOn(line -> !QUESTIONS.contains(line.split(" ", 2)[0]))
                    .allSatisfy(line -> assertThat(READS)
                            .as(line)
                            .containsAll(List.of(verbs(line).split(" ", -1))));
        }
    }

    @Test
    void secretsAreReadWhereAccessKeysAreOnly() throws Exception {
        for (String process : List.of("kappa-gateway", "kappa-api")) {
            assertThat(rights(process, "default"))
                    .anyMatch(line -> line.startsWith("secrets ") && line.contains("[list watch]"));
            assertThat(rights(process, Installation.NAMESPACE)).noneMatch(line -> line.startsWith("secrets "));
        }
    }

    @Test
    void theControlPlaneMayWriteWhatItsCallsNeed() throws Exception {
        List<String> lines = rights("kappa-api", "default");

        assertThat(lines)
                .filteredOn(line -> !QUESTIONS.contains(line.split(" ", 2)[0]))
                .filteredOn(line -> !READS.containsAll(List.of(verbs(line).split(" ", -1))))
                .allSatisfy(line ->
                        assertThat(line).matches("(functions|versions|aliases|layers|eventsources)\\.kappa\\.dev .*"));
        assertThat(lines).anyMatch(line -> line.startsWith("versions.kappa.dev") && line.contains("create"));
        assertThat(lines).anyMatch(line -> line.startsWith("functions.kappa.dev") && line.contains("delete"));
    }
}
