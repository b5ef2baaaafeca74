package dev.kappa.shim.runtimeapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Payload;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every case of Lambda's Runtime API (2018-06-01), as a runtime's client sees it. */
@Timeout(60)
class ConformanceTest {
    private static final int PATIENCE_MS = 20_000;
    private static final String CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause: ";

    private Session session;
    private RuntimeApi api;

    /** What the API answered. */
    private record Answer(int status, String head, String body) {
        void is(int expected, String errorType) {
            assertThat(status).as(body).isEqualTo(expected);
            assertThat(body).contains("\"errorType\":\"" + errorType + "\"", "\"errorMessage\":\"");
        }

        void isAccepted() {
            assertThat(status).as(body).isEqualTo(202);
            assertThat(body).isEqualTo("{\"status\":\"OK\"}");
        }
    }

    @BeforeEach
    void start() throws IOException {
        Watchdog watchdog = new Watchdog();
        session = SilentProgram.session(1, watchdog);
        api = new RuntimeApi(session, 0, 1, Room.unlimited(), watchdog, SilentProgram::knowsNothing);
    }

    @AfterEach
    void stop() {
        api.stop();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Answer answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            assertThat(c).as("the API ended the connection after: " + head).isNotNegative();
            head.append((char) c);
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        byte[] body = socket.getInputStream().readNBytes(length);
        return new Answer(
                Integer.parseInt(head.substring(9, 12)), head.toString(), new String(body, StandardCharsets.UTF_8));
    }

    private static String request(String method, String path, String headers, String body) {
        return method + " /2018-06-01/runtime/" + path + " HTTP/1.1\r\nHost: api\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String path, String headers) {
        return "POST /2018-06-01/runtime/" + path + " HTTP/1.1\r\nHost: api\r\n" + headers
                + "Transfer-Encoding: chunked\r\n\r\n";
    }

    private Answer call(String method, String path, String headers, String body) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request(method, path, headers, body));
            return answer(socket);
        }
    }

    private Answer post(String path, String body) throws IOException {
        return call("POST", path, "", body);
    }

    private CompletableFuture<Outcome> run(String id) {
        return run(new Event(
                id,
                "arn",
                null,
                null,
                new Payload("{}".getBytes(StandardCharsets.UTF_8)),
                System.currentTimeMillis() + 600_000,
                EventLog.of("START", false)));
    }

    private CompletableFuture<Outcome> run(Event event) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        session.run(event, outcome::complete);
        return outcome;
    }

    /** An event that the runtime has. */
    private CompletableFuture<Outcome> taken(String id) throws IOException {
        CompletableFuture<Outcome> outcome = run(id);
        assertThat(call("GET", "invocation/next", "", "").status()).isEqualTo(200);
        return outcome;
    }

    private static Outcome.Failure failure(CompletableFuture<Outcome> outcome) throws Exception {
        return (Outcome.Failure) outcome.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private static String answered(CompletableFuture<Outcome> outcome) throws Exception {
        Outcome.Answer answer = (Outcome.Answer) outcome.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void nextWaitsForAnEventAndTellsAllOfIt() throws Exception {
        try (Socket socket = connect()) {
            send(socket, request("GET", "invocation/next", "", ""));
            assertThat(session.isInitializedWithin(PATIENCE_MS)).isTrue();
            long deadline = System.currentTimeMillis() + 600_000;
            CompletableFuture<Outcome> outcome = run(new Event(
                    "id-1",
                    "arn:of:it",
                    "{\"custom\":{\"a\":\"ä\"}}",
                    "Root=1",
                    new Payload("{\"x\":1}".getBytes(StandardCharsets.UTF_8)),
                    deadline,
                    EventLog.of("START", false),
                    "tenant",
                    null));

            Answer next = answer(socket);

            assertThat(outcome).isNotDone();
            assertThat(next.status()).isEqualTo(200);
            assertThat(next.body()).isEqualTo("{\"x\":1}");
            assertThat(next.head())
                    .contains(
                            "Content-Type: application/json\r\n",
                            "Lambda-Runtime-Aws-Request-Id: id-1\r\n",
                            "Lambda-Runtime-Deadline-Ms: " + deadline + "\r\n",
                            "Lambda-Runtime-Invoked-Function-Arn: arn:of:it\r\n",
                            "Lambda-Runtime-Trace-Id: Root=1\r\n",
                            "Lambda-Runtime-Client-Context: {\"custom\":{\"a\":\"",
                            "Lambda-Runtime-Aws-Tenant-Id: tenant\r\n");
        }
    }

    @Test
    void whatAnEventDoesNotHaveIsNoHeader() throws Exception {
        assertThat(run("id-1")).isNotDone();

        assertThat(call("GET", "invocation/next", "", "").head())
                .doesNotContain("Trace-Id", "Client-Context", "Cognito-Identity", "Tenant-Id");
    }

    @Test
    void anAnswerIsAcceptedOnce() throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");

        post("invocation/id-1/response", "\"ä\"".replace("ä", "a")).isAccepted();

        assertThat(answered(outcome)).isEqualTo("\"a\"");
        post("invocation/id-1/response", "2").is(403, "InvalidStateTransition");
        post("invocation/id-1/error", "{}").is(403, "InvalidStateTransition");
        CompletableFuture<Outcome> second = taken("id-2");
        post("invocation/id-2/response", "").isAccepted();
        assertThat(answered(second)).isEmpty();
    }

    @Test
    void anIdThatIsNotTheCurrentOneIsRefused() throws Exception {
        post("invocation/id-0/response", "1").is(400, "InvalidRequestID");
        CompletableFuture<Outcome> outcome = taken("id-1");

        post("invocation/id-0/response", "1").is(400, "InvalidRequestID");
        post("invocation/id-0/error", "{}").is(400, "InvalidRequestID");
        post("invocation//response", "1").is(400, "InvalidRequestID");

        assertThat(outcome).isNotDone();
        post("invocation/id-1/response", "1").isAccepted();
    }

    @Test
    void nextIsRefusedBeforeTheAnswer() throws Exception {
        assertThat(taken("id-1")).isNotDone();

        call("GET", "invocation/next", "", "").is(403, "InvalidStateTransition");

        post("invocation/id-1/response", "1").isAccepted();
    }

    @ParameterizedTest
    @CsvSource({
        "Runtime.Fine,Runtime.Fine",
        "Function.MyError,Function.MyError",
        "Function.lower,Function.Unknown",
        "Runtime.With1,Runtime.Unknown",
        "ValueError,Runtime.Unknown",
        "'',Runtime.Unknown"
    })
    void anErrorsTypeIsOneOfLambdas(String claimed, String booked) throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");
        String headers = claimed.isEmpty() ? "" : "Lambda-Runtime-Function-Error-Type: " + claimed + "\r\n";

        call("POST", "invocation/id-1/error", headers, "{\"errorMessage\":\"m\"}")
                .isAccepted();

        assertThat(failure(outcome).type()).isEqualTo(booked);
        assertThat(new String(failure(outcome).body(), StandardCharsets.UTF_8)).isEqualTo("{\"errorMessage\":\"m\"}");
    }

    @Test
    void anErrorsCauseMayBeLong() throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");

        call("POST", "invocation/id-1/error", CAUSE + "x".repeat(1 << 20) + "\r\n", "{}")
                .isAccepted();

        assertThat(failure(outcome).type()).isEqualTo("Runtime.Unknown");
        assertThat(call("POST", "invocation/id-1/error", CAUSE + "x".repeat(2 << 20) + "\r\n", "{}")
                        .status())
                .isEqualTo(431);
    }

    @Test
    void anAnswerThatIsTooLargeIsAnErrorOfTheFunction() throws Exception {
        CompletableFuture<Outcome> most = taken("id-1");
        post("invocation/id-1/response", "x".repeat(6_291_556)).isAccepted();
        assertThat(answered(most)).hasSize(6_291_556);
        CompletableFuture<Outcome> more = taken("id-2");

        post("invocation/id-2/response", "x".repeat(6_291_557)).is(413, "RequestEntityTooLarge");

        assertThat(failure(more).type()).isEqualTo("Function.ResponseSizeTooLarge");
        assertThat(taken("id-3")).isNotDone();
    }

    @Test
    void theOnlyResponseModeIsStreaming() throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");

        call("POST", "invocation/id-1/response", "Lambda-Runtime-Function-Response-Mode: fast\r\n", "1")
                .is(400, "InvalidFunctionResponseMode");

        assertThat(failure(outcome).type()).isEqualTo("Runtime.InvalidResponseModeHeader");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void anAnswerThatBreaksOffIsAnError(boolean streaming) throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");
        try (Socket socket = connect()) {
            String mode = streaming ? "Lambda-Runtime-Function-Response-Mode: streaming\r\n" : "";
            send(socket, chunked("invocation/id-1/response", mode) + "5\r\nhal");
            socket.shutdownOutput();

            answer(socket).is(400, "TruncatedHTTPRequest");
        }
        assertThat(failure(outcome).type()).isEqualTo("Runtime.TruncatedResponse");
        assertThat(taken("id-2")).isNotDone();
    }

    @Test
    void aStreamThatNobodyAskedForIsOneAnswer() throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");
        String mode = "Lambda-Runtime-Function-Response-Mode: streaming\r\n";
        try (Socket socket = connect()) {
            send(socket, chunked("invocation/id-1/response", mode + "Expect: 100-continue\r\n"));
            String go = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(socket.getInputStream().readNBytes(go.length()))
                    .asString()
                    .isEqualTo(go);
            send(socket, "2\r\nab\r\n");
            post("invocation/id-1/response", "2").is(403, "InvalidStateTransition");
            post("invocation/id-1/error", "{}").is(403, "InvalidStateTransition");
            call("GET", "invocation/next", "", "").is(403, "InvalidStateTransition");
            assertThat(outcome).isNotDone();
            send(socket, "1\r\nc\r\n0\r\n\r\n");

            answer(socket).isAccepted();
        }
        assertThat(answered(outcome)).isEqualTo("abc");
    }

    @Test
    void theTrailersOfAStreamTellItsError() throws Exception {
        CompletableFuture<Outcome> outcome = taken("id-1");
        String mode = "Lambda-Runtime-Function-Response-Mode: streaming\r\n";
        String shown = Base64.getEncoder().encodeToString("{\"errorType\":\"E\"}".getBytes(StandardCharsets.UTF_8));
        try (Socket socket = connect()) {
            send(
                    socket,
                    chunked("invocation/id-1/response", mode) + "2\r\nab\r\n0\r\n"
                            + "Lambda-Runtime-Function-Error-Type: Function.Late\r\n"
                            + "Lambda-Runtime-Function-Error-Body: " + shown + "\r\n\r\n");

            answer(socket).isAccepted();
        }
        assertThat(failure(outcome).type()).isEqualTo("Function.Late");
        assertThat(new String(failure(outcome).body(), StandardCharsets.UTF_8)).isEqualTo("{\"errorType\":\"E\"}");
    }

    @Test
    void anInitialisationFailsOnce() throws Exception {
        post("init/error", "{\"errorType\":\"Runtime.NoModule\",\"errorMessage\":\"m\"}")
                .isAccepted();

        InitError error =
                session.initialized().get(PATIENCE_MS, TimeUnit.MILLISECONDS).orElseThrow();
        assertThat(error.type()).isEqualTo("Runtime.NoModule");
        assertThat(error.message()).isEqualTo("m");
        post("init/error", "{}").is(403, "InvalidStateTransition");
    }

    @Test
    void anInitialisationThatEndedDoesNotFail() throws Exception {
        assertThat(taken("id-1")).isNotDone();

        post("init/error", "{}").is(403, "InvalidStateTransition");

        assertThat(session.hasFailed()).isFalse();
    }

    @Test
    void otherPathsAreNone() throws Exception {
        assertThat(call("GET", "invocation/id-1/response", "", "").status()).isEqualTo(404);
        // of a service that has no snapshots
        assertThat(call("GET", "restore/next", "", "").status()).isEqualTo(404);
        assertThat(post("restore/error", "{}").status()).isEqualTo(404);
    }
}
