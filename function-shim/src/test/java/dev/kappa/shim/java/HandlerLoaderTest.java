package dev.kappa.shim.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Payload;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.handlers.Shapes;
import dev.kappa.shim.log.EventLog;
import dev.kappa.shim.log.Logs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerLoaderTest {
    private static final String SHAPES = Shapes.class.getName();

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $Orders       | {"item":"tea","count":1} | {"item":"tea","count":1}
            $Counted      | [{"item":"tea","count":2},{"item":"ink","count":3}] | {"total":5}
            $Typed        | {"item":"tea","count":2} | {"tea":[2]}
            $Bounded      | {"item":"tea","count":2} | 2
            $Deep::sum    | [{"item":"tea","count":2},{"item":"ink","count":3}] | 5
            $Deep::many   | [{"item":"tea","count":2},{"item":"ink","count":4}] | 6
            $Deep::echo   | {"item":"tea","count":2} | {"item":"tea","count":2}
            $Deep::preset | {"item":"tea","count":2} | 2
            $Bridged::count | {"item":"tea","count":7} | 7
            $Streams      | [1, 2]                   | [1, 2]
            ::bean        | {"item":"tea","count":1} | {"item":"tea","count":2}
            ::withContext | "hello"                  | "hello fn"
            ::primitive   | 21                       | 42
            ::sum         | [1, 2, 3]                | 6
            ::nothing     | {}                       | null
            ::streams     | "raw"                    | "raw"
            """)
    void runsEveryShapeOfHandler(String suffix, String payload, String expected) throws Throwable {
        assertThat(call(SHAPES + suffix, payload)).isEqualTo(expected);
    }

    @Test
    void saysWhyAPayloadDoesNotFit() {
        assertThatThrownBy(() -> call(SHAPES + "::primitive", "{\"a\":1}"))
                .hasMessage("An error occurred during JSON parsing");
    }

    @Test
    void namesAClassThatIsNotThere() {
        assertThatThrownBy(() -> call("no.Such", "{}")).hasMessage("Class not found: no.Such");
    }

    @Test
    void namesAMethodThatIsNotThere() {
        assertThatThrownBy(() -> call(SHAPES + "::none", "{}")).hasMessageContaining("No public method named none");
    }

    private String call(String handler, String payload) throws Throwable {
        Settings settings = Settings.from(Map.of(
                "KAPPA_NAMESPACE", "default",
                "KAPPA_FUNCTION", "fn",
                "KAPPA_VERSION", "1",
                "KAPPA_REVISION", "r",
                "KAPPA_POD", "pod",
                "KAPPA_POD_IP", "127.0.0.1",
                "KAPPA_RUNTIME", "java25",
                "KAPPA_RUNTIME_KIND", "java",
                "KAPPA_GATEWAY_URL", "http://localhost",
                "KAPPA_VERSION_SECRET", "t"));
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        Event event =
                new Event("id", "arn", null, null, new Payload(bytes), Long.MAX_VALUE, EventLog.of("START", false));
        byte[] answer = new HandlerLoader(root, root.resolve("opt"))
                .load(handler)
                .handle(bytes, new HandlerContext(settings, event, new Logs()), null);
        return new String(answer, StandardCharsets.UTF_8);
    }
}
