package dev.kappa.lambda.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request as text, as AWS's test vectors write it; its bytes are characters. */
record TextHead(String method, String target, Map<String, List<String>> headers, String body) implements SignedHead {
    static TextHead of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        String[] lines = (end < 0 ? text.stripTrailing() : text.substring(0, end)).split("\n", -1);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        String last = "";
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (lines[i].startsWith(" ")) {
                String more = lines[i].strip();
                headers.computeIfAbsent(last, name -> new ArrayList<>()).replaceAll(before -> before + " " + more);
            } else {
                last = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                headers.computeIfAbsent(last, name -> new ArrayList<>()).add(lines[i].substring(colon + 1));
            }
        }
        int space = lines[0].indexOf(' ');
        return new TextHead(
                lines[0].substring(0, space),
                lines[0].substring(space + 1, lines[0].lastIndexOf(' ')),
                headers,
                end < 0 ? "" : text.substring(end + 2));
    }

    @Override
    public List<String> values(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public Collection<String> names() {
        return headers.keySet();
    }
}
