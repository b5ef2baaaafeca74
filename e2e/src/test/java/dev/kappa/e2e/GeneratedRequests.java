package dev.kappa.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Requests for the public port, made up from Lambda's model, from Kappa's own paths, and from what one may do wrong with HTTP. The same
 * seed makes the same requests.
 */
final class GeneratedRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = "/dev/kappa/lambda/model/service-2.json";
    private static final List<String> ODD_TEXTS = List.of(
            "",
            "x",
            "$LATEST",
            "1",
            "-1",
            "99999999999999999999",
            "live",
            "..",
            "%2e%2e",
            "a/b",
            "ä€😀",
            "\u0000",
            "a\r\nX: y",
            "arn:aws:lambda:us-east-1:000000000000:function:x",
            "arn:aws:lambda:us-east-1:000000000000:function:x:y:z",
            "' OR 1=1 --",
            "${jndi:x}",
            "{}",
            "null",
            "true",
            "a".repeat(300));
    private static final List<String> JSON_CORPUS = List.of(
            "",
            "null",
            "true",
            "\"\\ud800\"",
            "\"\u0001\"",
            "[",
            "]",
            "{\"a\":1,\"a\":2}",
            "{\"a\":}",
            "{'a':1}",
            "{\"a\":1}}",
            "[1,]",
            "NaN",
            "-",
            "1e999999999",
            "0".repeat(1000),
            "-0",
            "01",
            "\ufeff{}",
            "{\"\":{\"\":[]}}",
            "/* */ {}",
            "\"" + "x".repeat(20_000) + "\"",
            "[".repeat(5_000) + "]".repeat(5_000),
            "[".repeat(100_000),
            "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000));

    private final Random random;
    private final String function;
    private final String authorization;
    private final JsonNode model;
    private final List<JsonNode> operations = new ArrayList<>();
    private int smuggled;

    /**
     * @param seed the same makes the same requests
     * @param function that exists, with its namespace after a dot
     * @param authorization of a caller who may invoke and change it
     */
    GeneratedRequests(long seed, String function, String authorization) throws IOException {
        this.random = new Random(seed);
        this.function = function;
        this.authorization = authorization;
        try (InputStream file = GeneratedRequests.class.getResourceAsStream(MODEL)) {
            model = JSON.readTree(file);
        }
        model.get("operations").forEach(operations::add);
    }

    /**
     * What is written on one connection.
     *
     * @param kind of its requests
     * @param text all of them, a character a byte
     * @param requests how many these are
     * @param wellFramed whether each of them has to be answered; else no more than that many may be
     */
    record Connection(String kind, String text, int requests, boolean wellFramed) {
        byte[] bytes() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    Connection next() {
        int kind = random.nextInt(100);
        if (kind < 30) {
            return framing();
        }
        StringBuilder all = new StringBuilder();
        int requests = 1 + random.nextInt(10);
        for (int i = 0; i < requests; i++) {
            boolean last = i == requests - 1;
            all.append(kind < 80 ? ofModel(last) : kind < 90 ? ofKappa(last) : ofCorpus(last));
        }
        return new Connection(kind < 80 ? "model" : kind < 90 ? "kappa" : "json", all.toString(), requests, true);
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private String text() {
        return random.nextInt(3) == 0 ? function : pick(ODD_TEXTS);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String request(String method, String target, String headers, byte[] body, boolean last) {
        String bytes = new String(body, StandardCharsets.ISO_8859_1);
        String head = method + " " + target + " HTTP/1.1\r\nHost: kappa\r\n" + headers
                + (random.nextInt(10) == 0 ? "" : "Authorization: " + authorization + "\r\n")
                + (last ? "Connection: close\r\n" : "");
        if (random.nextInt(4) == 0) {
            int half = bytes.length() / 2;
            return head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(bytes.substring(0, half))
                    + chunk(bytes.substring(half)) + "0\r\n\r\n";
        }
        return head + "Content-Length: " + body.length + "\r\n\r\n" + bytes;
    }

    private String chunk(String data) {
        String extension = random.nextInt(5) == 0 ? ";name=\"value\"" : "";
        return data.isEmpty() ? "" : Integer.toHexString(data.length()) + extension + "\r\n" + data + "\r\n";
    }

    private String ofModel(boolean last) {
        JsonNode operation = operations.get(random.nextInt(operations.size()));
        JsonNode input = model.get("shapes").path(operation.path("input").asText());
        String path = operation.get("http").get("requestUri").asText();
        StringBuilder query = new StringBuilder();
        StringBuilder headers = new StringBuilder();
        ObjectNode body = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> member : input.path("members").properties()) {
            String name = member.getValue().path("locationName").asText(member.getKey());
            switch (member.getValue().path("location").asText()) {
                case "uri" ->
                    path = path.replaceAll(
                            "\\{" + name + "\\+?\\}", encoded(inPath(operation)).replace("$", "\\$"));
                case "querystring" -> query.append(random.nextBoolean() ? "&" + name + "=" + encoded(text()) : "");
                case "header" -> headers.append(random.nextInt(3) == 0 ? name + ": " + header() + "\r\n" : "");
                default -> {
                    if (random.nextInt(4) > 0) {
                        body.set(
                                member.getKey(),
                                value(member.getValue().get("shape").asText(), 0));
                    }
                }
            }
        }
        String target = path + (query.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + query.substring(1));
        return request(
                operation.get("http").get("method").asText(),
                target,
                headers.toString(),
                body.toString().getBytes(StandardCharsets.UTF_8),
                last);
    }

    /** The function itself stays, since all other requests need it. */
    private String inPath(JsonNode operation) {
        return isDeleteFunction(operation) ? pick(ODD_TEXTS) : text();
    }

    private static boolean isDeleteFunction(JsonNode operation) {
        JsonNode http = operation.get("http");
        return http.get("method").asText().equals("DELETE")
                && http.get("requestUri").asText().endsWith("/functions/{FunctionName}");
    }

    private String header() {
        return pick(List.of("Event", "DryRun", "RequestResponse", "Tail", "None", "e30=", "!!", "x".repeat(4000)));
    }

    /** A value of a shape, or of another one. */
    private JsonNode value(String name, int depth) {
        JsonNode shape = model.get("shapes").path(name);
        String type = random.nextInt(8) == 0
                ? pick(List.of("string", "integer", "boolean", "list", "null"))
                : shape.path("type").asText("string");
        if (depth > 4) {
            return JSON.getNodeFactory().nullNode();
        }
        return switch (type) {
            case "structure" -> {
                ObjectNode object = JSON.createObjectNode();
                shape.path("members").properties().forEach(member -> {
                    if (random.nextBoolean()) {
                        object.set(
                                member.getKey(),
                                value(member.getValue().path("shape").asText(), depth + 1));
                    }
                });
                yield object;
            }
            case "map" ->
                JSON.createObjectNode()
                        .set(text(), value(shape.path("value").path("shape").asText(), depth + 1));
            case "list" -> {
                ArrayNode list = JSON.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(value(shape.path("member").path("shape").asText(), depth + 1));
                }
                yield list;
            }
            case "boolean" -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case "integer", "long", "double", "float", "timestamp" ->
                random.nextInt(3) == 0
                        ? JSON.getNodeFactory().numberNode(random.nextDouble())
                        : JSON.getNodeFactory().numberNode(random.nextInt(-2, 2000));
            case "null" -> JSON.getNodeFactory().nullNode();
            default ->
                JSON.getNodeFactory()
                        .textNode(
                                shape.has("enum") && random.nextInt(3) > 0
                                        ? shape.get("enum")
                                                .get(random.nextInt(
                                                        shape.get("enum").size()))
                                                .asText()
                                        : text());
        };
    }

    private String ofKappa(boolean last) {
        String namespace = random.nextBoolean() ? function.substring(function.indexOf('.') + 1) : encoded(text());
        String name = random.nextBoolean() ? function.substring(0, function.indexOf('.')) : encoded(text());
        String target = "/kappa/v1/namespaces/" + namespace
                + pick(List.of(
                        "/packages",
                        "/functions/" + name + "/dead-letters",
                        "/functions/" + name + "/dead-letters/redrive",
                        "/functions/" + name + "/dead-letters/00000000-0000-4000-8000-000000000001",
                        "/functions/" + name + "/dead-letters?after=" + encoded(text()) + "&limit=" + encoded(text()),
                        "/functions/" + name + "/events/00000000-0000-4000-8000-000000000001",
                        "/functions/" + name + "/events/" + encoded(text()),
                        "/" + encoded(text())));
        return request(
                pick(List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "LOCK")),
                random.nextInt(8) == 0 ? "/kappa/v1/webhook-key" : target,
                "",
                pick(JSON_CORPUS).getBytes(StandardCharsets.UTF_8),
                last);
    }

    private String ofCorpus(boolean last) {
        String name = random.nextInt(4) == 0 ? encoded(text()) : function;
        String target = pick(List.of(
                "/2015-03-31/functions/" + name + "/invocations",
                "/2021-11-15/functions/" + name + "/response-streaming-invocations",
                "/2015-03-31/functions/" + name + "/aliases",
                "/2015-03-31/functions/" + name + "/versions"));
        return request(
                "POST",
                target,
                random.nextBoolean() ? "X-Amz-Invocation-Type: DryRun\r\n" : "",
                pick(JSON_CORPUS).getBytes(StandardCharsets.UTF_8),
                last);
    }

    /** One request, and behind it or within its body one that must never be seen, since nobody sent it. */
    private Connection framing() {
        smuggled++;
        String hidden = "POST /2015-03-31/functions/smuggled-" + smuggled
                + "/invocations HTTP/1.1\r\nHost: kappa\r\nContent-Length: 0\r\n\r\n";
        String target = "/2015-03-31/functions/" + function + "/invocations";
        String dry = "Host: kappa\r\nX-Amz-Invocation-Type: DryRun\r\nAuthorization: " + authorization + "\r\n";
        String length = "Content-Length: " + hidden.length() + "\r\n";
        String request = pick(List.of(
                // Two readers could differ in where it ends.
                "POST " + target + " HTTP/1.1\r\n" + dry + length + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n" + length + "\r\n0\r\n\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Content-Length: 0\r\n" + length + "\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Content-Length: 0, " + hidden.length() + "\r\n\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Content-Length: +" + hidden.length() + "\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Content-Length : 0\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Content-Length:\r\n " + hidden.length() + "\r\n\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding:\u000bchunked\r\n" + length + "\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: identity\r\n" + length + "\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry
                        + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + "0\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\nG\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"
                        + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\n1\r\n1X" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\n0\n\n" + hidden,
                "POST " + target + " HTTP/1.0\r\n" + dry + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.0\r\n" + dry + "Content-Length: 1\r\n\r\n1" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Connection: close\r\nContent-Length: 1\r\n\r\n1" + hidden,
                // A part of what is sent.
                "POST " + target + " HTTP/1.1\r\n" + dry + "Connection: close\r\n" + length + "\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(hidden.length()) + ";a=b\r\n" + hidden + "\r\n0\r\n\r\n",
                "POST " + target + " HTTP/1.1\r\n" + dry
                        + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n"
                        + "X-Trailer: 1\r\n\r\n",
                "POST " + target + " HTTP/1.1\r\n" + dry + "X-A: 1\r\n" + " folded\r\n" + length + "\r\n" + hidden,
                // The line and the Host.
                "POST " + target + " HTTP/1.1\r\nAuthorization: x\r\n\r\n" + hidden,
                "POST " + target + " HTTP/1.1\r\n" + dry + "Host: other\r\n\r\n" + hidden,
                "POST http://kappa" + target + " HTTP/1.1\r\n" + dry
                        + "Connection: close\r\nContent-Length: 1\r\n\r\n1",
                "POST http://other:1" + target + " HTTP/1.1\r\n" + dry
                        + "Connection: close\r\nContent-Length: 1\r\n\r\n1",
                "POST //" + target + " HTTP/1.1\r\n" + dry + "Connection: close\r\nContent-Length: 1\r\n\r\n1",
                "GET * HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "CONNECT kappa:443 HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: kappa\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden,
                "GET /x HTTP/1.1 \r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "GET  /x  HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "GET /x HTTP/3.7\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "GET /x\r\n\r\n" + hidden,
                "G\u0000T /x HTTP/1.1\r\nHost: kappa\r\n\r\n" + hidden,
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: kappa\r\nX-Long: " + "x".repeat(70_000) + "\r\nConnection: close\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: kappa\r\nX\u0000Y: 1\r\n\r\n" + hidden,
                "GET /x HTTP/1.1\nHost: kappa\n\n" + hidden,
                "GET /%zz?%=%&&=&a HTTP/1.1\r\nHost: kappa\r\nConnection: close\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + hidden));
        return new Connection("framing", request, 1, false);
    }
}
