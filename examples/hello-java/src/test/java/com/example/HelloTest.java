package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HelloTest {
    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getAwsRequestId" -> "id-1";
                case "getFunctionVersion" -> "3";
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void greetsTheExamplesEvent() throws IOException {
        assertThat(answerTo(Files.newInputStream(Path.of("event.json"))))
                .isEqualTo("{\"message\":\"Hello, Ada, from Java!\",\"version\":\"3\",\"requestId\":\"id-1\"}");
    }

    @Test
    void greetsTheWorldWhenNobodyIsNamed() {
        assertThat(new Hello().handleRequest(new Hello.Request(), CONTEXT).message())
                .isEqualTo("Hello, world, from Java!");
    }

    /** Bytes to bytes through AWS's serialization, as the runtime does it. */
    private static String answerTo(InputStream event) throws IOException {
        try (event) {
            Hello.Request request = JacksonFactory.getInstance()
                    .getSerializer(Hello.Request.class)
                    .fromJson(event);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            JacksonFactory.getInstance()
                    .getSerializer(Hello.Response.class)
                    .toJson(new Hello().handleRequest(request, CONTEXT), answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
