package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes maps and lists of JSON objects and arrays, since the model knows no HTTP server's. */
final class PlainValues {
    private PlainValues() {}

    static Map<String, @Nullable Object> of(JsonObject object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.getMap().forEach((name, value) -> map.put(name, plain(value)));
        return map;
    }

    private static List<@Nullable Object> of(JsonArray array) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object value : (List<?>) array.getList()) {
            list.add(plain(value));
        }
        return list;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case JsonObject object -> of(object);
            case JsonArray array -> of(array);
            case null -> null;
            default -> value;
        };
    }
}
