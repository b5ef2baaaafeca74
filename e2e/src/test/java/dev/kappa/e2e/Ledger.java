package dev.kappa.e2e;

import dev.kappa.history.History.Run;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pod that writes each run of the handler to its disk before it answers; nothing kills it. */
final class Ledger {
    private static final String SERVER = """
            import collections, http.server, json, os, threading, time
            lock, counts, file, wells = threading.Lock(), collections.Counter(), open('/ledger/runs', 'a'), {}
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = 'HTTP/1.1'
                def do_POST(self):
                    run = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                    with lock:
                        if run['run'] not in wells:
                            counts[run['id']] += 1
                            well = run['fail'] == 'never' or run['fail'] == 'once' and counts[run['id']] > 1
                            file.write(' '.join([run['id'], run['key'], str(well), str(int(time.time() * 1000))]) + '\\n')
                            file.flush()
                            os.fsync(file.fileno())
                            wells[run['run']] = well
                        well = wells[run['run']]
                    answer = json.dumps(well).encode()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                def do_GET(self):
                    with lock, open('/ledger/runs', 'rb') as runs:
                        answer = runs.read()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                def log_message(self, *arguments): pass
            http.server.ThreadingHTTPServer(('', 8000), Handler).serve_forever()
            """;

    /** The function: each run writes until the ledger confirms it, which counts it once. */
    static final String HANDLER = """
            import json, time, urllib.request, uuid
            def handler(event, context):
                body = json.dumps({"run": str(uuid.uuid4()), "id": context.aws_request_id, **event}).encode()
                while True:
                    try:
                        with urllib.request.urlopen("http://ledger.default.svc.cluster.local.:8000/", body, 3) as answer:
                            well = json.load(answer)
                            break
                    except OSError as e:
                        print("the ledger does not answer:", e, flush=True)
                        time.sleep(0.1)
                if not well:
                    raise ValueError("fails by design")
                return event["key"]""";

    private Ledger() {}

    static void install() throws IOException, InterruptedException {
        KubernetesClient client = Cluster.shared().client();
        try (InputStream yaml = new java.io.ByteArrayInputStream(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: ledger, namespace: default}
                spec: {selector: {app: ledger}, ports: [{port: 8000}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: ledger, namespace: default, labels: {app: ledger}}
                spec:
                  containers:
                    - name: ledger
                      image: IMAGE
                      imagePullPolicy: IfNotPresent
                      command: [python3, /code/ledger.py]
                      readinessProbe: {tcpSocket: {port: 8000}, periodSeconds: 1}
                      volumeMounts: [{name: code, mountPath: /code}, {name: ledger, mountPath: /ledger}]
                  volumes: [{name: code, configMap: {name: ledger}}, {name: ledger, emptyDir: {}}]
                """.replace("IMAGE", Cluster.shared().image("kappa/runtime-python3.13:dev"))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            client.configMaps()
                    .inNamespace("default")
                    .resource(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("ledger")
                            .endMetadata()
                            .addToData("ledger.py", SERVER)
                            .build())
                    .serverSideApply();
            client.load(yaml).serverSideApply();
        }
        client.pods().inNamespace("default").withName("ledger").waitUntilReady(90, TimeUnit.SECONDS);
    }

    static void remove() {
        KubernetesClient client = Cluster.shared().client();
        client.pods()
                .inNamespace("default")
                .withName("ledger")
                .withGracePeriod(0)
                .delete();
        client.services().inNamespace("default").withName("ledger").delete();
        client.configMaps().inNamespace("default").withName("ledger").delete();
    }

    /** Over HTTP, which tells the length: what {@code kubectl exec} printed of 20,000 runs could not be read. */
    static List<Run> runs() throws IOException, InterruptedException {
        try (LocalPortForward forward = Cluster.shared()
                        .client()
                        .pods()
                        .inNamespace("default")
                        .withName("ledger")
                        .portForward(8000);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body()
                    .lines()
                    .map(line -> line.split(" "))
                    .map(it -> new Run(it[0], it[1], it[2].equals("True"), Long.parseLong(it[3])))
                    .toList();
        }
    }
}
