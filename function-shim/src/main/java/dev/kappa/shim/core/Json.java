package dev.kappa.shim.core;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the few small JSON objects that the shim itself says. */
public final class Json {
    private final StringBuilder text = new StringBuilder("{");

    public Json put(String name, @Nullable String value) {
        key(name);
        if (value == null) {
            text.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    public Json put(String name, long value) {
        key(name).append(value);
        return this;
    }

    /** With two digits behind the point. */
    public Json putHundredths(String name, long value, long unit) {
        ReportLines.hundredths(key(name), value, unit);
        return this;
    }

    public Json put(String name, Iterable<String> values) {
        key(name).append('[');
        String separator = "";
        for (String value : values) {
            text.append(separator);
            quote(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    public Json putAll(String name, Iterable<Json> values) {
        key(name).append('[');
        String separator = "";
        for (Json value : values) {
            text.append(separator).append(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    /** The text as a JSON string. */
    public static String quoted(String text) {
        Json json = new Json();
        json.text.setLength(0);
        json.quote(text);
        return json.text.toString();
    }

    public Json put(String name, Json value) {
        key(name).append(value);
        return this;
    }

    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text + "}";
    }

    private StringBuilder key(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        return text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
