package dev.kappa.shim.core;

import java.util.Locale;

/** Text of a caller on its way into an HTTP header, where only printable ASCII arrives at every client as it was sent. */
public final class HeaderText {
    private static final int MAX_ID = 128;

    private HeaderText() {}

    /** Whether the text can be a header's value as it is. */
    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text can name an event, also as a line's column, in a path and in a query. */
    public static boolean isId(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!fits) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_ID;
    }

    /**
     * The same JSON in printable ASCII: other letters become escapes, and line breaks between its parts become blanks.
     *
     * @param json a JSON document, in which such letters occur only inside of strings
     */
    public static String ofJson(String json) {
        if (isPlain(json)) {
            return json;
        }
        StringBuilder plain = new StringBuilder(json.length() + 64);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (isPlain(c)) {
                plain.append(c);
            } else if (c < ' ') {
                plain.append(' ');
            } else {
                plain.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return plain.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~';
    }
}
