package dev.kappa.shim.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Payload;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Limits;
import dev.kappa.shim.http.Listener;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.EventLog;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every case of Lambda's Extensions API (2020-01-01), as an extension sees it. */
@Timeout(120)
class ExtensionsApiTest {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<InitError> failures = new LinkedBlockingQueue<>();
    private Extensions extensions;
    private Telemetry telemetry;
    private Listener listener;

    /** What the API answered. */
    private record Answer(int status, Map<String, List<String>> headers, String body) {
        void is(int expected, String errorType) {
            assertThat(status).as(body).isEqualTo(expected);
            assertThat(body).contains("\"errorType\":\"" + errorType + "\"", "\"errorMessage\":\"");
        }

        String identifier() {
            assertThat(status).as(body).isEqualTo(200);
            return headers.getOrDefault("lambda-extension-identifier", List.of(""))
                    .getFirst();
        }
    }

    @BeforeEach
    void start() throws IOException {
        begin(Map.of());
    }

    private void begin(Map<String, String> more) throws IOException {
        Map<String, String> env = new HashMap<>(Map.of(
                "KAPPA_NAMESPACE", "default",
                "KAPPA_FUNCTION", "fn",
                "KAPPA_VERSION", "1",
                "KAPPA_REVISION", "r",
                "KAPPA_POD", "pod",
                "KAPPA_POD_IP", "127.0.0.1",
                "KAPPA_RUNTIME", "provided",
                "KAPPA_RUNTIME_KIND", "process",
                "KAPPA_GATEWAY_URL", "http://localhost",
                "KAPPA_VERSION_SECRET", "t"));
        env.put("KAPPA_LAYERS_ROOT", folder.toString());
        env.put("LAMBDA_TASK_ROOT", folder.toString());
        env.put("KAPPA_STATE_DIR", folder.resolve("state").toString());
        env.putAll(more);
        Settings settings = Settings.from(env);
        Logs logs = new Logs();
        telemetry = new Telemetry(logs);
        extensions = new Extensions(settings, logs, telemetry, new PlatformEvents(settings, telemetry));
        extensions.initializing(failures::add);
        listener = new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Limits(64 << 10, 100, 1 << 20, 0, 60_000, 0, 0, 64, 4),
                new Watchdog(),
                extensions::handle);
        listener.start(true);
    }

    @AfterEach
    void stop() throws InterruptedException {
        extensions.shutDown("spindown");
        listener.stop();
        client.close();
    }

    private CompletableFuture<Answer> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer ->
                        new Answer(answer.statusCode(), answer.headers().map(), answer.body()));
    }

    private Answer call(String method, String path, String body, String... headers) throws Exception {
        return send(method, path, body, headers).get(20, TimeUnit.SECONDS);
    }

    private Answer register(String name, String body) throws Exception {
        return call("POST", "/2020-01-01/extension/register", body, "Lambda-Extension-Name", name);
    }

    private String registered(String name) throws Exception {
        return register(name, "{\"events\":[\"INVOKE\"]}").identifier();
    }

    private CompletableFuture<Answer> next(String identifier) {
        return send("GET", "/2020-01-01/extension/event/next", "", "Lambda-Extension-Identifier", identifier);
    }

    private Answer error(String phase, String identifier) throws Exception {
        return call(
                "POST",
                "/2020-01-01/extension/" + phase + "/error",
                "{}",
                "Lambda-Extension-Identifier",
                identifier,
                "Lambda-Extension-Function-Error-Type",
                "Extension.NoKey");
    }

    private Answer subscribe(String identifier, String body) throws Exception {
        return call("PUT", "/2022-07-01/telemetry", body, "Lambda-Extension-Identifier", identifier);
    }

    private void awaitState(String identifier, Extension.State state) throws Exception {
        await(() -> extensions.find(identifier).state() == state, "it is " + state);
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static Event event() {
        return new Event(
                "id-1",
                "arn:of:it",
                null,
                "Root=1",
                new Payload("{}".getBytes(StandardCharsets.UTF_8)),
                1_234,
                EventLog.of("START", false));
    }

    @Test
    void anExtensionOfTheHandlersProcessHearsOfEvents() throws Exception {
        Answer answer = register("mine", "{\"events\":[\"INVOKE\"]}");
        assertThat(answer.body()).isEqualTo("{\"functionName\":\"fn\",\"functionVersion\":\"1\",\"handler\":\"\"}");
        String identifier = answer.identifier();
        CompletableFuture<Answer> next = next(identifier);
        assertThat(extensions.awaitReady()).isNull();

        extensions.invoke(event());

        assertThat(next.get(20, TimeUnit.SECONDS).body())
                .isEqualTo(
                        "{\"eventType\":\"INVOKE\",\"deadlineMs\":1234,\"requestId\":\"id-1\","
                                + "\"invokedFunctionArn\":\"arn:of:it\",\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"Root=1\"}}");
        assertThat(next.get().headers()).containsKey("lambda-extension-event-identifier");
        assertThat(extensions.awaitIdle(0)).containsExactly("mine");
        CompletableFuture<Answer> again = next(identifier);
        awaitState(identifier, Extension.State.READY);
        assertThat(again).isNotDone();
        assertThat(extensions.awaitIdle(0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''   | {"events":["INVOKE"]}                          | Extension.InvalidExtensionName
            mine | {"events":                                     | InvalidRequestFormat
            mine | {"events":[],"configurationKeys":["a"]}        | InvalidRequestFormat
            mine | {"events":["PAUSE"]}                           | Extension.InvalidEventType
            mine | {"events":["INVOKE","SHUTDOWN"]}               | Extension.InvalidEventType
            """)
    void whatIsNotARegistrationIsRefused(String name, String body, String type) throws Exception {
        register(name, body).is(403, type);
    }

    @Test
    void thereAreTenAtMostAndEachOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            registered("mine-" + i);
        }

        register("mine-3", "{\"events\":[\"INVOKE\"]}").is(403, "Extension.InvalidExtensionState");
        register("mine-10", "{\"events\":[\"INVOKE\"]}").is(403, "Extension.TooManyExtensions");
    }

    @Test
    void nobodyRegistersOrSubscribesAfterTheInitialisation() throws Exception {
        String identifier = registered("mine");
        extensions.close();
        telemetry.close();

        register("other", "{\"events\":[\"INVOKE\"]}").is(403, "Extension.RegistrationClosed");
        subscribe(identifier, subscription("", "platform")).is(403, "Telemetry.SubscriptionClosed");
    }

    @Test
    void whoeverCallsSaysWhoItIs() throws Exception {
        call("GET", "/2020-01-01/extension/event/next", "").is(403, "Extension.MissingExtensionIdentifier");
        next("mine").get(20, TimeUnit.SECONDS).is(403, "Extension.InvalidExtensionIdentifier");
        next(NOBODY).get(20, TimeUnit.SECONDS).is(403, "Extension.UnknownExtensionIdentifier");
        error("init", NOBODY).is(403, "Extension.UnknownExtensionIdentifier");
        error("exit", NOBODY).is(403, "Extension.UnknownExtensionIdentifier");
        subscribe(NOBODY, "{}").is(403, "Extension.UnknownExtensionIdentifier");
    }

    @Test
    void whoWaitsDoesNotAskTwiceButMayComeAgain() throws Exception {
        String identifier = registered("mine");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: api\r\nLambda-Extension-Identifier: "
                                            + identifier + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            awaitState(identifier, Extension.State.READY);
            next(identifier).get(20, TimeUnit.SECONDS).is(403, "Extension.InvalidExtensionState");
        }
        await(() -> extensions.find(identifier).mayAsk(), "the API sees that its connection is gone");
        CompletableFuture<Answer> again = next(identifier);
        await(() -> !extensions.find(identifier).mayAsk(), "it waits again");

        extensions.invoke(event());

        assertThat(again.get(20, TimeUnit.SECONDS).body()).contains("id-1");
    }

    @Test
    void anErrorOfTheInitialisationIsTold() throws Exception {
        String identifier = registered("mine");
        call("POST", "/2020-01-01/extension/init/error", "{}", "Lambda-Extension-Identifier", identifier)
                .is(403, "Extension.MissingHeader");

        assertThat(error("init", identifier).status()).isEqualTo(202);

        InitError told = failures.poll(20, TimeUnit.SECONDS);
        assertThat(told.type()).isEqualTo("Extension.InitError");
        assertThat(told.message()).isEqualTo("Error: the extension mine reported Extension.NoKey");
        next(identifier).get(20, TimeUnit.SECONDS).is(403, "Extension.InvalidExtensionState");
        error("exit", identifier).is(403, "Extension.InvalidExtensionState");
    }

    @Test
    void anErrorLaterIsTold() throws Exception {
        String identifier = registered("mine");
        assertThat(next(identifier)).isNotDone();
        awaitState(identifier, Extension.State.READY);
        error("init", identifier).is(403, "Extension.InvalidExtensionState");

        assertThat(error("exit", identifier).status()).isEqualTo(202);

        assertThat(failures.poll(20, TimeUnit.SECONDS).type()).isEqualTo("Extension.ExitError");
    }

    @Test
    void whereSeveralEventsRunAtOnceThereIsNoEventForEach() throws Exception {
        listener.stop();
        begin(Map.of("KAPPA_PER_INSTANCE", "2"));

        register("mine", "{\"events\":[\"INVOKE\"]}").is(403, "Extension.InvalidEventType");
        assertThat(register("mine", "{\"events\":[]}").status()).isEqualTo(200);
    }

    @Test
    void anExtensionThatCannotBeStartedIsNamed() throws Exception {
        Files.createDirectories(folder.resolve("extensions"));
        Files.writeString(folder.resolve("extensions/text"), "no program");

        InitError error = Objects.requireNonNull(extensions.begin("127.0.0.1:1"));

        assertThat(error.type()).isEqualTo("Extension.LaunchError");
        assertThat(error.message()).contains("extensions/text", "is not executable; begin it with #!");
    }

    @Test
    void moreThanTenFilesAreTooMany() throws Exception {
        Files.createDirectories(folder.resolve("extensions"));
        for (int i = 0; i < 11; i++) {
            Path program = Files.writeString(folder.resolve("extensions/e" + i), "#!/bin/sh\nexec sleep 60\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        assertThat(Objects.requireNonNull(extensions.begin("127.0.0.1:1")).message())
                .contains("has 11 extensions");
    }

    private static String subscription(String buffering, String type) {
        return """
                {"schemaVersion":"2025-01-29","types":["TYPE"],BUFFERING
                 "destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:1"}}
                """.replace("TYPE", type).replace("BUFFERING", buffering);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"schemaVersion":"2022-07-01"}               | types should not be empty
            {"schemaVersion":"2022-07-01"}               | destination should be an object
            {"schemaVersion":"2019-01-01"}               | schemaVersion should be one of 2022-07-01, 2022-12-13, 2025-01-29
            {"types":["platform","other"]}               | types has other
            {"destination":{"protocol":"UDP"}}           | destination.protocol should be HTTP or TCP
            {"destination":{"protocol":"HTTP"}}          | URI should be http://sandbox.localdomain:PORT
            {"destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain"}}   | URI port is not provided
            {"destination":{"protocol":"HTTP","URI":"http://example.com:80"}}        | URI should be http://sandbox.localdomain:PORT
            {"destination":{"protocol":"TCP","port":70000}}                          | port should be a whole number from 1 to 65535
            {"buffering":{"maxItems":999}}               | maxItems should be a whole number from 1000 to 10000
            {"buffering":{"maxBytes":1048577}}           | maxBytes should be a whole number from 262144 to 1048576
            {"buffering":{"timeoutMs":24}}               | timeoutMs should be a whole number from 25 to 30000
            {"buffering":{"timeoutMs":"1000"}}           | timeoutMs should be a whole number from 25 to 30000
            [1]                                          | the body is not a JSON object
            """)
    void whatIsNotASubscriptionIsRefused(String body, String message) throws Exception {
        Answer answer = subscribe(registered("mine"), body);

        answer.is(400, "ValidationError");
        assertThat(answer.body()).contains(message);
    }

    @Test
    void aSubscriptionIsTakenDuringTheInitialisation() throws Exception {
        String buffering = "\"buffering\":{\"maxItems\":10000,\"maxBytes\":1048576,\"timeoutMs\":30000},";

        Answer answer = subscribe(registered("mine"), subscription(buffering, "extension"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("\"OK\"");
    }

    @Test
    void otherPathsAreNone() throws Exception {
        assertThat(call("GET", "/2020-01-01/extension/register", "").status()).isEqualTo(404);
        assertThat(call("POST", "/2022-07-01/telemetry", "").status()).isEqualTo(404);
        assertThat(call("GET", "/", "").status()).isEqualTo(404);
    }
}
