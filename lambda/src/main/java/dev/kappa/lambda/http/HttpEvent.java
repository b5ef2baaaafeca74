package dev.kappa.lambda.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes HTTP requests as events of Lambda's payload format 2.0, as function URLs give them. */
public final class HttpEvent {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Of the connection, which ends here. */
    static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "trailer", "upgrade");

    private static final String COOKIE = "cookie";
    /** More than head and context have. */
    private static final int BESIDES_THE_BODY = 2048;

    private HttpEvent() {}

    /**
     * Writes an event.
     *
     * @param call the request
     * @param context what is known besides
     * @return JSON
     */
    public static byte[] write(HttpCall call, HttpCall.Context context) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> cookies = new ArrayList<>();
        call.headers().forEach(header -> add(header, headers, cookies));
        ByteArrayOutputStream out = new ByteArrayOutputStream(BESIDES_THE_BODY + call.body().length * 4 / 3);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("version", "2.0");
            json.writeStringField("routeKey", context.routeKey());
            json.writeStringField("rawPath", call.path());
            json.writeStringField("rawQueryString", call.query());
            cookies(json, cookies);
            texts(json, "headers", headers);
            Map<String, String> parameters = parameters(call.query());
            if (!parameters.isEmpty()) {
                texts(json, "queryStringParameters", parameters);
            }
            context(json, call, context, headers.get("user-agent"));
            body(json, call.body(), headers.get("content-type"));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void add(Map.Entry<String, String> header, Map<String, String> headers, List<String> cookies) {
        String name = header.getKey().toLowerCase(Locale.ROOT);
        if (name.equals(COOKIE)) {
            for (String cookie : header.getValue().split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        } else if (!OF_THE_CONNECTION.contains(name)) {
            headers.merge(name, header.getValue(), (one, two) -> one + "," + two);
        }
    }

    private static void cookies(JsonGenerator json, List<String> cookies) throws IOException {
        if (cookies.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("cookies");
        for (String cookie : cookies) {
            json.writeString(cookie);
        }
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void context(JsonGenerator json, HttpCall call, HttpCall.Context context, @Nullable String userAgent)
            throws IOException {
        HttpCall.Identity identity = context.identity();
        json.writeObjectFieldStart("requestContext");
        json.writeStringField("accountId", identity == null ? "anonymous" : identity.accountId());
        json.writeStringField("apiId", context.apiId());
        if (identity != null) {
            authorizer(json, identity);
        }
        json.writeStringField("domainName", context.domainName());
        int dot = context.domainName().indexOf('.');
        json.writeStringField(
                "domainPrefix",
                dot < 0 ? context.domainName() : context.domainName().substring(0, dot));
        json.writeObjectFieldStart("http");
        json.writeStringField("method", call.method());
        json.writeStringField("path", call.path());
        json.writeStringField("protocol", call.protocol());
        json.writeStringField("sourceIp", call.sourceIp());
        json.writeStringField("userAgent", userAgent == null ? "" : userAgent);
        json.writeEndObject();
        json.writeStringField("requestId", context.requestId());
        json.writeStringField("routeKey", context.routeKey());
        json.writeStringField("stage", "$default");
        json.writeStringField("time", TIME.format(Instant.ofEpochMilli(context.atMs())));
        json.writeNumberField("timeEpoch", context.atMs());
        json.writeEndObject();
    }

    private static void authorizer(JsonGenerator json, HttpCall.Identity identity) throws IOException {
        json.writeObjectFieldStart("authorizer");
        json.writeObjectFieldStart("iam");
        json.writeStringField("accessKey", identity.accessKey());
        json.writeStringField("accountId", identity.accountId());
        json.writeStringField("callerId", identity.userId());
        json.writeNullField("cognitoIdentity");
        json.writeNullField("principalOrgId");
        json.writeStringField("userArn", identity.userArn());
        json.writeStringField("userId", identity.userId());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Text stays text where it is known to be some: all else could not be written as JSON without loss. */
    private static void body(JsonGenerator json, byte[] body, @Nullable String contentType) throws IOException {
        if (body.length == 0) {
            json.writeBooleanField("isBase64Encoded", false);
            return;
        }
        String text = isText(contentType) ? utf8(body) : null;
        if (text == null) {
            json.writeFieldName("body");
            json.writeBinary(body);
        } else {
            json.writeStringField("body", text);
        }
        json.writeBooleanField("isBase64Encoded", text == null);
    }

    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.startsWith("text/")
                || type.endsWith("/json")
                || type.endsWith("+json")
                || type.endsWith("/xml")
                || type.endsWith("+xml")
                || type.equals("application/javascript");
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Decoded; of repeated ones the values are joined. */
    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                parameters.merge(name, value, (one, two) -> one + "," + two);
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // as it came, since nothing else is meant by it
        }
    }
}
