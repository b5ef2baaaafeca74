package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.controlplane.packages.MemoryPackageStore;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.lambda.model.LambdaModel;
import dev.kappa.lambda.model.Operation;
import dev.kappa.lambda.model.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The guide tells of every operation and member of the model; {@code -Dkappa.docs.write} writes that part of it. */
class OperationsTableTest {
    private static final Path GUIDE = Path.of("../docs/lambda-api.md");
    private static final String BEGIN = "<!-- From the model, by bin/lambda-docs. -->\n";

    /** What is no operation of kappa-api. */
    private static final Map<String, String> OF_THE_GATEWAY = Map.of(
            "Invoke",
            "yes, by the gateway; `TenantId` is refused, `DurableExecutionName` ignored",
            "InvokeWithResponseStream",
            "yes, by the gateway; `TenantId` is refused");

    private static final ControlApi API = new ControlApi(
            new MemoryResourceStore(),
            new Accounts("us-east-1", "default"),
            new MemoryPackageStore(),
            (caller, permission) -> CompletableFuture.completedFuture(permission),
            Set.of(),
            new FunctionUrls("", "", "https"),
            MappingDefaults.NONE,
            Duration.ofSeconds(1));

    @BeforeAll
    static void write() throws IOException {
        if (System.getProperty("kappa.docs.write") != null) {
            String guide = Files.readString(GUIDE);
            Files.writeString(GUIDE, guide.substring(0, guide.indexOf(BEGIN)) + BEGIN + tables());
        }
    }

    @Test
    void theGuideTellsOfEveryOperation() throws IOException {
        String guide = Files.readString(GUIDE);

        assertThat(guide.substring(guide.indexOf(BEGIN) + BEGIN.length()))
                .as("docs/lambda-api.md differs from the model and from what is served: run bin/lambda-docs and commit")
                .isEqualTo(tables());
    }

    private static String tables() {
        String operations = LambdaModel.get().operations().stream()
                .sorted(Comparator.comparing(Operation::name))
                .map(it -> "| `" + it.name() + "` | " + words(it) + " |\n")
                .collect(Collectors.joining());
        String members = reasons("").entrySet().stream()
                .map(it -> "| `" + it.getKey() + "` | " + it.getValue() + " |\n")
                .collect(Collectors.joining());
        return "\n| operation | served |\n|---|---|\n" + operations
                + "\n| refused, unless it says nothing | instead |\n|---|---|\n" + members;
    }

    private static Map<String, String> reasons(String operation) {
        Map<String, String> reasons = new TreeMap<>(Unsupported.members());
        PermissionOperations.UNKNOWN_CONDITIONS.forEach(
                it -> reasons.put(it, "a condition that no call meets here; name accounts or roles as principals"));
        if (operation.endsWith("EventSourceMapping")) {
            MappingInput.REFUSED.forEach(it -> reasons.put(it, MappingInput.INSTEAD));
        }
        reasons.put("OrganizationId", "a condition that no call meets here; name the account of a namespace");
        return reasons;
    }

    private static String words(Operation operation) {
        String ofTheGateway = OF_THE_GATEWAY.get(operation.name());
        if (ofTheGateway != null) {
            return ofTheGateway;
        }
        if (!API.answers(operation)) {
            String instead = NotServed.instead(operation);
            return instead.equals(NotServed.NOTHING) ? "no" : "no. " + instead;
        }
        String taken = members(operation, false);
        String refused = members(operation, true);
        return "yes: " + (taken.isEmpty() ? "it takes nothing" : taken)
                + (refused.isEmpty() ? "" : "; refused: " + refused);
    }

    private static String members(Operation operation, boolean refused) {
        return operation.input().members().values().stream()
                .filter(it -> reasons(operation.name()).containsKey(it.name()) == refused)
                .map(it -> "`" + it.name() + "`" + (refused ? "" : inner(operation, it.shape())))
                .collect(Collectors.joining(", "));
    }

    /** What a structure takes, in brackets. */
    private static String inner(Operation operation, Shape shape) {
        if (!(shape instanceof Shape.Structure structure)) {
            return "";
        }
        List<String> taken = structure.members().keySet().stream()
                .filter(it -> !reasons("").containsKey(it))
                .filter(it -> !operation.name().equals("PublishLayerVersion") || !it.startsWith("S3"))
                .map(it -> "`" + it + "`")
                .toList();
        return " (" + String.join(", ", taken) + ")";
    }
}
