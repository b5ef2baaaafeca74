package dev.kappa.shim.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Header lines as RFC 9112 has them, without the leniences that let two parsers see two requests. */
final class Headers {
    private static final int FIELDS = 4;
    private static final boolean[] TOKEN = new boolean[128];

    static {
        String others = "!#$%&'*+-.^_`|~";
        for (char c = '0'; c <= 'z'; c++) {
            TOKEN[c] = (c <= '9') || (c >= 'A' && c <= 'Z') || c >= 'a';
        }
        others.chars().forEach(c -> TOKEN[c] = true);
    }

    private final String text;
    private final int most;
    private int[] marks = new int[16 * FIELDS];
    private int count;

    private Headers(String text, int most) {
        this.text = text;
        this.most = most;
    }

    /**
     * Reads lines that each end with CR LF.
     *
     * @param text the lines, with no CR or LF but at their ends
     * @param most more lines are refused
     */
    static Headers parse(String text, int from, int to, int most) throws BadRequest {
        Headers headers = new Headers(text, most);
        for (int at = from; at < to; ) {
            int end = text.indexOf('\r', at);
            headers.line(at, end);
            at = end + 2;
        }
        return headers;
    }

    private void line(int from, int to) throws BadRequest {
        if (count == most) {
            throw new BadRequest(431, "more than " + most + " headers");
        }
        int colon = from;
        while (colon < to && isToken(text.charAt(colon))) {
            colon++;
        }
        if (colon == from || colon == to || text.charAt(colon) != ':') {
            throw new BadRequest(
                    400, "a line that is no header: continued lines and blanks before a colon are refused");
        }
        int start = colon + 1;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        if (text.indexOf('\0', start, end) >= 0) {
            throw new BadRequest(400, "a header with a NUL");
        }
        add(from, colon, start, end);
    }

    private void add(int... mark) {
        if ((count + 1) * FIELDS > marks.length) {
            marks = Arrays.copyOf(marks, marks.length * 2);
        }
        System.arraycopy(mark, 0, marks, count * FIELDS, FIELDS);
        count++;
    }

    static boolean isToken(char c) {
        return c < TOKEN.length && TOKEN[c];
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private boolean is(int header, String name) {
        int start = marks[header * FIELDS];
        int length = marks[header * FIELDS + 1] - start;
        return length == name.length() && text.regionMatches(true, start, name, 0, length);
    }

    /** The value of the first header of this name. */
    @Nullable
    String first(String name) {
        for (int i = 0; i < count; i++) {
            if (is(i, name)) {
                return text.substring(marks[i * FIELDS + 2], marks[i * FIELDS + 3]);
            }
        }
        return null;
    }

    /**
     * The value of a header that may occur once.
     *
     * @throws BadRequest if it occurs more often, even with the same value
     */
    @Nullable
    String only(String name) throws BadRequest {
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += is(i, name) ? 1 : 0;
        }
        if (found > 1) {
            throw new BadRequest(400, "several headers " + name);
        }
        return found == 0 ? null : first(name);
    }

    /** Whether a header of this name has this word in its list. */
    boolean lists(String name, String word) {
        for (int i = 0; i < count; i++) {
            if (is(i, name)) {
                for (String given : text.substring(marks[i * FIELDS + 2], marks[i * FIELDS + 3])
                        .split(",", -1)) {
                    if (given.strip().equalsIgnoreCase(word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
