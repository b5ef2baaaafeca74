package dev.kappa.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.awaitility.Awaitility;

/** A web server of a user: writes what it is sent into its log, and answers as its path asks for. */
final class WebHook {
    static final String HOST = "hooks.default.svc.cluster.local";
    private static final String NAME = "hooks";
    private static final int PORT = 8000;
    private static final String SERVER = """
            import http.server, json, time
            class Hook(http.server.BaseHTTPRequestHandler):
                protocol_version = 'HTTP/1.1'
                def do_POST(self):
                    body = self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()
                    print(json.dumps({'path': self.path, 'headers': {k.lower(): v for k, v in self.headers.items()},
                        'body': body}), flush=True)
                    if self.path.startswith('/slow'):
                        time.sleep(60)
                    self.send_response(500 if self.path.startswith('/broken') else 204)
                    self.send_header('Content-Length', '0')
                    self.end_headers()
                def log_message(self, *args):
                    pass
            http.server.ThreadingHTTPServer(('', 8000), Hook).serve_forever()
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private WebHook() {}

    static void start() throws IOException, InterruptedException {
        ServerPod.start(
                NAME,
                PORT,
                ServerPod.of(ServerPod.container(NAME, "kappa/runtime-python3.13:dev")
                        .withCommand("python3", "-c", SERVER)),
                60);
    }

    static String url(String path) {
        return "http://" + HOST + ":" + PORT + path;
    }

    /** What came under a path so far. */
    static List<JsonNode> got(String path) {
        String log = Cluster.shared()
                .client()
                .pods()
                .inNamespace("default")
                .withName(NAME)
                .getLog();
        return log.lines()
                .map(WebHook::read)
                .filter(it -> it.path("path").asText().equals(path))
                .toList();
    }

    /** Waits until so many came. */
    static List<JsonNode> await(String path, int number) {
        return Awaitility.await(number + " calls of " + path)
                .atMost(ofMinutes(1))
                .pollInterval(ofMillis(250))
                .until(() -> got(path), hasSize(greaterThanOrEqualTo(number)));
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
