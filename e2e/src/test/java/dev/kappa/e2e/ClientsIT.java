package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** AWS's clients, as they are, against the gateway; see clients/. */
class ClientsIT {
    private static final String PYTHON = System.getProperty("kappa.python", "python3");

    /** A role that may invoke one function, and that the tests' own may assume. */
    private static final String ROLE = """
            apiVersion: v1
            kind: List
            items:
              - {apiVersion: v1, kind: ServiceAccount, metadata: {name: client-role, namespace: default}}
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: client-role, namespace: default}
                rules: [{apiGroups: [kappa.dev], resources: [functions/invocations], resourceNames: [client], verbs: [create]}]
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: client-role, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: client-role}
                subjects: [{kind: ServiceAccount, name: client-role, namespace: default}]
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: assume-client-role, namespace: default}
                rules: [{apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [client-role], verbs: [create]}]
              - apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: assume-client-role, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: assume-client-role}
                subjects: [{kind: ServiceAccount, name: tester, namespace: default}]
            """;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        Functions.python("client", "", """
                def handler(event, context):
                    print("a line of the handler")
                    if "fail" in event:
                        raise RuntimeError("as asked")
                    return {
                        "event": event,
                        "version": context.function_version,
                        "requestId": context.aws_request_id,
                        "custom": context.client_context.custom if context.client_context else None,
                    }
                """);
        Functions.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: controlled, namespace: default}
                stringData: {key: not shown}
                """);
        Functions.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: client-runner, namespace: default}
                """);
        Functions.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: client-runner, namespace: default}
                rules: [{apiGroups: [""], resources: [serviceaccounts], resourceNames: [client-runner], verbs: [use]}]
                """);
        Functions.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: client-runner, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: client-runner}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:default"}]
                """);
        Functions.python("client-off", "concurrency: {reserved: 0}", "def handler(event, context): pass");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: client-stream, namespace: default}
                spec:
                  runtime: nodejs20
                  handler: app.handler
                  timeoutSeconds: 10
                  code:
                    inline:
                      app.js: |
                        exports.handler = awslambda.streamifyResponse(async (event, out, context) => {
                          console.log("a line of the handler");
                          if (event.page) out = awslambda.HttpResponseStream.from(out, {statusCode: 201});
                          out.setContentType && event.type && out.setContentType(event.type);
                          out.write("first ");
                          await new Promise((done) => setTimeout(done, event.pause ?? 0));
                          if (event.fail) throw new RangeError("as asked");
                          for (let i = 0; i < (event.blocks ?? 0); i++) {
                            if (!out.write(Buffer.alloc(1 << 20))) await new Promise((done) => out.once("drain", done));
                          }
                          out.end("last");
                        });
                """);
        Functions.waitUntilReady("Function", "client");
        Functions.waitUntilReady("Function", "client-stream");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Version
                metadata: {name: client.1, namespace: default}
                spec: {function: client, number: 1}
                """);
        Functions.waitUntilReady("Version", "client.1");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Alias
                metadata: {name: client.live, namespace: default}
                spec: {function: client, version: 1}
                """);
        Functions.waitUntilReady("Alias", "client.live");
        Cluster.shared().client().resourceList(ROLE).forceConflicts().serverSideApply();
    }

    @Test
    void theyGetWhatLambdaWouldAnswer() throws IOException, InterruptedException {
        run("clients/test_clients.py");
    }

    @ParameterizedTest
    @CsvSource({"node, js/call.mjs", "env, go/call", "env, rust/call"})
    void thoseOfOtherLanguagesToo(String interpreter, String program) throws IOException, InterruptedException {
        Path path = Path.of(Command.run(Map.of(), "clients/prepare")
                        .lines()
                        .toList()
                        .getLast())
                .resolve(program);
        assumeTrue(Files.exists(path), "the language is not there");

        String said = Command.run(Identity.administrator().environment(), interpreter, path.toString());

        assertThat(said).contains("AWS's");
    }

    @Test
    void theyPublishVersionsAndMoveAliases() throws IOException, InterruptedException {
        for (int version = 1; version <= 2; version++) {
            Functions.python("controlled", """
                    timeoutSeconds: 5
                      memory: 256Mi
                      publish: OnChange
                      concurrency: {reserved: 3}
                      environment:
                        - {name: STAGE, value: test}
                        - {name: KEY, valueFrom: {secretKeyRef: {name: controlled, key: key}}}
                    """.stripTrailing(), "def handler(event, context):\n    return " + version);
            Functions.waitUntilReady("Version", "controlled." + version);
        }
        Functions.waitUntilReady("Function", "controlled");
        run("clients/test_control.py");
    }

    @Test
    void theyCreateAndChangeFunctions() throws IOException, InterruptedException {
        run("clients/test_functions.py");
    }

    @Test
    void aFunctionCallsOthersWithItsRoleAndNoKey() throws IOException, InterruptedException {
        Path layer = Files.createTempFile("boto3", ".zip");
        Command.run(Map.of(), PYTHON, "clients/package_boto3", layer.toString());
        String sha256 = Packages.upload(Files.readAllBytes(layer));
        Files.delete(layer);
        for (String role : List.of("serviceAccountName: client-role", "publish: Manual")) {
            Functions.python(
                    role.startsWith("service") ? "client-with-role" : "client-without-role",
                    """
                    ROLE
                      timeoutSeconds: 30
                      memory: 256Mi
                      layers: [{package: {sha256: SHA256}}]
                    """.stripTrailing().replace("ROLE", role).replace("SHA256", sha256),
                    """
                    import boto3
                    from botocore.exceptions import ClientError, NoCredentialsError

                    def handler(event, context):
                        try:
                            client = boto3.client("lambda")
                            return client.invoke(FunctionName=event["call"], Payload="{}")["Payload"].read().decode()
                        except ClientError as e:
                            return e.response["Error"]["Code"]
                        except NoCredentialsError:
                            return "none"
                    """);
        }

        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(call(lambda, "client-with-role", "client")).contains("requestId");
            assertThat(call(lambda, "client-with-role", "client-off")).isEqualTo("\"AccessDeniedException\"");
            assertThat(call(lambda, "client-without-role", "client")).isEqualTo("\"none\"");
        }
    }

    private static String call(LambdaClient lambda, String caller, String called) {
        return Functions.invoke(lambda, caller, "{\"call\": \"" + called + "\"}")
                .payload()
                .asUtf8String();
    }

    private static void run(String script) throws IOException, InterruptedException {
        Command.run(Identity.administrator().environment(), PYTHON, script);
    }
}
