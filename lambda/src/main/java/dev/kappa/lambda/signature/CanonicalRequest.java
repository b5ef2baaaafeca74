package dev.kappa.lambda.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** The text of a request that is signed, as AWS defines it for all services but S3. */
final class CanonicalRequest {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final Pattern SLASH = Pattern.compile("/");
    private static final Comparator<Parameter> BY_NAME_AND_VALUE =
            Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

    /** Of the query, decoded and encoded again. */
    private record Parameter(String name, String value) {}

    private CanonicalRequest() {}

    /**
     * Writes the text.
     *
     * @param signedHeaders names of headers in small letters, in their order
     * @param leftOut a parameter of the query that is not a part of it, empty for none
     * @param payloadHash last line
     */
    static String of(SignedHead head, List<String> signedHeaders, String leftOut, String payloadHash) {
        String target = head.target();
        int query = target.indexOf('?');
        StringBuilder text = new StringBuilder(512);
        text.append(head.method()).append('\n');
        encode(normalized(query < 0 ? target : target.substring(0, query)), true, text);
        text.append('\n');
        if (query >= 0) {
            query(target.substring(query + 1), leftOut, text);
        }
        text.append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':');
            values(head.values(name), text);
            text.append('\n');
        }
        text.append('\n');
        for (int i = 0; i < signedHeaders.size(); i++) {
            text.append(i == 0 ? "" : ";").append(signedHeaders.get(i));
        }
        return text.append('\n').append(payloadHash).toString();
    }

    /** Without empty segments and those that are dots. */
    static String normalized(String path) {
        if (path.indexOf("//") < 0 && path.indexOf("/.") < 0) {
            return path.isEmpty() ? "/" : path;
        }
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : SLASH.split(path, -1)) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String joined = "/" + String.join("/", kept);
        boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return folder && !kept.isEmpty() ? joined + "/" : joined;
    }

    private static void query(String query, String leftOut, StringBuilder text) {
        List<Parameter> parameters = new ArrayList<>();
        for (int at = 0; at < query.length(); ) {
            int end = query.indexOf('&', at);
            String part = query.substring(at, end < 0 ? query.length() : end);
            at += part.length() + 1;
            int equals = part.indexOf('=');
            String name = again(equals < 0 ? part : part.substring(0, equals));
            if (!part.isEmpty() && (leftOut.isEmpty() || !name.equals(leftOut))) {
                parameters.add(new Parameter(name, equals < 0 ? "" : again(part.substring(equals + 1))));
            }
        }
        parameters.sort(BY_NAME_AND_VALUE);
        for (int i = 0; i < parameters.size(); i++) {
            text.append(i == 0 ? "" : "&")
                    .append(parameters.get(i).name())
                    .append('=')
                    .append(parameters.get(i).value());
        }
    }

    private static String again(String encoded) {
        StringBuilder text = new StringBuilder(encoded.length() + 8);
        encode(decoded(encoded), false, text);
        return text.toString();
    }

    /**
     * Decodes percent escapes.
     *
     * @param encoded a plus sign stands for itself
     * @return a character for each byte
     */
    static String decoded(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        StringBuilder bytes = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            int high = c == '%' && i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded.charAt(i + 2), 16);
            bytes.append(low < 0 ? c : (char) (16 * high + low));
            i += low < 0 ? 0 : 2;
        }
        return bytes.toString();
    }

    private static void encode(String bytes, boolean isPath, StringBuilder text) {
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c > 0xff) {
                for (byte part : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    escape(part & 0xff, text);
                }
            } else if (isUnreserved(c) || (isPath && c == '/')) {
                text.append(c);
            } else {
                escape(c, text);
            }
        }
    }

    private static void escape(int c, StringBuilder text) {
        text.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static void values(List<String> values, StringBuilder text) {
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            String value = values.get(i).strip();
            for (int j = 0; j < value.length(); j++) {
                char c = value.charAt(j);
                if (c != ' ' || value.charAt(j - 1) != ' ') {
                    text.append(c);
                }
            }
        }
    }
}
