package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.model.CallHead;
import dev.kappa.lambda.model.LambdaModel;
import dev.kappa.lambda.model.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls need. */
class OperationTest {
    private static List<Operation> withAnActionOfTheirName() {
        Set<String> actions =
                Arrays.stream(Action.values()).map(Action::iamName).collect(Collectors.toSet());
        return LambdaModel.get().operations().stream()
                .filter(it -> actions.contains("lambda:" + it.name()))
                .toList();
    }

    @Test
    void moreThanEighteenCallsHaveAnAction() {
        assertThat(withAnActionOfTheirName()).hasSizeGreaterThan(18);
    }

    @ParameterizedTest
    @MethodSource("withAnActionOfTheirName")
    void everyCallNeedsSomethingOfItsNamespace(Operation operation) {
        assertThat(OperationPermission.action(operation)
                        .on(new Target("media", "hello", "live"), "arn")
                        .accesses())
                .isNotEmpty()
                .allSatisfy(access -> assertThat(access.namespace()).isEqualTo("media"));
    }

    @Test
    void whatIsNamedByAQualifierIsTheResourceThatIsWritten() {
        assertThat(Action.DELETE_FUNCTION
                        .on(new Target("media", "hello", "3"), "arn")
                        .accesses())
                .containsExactly(new Access("delete", "versions", "media", "hello.3"));
        assertThat(Action.UPDATE_ALIAS
                        .on(new Target("media", "hello", "live"), "arn")
                        .accesses())
                .containsExactly(new Access("patch", "aliases", "media", "hello.live"));
        assertThat(Action.PUT_FUNCTION_EVENT_INVOKE_CONFIG
                        .on(new Target("media", "hello", "$LATEST"), "arn")
                        .accesses())
                .containsExactly(new Access("patch", "functions", "media", "hello"));
        assertThat(Action.PUBLISH_VERSION
                        .on(new Target("media", "hello", null), "arn")
                        .accesses())
                .containsExactly(
                        new Access("get", "functions", "media", "hello"),
                        new Access("create", "versions", "media", ""));
    }

    private static Permission permission(String method, String path, String query) {
        CallHead head = new CallHead(method, path, query, name -> null);
        Operation operation = LambdaModel.get().route(head).orElseThrow();
        return OperationPermission.of(operation, head, new Accounts("us-east-1", "default"));
    }

    @Test
    void aQualifierIsWhereTheOperationHasIt() {
        String hello = "/2015-03-31/functions/hello.media";
        assertThat(permission("GET", hello, "Qualifier=live").accesses())
                .contains(new Access("get", "aliases", "media", "hello.live"));
        assertThat(permission("GET", hello + "%3A3", "").accesses())
                .contains(new Access("get", "versions", "media", "hello.3"));
        String named = permission("GET", "/2015-03-31/functions/Hello:PROD", "")
                .accesses()
                .getLast()
                .name();
        assertThat(named).matches("hello-[0-9a-v]{8}[.]prod-[0-9a-v]{8}");
        assertThat(permission("PUT", hello + "/aliases/live", "Qualifier=other").accesses())
                .containsExactly(new Access("patch", "aliases", "media", "hello.live"));
        assertThat(permission("POST", hello + "/versions", "Qualifier=3").arn()).endsWith(":function:hello");
        assertThat(permission("GET", "/2015-03-31/functions", "FunctionVersion=ALL")
                        .action())
                .isEqualTo(Action.LIST_FUNCTIONS_AND_VERSIONS);
    }
}
