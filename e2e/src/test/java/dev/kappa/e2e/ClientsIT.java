package dev.kappa.e2e;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** boto3 and the AWS CLI, as they are, against the gateway; see clients/. */
class ClientsIT {
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
        Functions.python("client-off", "concurrency: {reserved: 0}", "def handler(event, context): pass");
        Functions.waitUntilReady("Function", "client");
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
    }

    @Test
    void theyGetWhatLambdaWouldAnswer() throws IOException, InterruptedException {
        run("clients/test_clients.py");
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

    private static void run(String script) throws IOException, InterruptedException {
        Command.run(
                Map.of(
                        "AWS_ENDPOINT_URL_LAMBDA",
                        Cluster.shared().endpoint(),
                        "AWS_DEFAULT_REGION",
                        "us-east-1",
                        "AWS_ACCESS_KEY_ID",
                        "kappa",
                        "AWS_SECRET_ACCESS_KEY",
                        "kappa"),
                System.getProperty("kappa.python", "python3"),
                script);
    }
}
