package dev.kappa.shim.extensions;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.telemetry.Telemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lambda's Extensions API (2020-01-01) with the Telemetry API (2022-07-01) and the Logs API (2020-08-15). */
final class ExtensionsApi {
    private static final String BASE = "/2020-01-01/extension/";
    private static final String IDENTIFIER = "Lambda-Extension-Identifier";
    private static final String ERROR_TYPE = "Lambda-Extension-Function-Error-Type";
    private static final byte[] ACCEPTED = new Json().put("status", "OK").bytes();
    private static final byte[] SUBSCRIBED = "\"OK\"".getBytes(StandardCharsets.US_ASCII);

    private final Extensions extensions;
    private final Settings settings;
    private final Telemetry telemetry;

    ExtensionsApi(Extensions extensions, Settings settings, Telemetry telemetry) {
        this.extensions = extensions;
        this.settings = settings;
        this.telemetry = telemetry;
    }

    void handle(Exchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (Refusal e) {
            exchange.answer(error(403, e.type(), String.valueOf(e.getMessage())));
        }
    }

    private void route(Exchange exchange) throws IOException, Refusal {
        String path = exchange.path().endsWith("/")
                ? exchange.path().substring(0, exchange.path().length() - 1)
                : exchange.path();
        switch (exchange.method() + " " + path) {
            case "POST " + BASE + "register" -> register(exchange);
            case "GET " + BASE + "event/next" -> extensions.next(caller(exchange), exchange);
            case "POST " + BASE + "init/error" -> failed(exchange, Extension.State.INIT_ERROR);
            case "POST " + BASE + "exit/error" -> failed(exchange, Extension.State.EXIT_ERROR);
            case "PUT /2022-07-01/telemetry" -> subscribe(exchange, false);
            case "PUT /2020-08-15/logs" -> subscribe(exchange, true);
            default ->
                exchange.answer(error(404, "InvalidPath", "no such path in the Runtime API: " + exchange.path()));
        }
    }

    private Extension caller(Exchange exchange) throws Refusal {
        String id = exchange.header(IDENTIFIER);
        if (id == null || id.isEmpty()) {
            throw new Refusal("Extension.MissingExtensionIdentifier", "Missing " + IDENTIFIER + " header");
        }
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new Refusal("Extension.InvalidExtensionIdentifier", "Invalid " + IDENTIFIER);
        }
        return extensions.find(id);
    }

    private void register(Exchange exchange) throws IOException, Refusal {
        String name = exchange.header("Lambda-Extension-Name");
        byte[] body = exchange.body();
        if (name == null || name.isEmpty()) {
            throw new Refusal("Extension.InvalidExtensionName", "Empty extension name");
        }
        Extension extension = extensions.register(name, events(body));
        Json answer = new Json()
                .put("functionName", settings.functionName())
                .put("functionVersion", settings.version())
                .put("handler", settings.handler());
        String account = settings.accountId();
        if (account != null && accepts(exchange.header("Lambda-Extension-Accept-Feature"), "accountId")) {
            answer.put("accountId", account);
        }
        exchange.answer(Reply.json(200, answer.bytes()).with(IDENTIFIER, extension.id()));
    }

    private static boolean accepts(@Nullable String features, String feature) {
        return features != null && List.of(features.split("\\s*,\\s*")).contains(feature);
    }

    private static List<String> events(byte[] body) throws Refusal {
        String type = "InvalidRequestFormat";
        try {
            Map<?, ?> json = JacksonFactory.getInstance()
                    .getSerializer(Map.class)
                    .fromJson(new String(body, StandardCharsets.UTF_8));
            List<String> events = new ArrayList<>();
            if (json != null && json.get("events") instanceof List<?> given) {
                given.forEach(event -> events.add(String.valueOf(event)));
            }
            if (json != null && json.get("configurationKeys") instanceof List<?> keys && !keys.isEmpty()) {
                throw new Refusal(type, "configurationKeys are deprecated; use environment variables instead");
            }
            return events;
        } catch (RuntimeException e) {
            throw new Refusal(type, "the body is not a JSON object with a list of events");
        }
    }

    private void failed(Exchange exchange, Extension.State how) throws IOException, Refusal {
        Extension extension = caller(exchange);
        exchange.body();
        String type = exchange.header(ERROR_TYPE);
        if (type == null || type.isEmpty()) {
            throw new Refusal("Extension.MissingHeader", ERROR_TYPE + " not found");
        }
        InitError told = extensions.reported(extension, how, type);
        exchange.answer(Reply.json(202, ACCEPTED));
        extensions.fail(told);
    }

    private void subscribe(Exchange exchange, boolean logsApi) throws IOException, Refusal {
        Extension extension = caller(exchange);
        byte[] body = exchange.body();
        try {
            telemetry.subscribe(extension.name(), logsApi, body);
            exchange.answer(Reply.json(200, SUBSCRIBED));
        } catch (IllegalArgumentException e) {
            exchange.answer(error(400, "ValidationError", String.valueOf(e.getMessage())));
        } catch (IllegalStateException e) {
            String api = logsApi ? "Logs" : "Telemetry";
            throw new Refusal(api + ".SubscriptionClosed", api + " API subscription is closed already");
        }
    }

    private static Reply error(int status, String type, String message) {
        return Reply.json(
                status,
                new Json().put("errorMessage", message).put("errorType", type).bytes());
    }
}
