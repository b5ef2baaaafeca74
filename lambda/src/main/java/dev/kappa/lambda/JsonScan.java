package dev.kappa.lambda;

/**
 * Recognises one JSON value in UTF-8 by looking at each byte once, without making anything of it. It is surer than it is
 * complete: what it does not accept may still be JSON (another encoding, deep nesting), and a parser has to tell.
 */
final class JsonScan {
    private static final int MAX_DEPTH = 256;
    private static final int FAILED = -1;

    /** What a byte inside of a string is: 0 stands for itself, the others are looked at. */
    private static final byte[] IN_STRING = new byte[256];

    private static final byte ENDS = 1;
    private static final byte ESCAPES = 2;
    private static final byte MULTIBYTE = 3;
    private static final byte FORBIDDEN = 4;

    static {
        for (int i = 0; i < 256; i++) {
            IN_STRING[i] = i < ' ' ? FORBIDDEN : i < 0x80 ? 0 : MULTIBYTE;
        }
        IN_STRING['"'] = ENDS;
        IN_STRING['\\'] = ESCAPES;
    }

    private final byte[] bytes;
    private final int end;
    /** One bit a level: set for an object. */
    private final long[] objects = new long[MAX_DEPTH / Long.SIZE];

    private int depth;

    private JsonScan(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /**
     * Whether bytes are one JSON value for certain.
     *
     * @param bytes hold the value
     * @param from where it begins
     * @param length how many bytes it has, white space around it included
     * @return false if it is none, or if only a parser can tell
     */
    static boolean accepts(byte[] bytes, int from, int length) {
        JsonScan scan = new JsonScan(bytes, from + length);
        int at = scan.document(from);
        return at != FAILED && scan.space(at) == scan.end;
    }

    /** Reads until the outermost value ended; each round begins where a value must. */
    private int document(int from) {
        int at = space(from);
        while (at != FAILED && at < end) {
            if (bytes[at] == '{' || bytes[at] == '[') {
                at = open(at);
                if (at != FAILED && !(at < end && bytes[at] == closing())) {
                    at = inObject() ? name(at) : at;
                    continue;
                }
                at = at == FAILED ? FAILED : closed(at);
            } else {
                int after = scalar(at);
                at = after == FAILED ? FAILED : closed(after);
            }
            if (depth == 0) {
                return at;
            }
        }
        return FAILED;
    }

    /** After a value: ends containers as long as they end, then goes to where the next value begins. */
    private int closed(int from) {
        int at = from;
        while (depth > 0) {
            at = space(at);
            if (at >= end) {
                return FAILED;
            }
            byte next = bytes[at++];
            if (next == ',') {
                at = space(at);
                return inObject() ? name(at) : at;
            }
            if (next != closing()) {
                return FAILED;
            }
            depth--;
        }
        return at;
    }

    private int scalar(int at) {
        return switch (bytes[at]) {
            case '"' -> string(at + 1, false);
            case 't' -> word(at, "true");
            case 'f' -> word(at, "false");
            case 'n' -> word(at, "null");
            default -> number(at);
        };
    }

    private int open(int at) {
        if (depth == MAX_DEPTH) {
            return FAILED;
        }
        long bit = 1L << depth;
        int word = depth / Long.SIZE;
        objects[word] = bytes[at] == '{' ? objects[word] | bit : objects[word] & ~bit;
        depth++;
        return space(at + 1);
    }

    private byte closing() {
        return (byte) (inObject() ? '}' : ']');
    }

    private boolean inObject() {
        int level = depth - 1;
        return (objects[level / Long.SIZE] & (1L << level)) != 0;
    }

    /** A member's name and its colon. */
    private int name(int at) {
        if (at >= end || bytes[at] != '"') {
            return FAILED;
        }
        int after = string(at + 1, true);
        if (after == FAILED) {
            return FAILED;
        }
        int colon = space(after);
        return colon < end && bytes[colon] == ':' ? space(colon + 1) : FAILED;
    }

    private int string(int from, boolean name) {
        int at = from;
        while (at < end) {
            int octet = bytes[at] & 0xff;
            switch (IN_STRING[octet]) {
                case 0 -> at++;
                case ENDS -> {
                    return at + 1;
                }
                case ESCAPES -> {
                    at = escape(at + 1, name);
                    if (at == FAILED) {
                        return FAILED;
                    }
                }
                case MULTIBYTE -> {
                    at = multibyte(at, octet);
                    if (at == FAILED) {
                        return FAILED;
                    }
                }
                default -> {
                    return FAILED;
                }
            }
        }
        return FAILED;
    }

    private int escape(int at, boolean name) {
        if (at >= end) {
            return FAILED;
        }
        return switch (bytes[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            // Halves of a pair in a name are left to the parser.
            case 'u' -> name ? FAILED : hex(at + 1);
            default -> FAILED;
        };
    }

    private int hex(int at) {
        if (at + 4 > end) {
            return FAILED;
        }
        for (int i = at; i < at + 4; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return FAILED;
            }
        }
        return at + 4;
    }

    /** Well-formed UTF-8 by the table of the Unicode standard: no longer than needed, no surrogate, nothing past U+10FFFF. */
    private int multibyte(int at, int first) {
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > end) {
            return FAILED;
        }
        int second = bytes[at + 1] & 0xff;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return FAILED;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return FAILED;
            }
        }
        return at + length;
    }

    private int word(int at, String text) {
        if (at + text.length() > end) {
            return FAILED;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return FAILED;
            }
        }
        return at + text.length();
    }

    private int number(int from) {
        int at = bytes[from] == '-' ? from + 1 : from;
        int integer = digits(at);
        if (integer == at || (bytes[at] == '0' && integer > at + 1)) {
            return FAILED;
        }
        at = integer;
        if (at < end && bytes[at] == '.') {
            int fraction = digits(at + 1);
            if (fraction == at + 1) {
                return FAILED;
            }
            at = fraction;
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            at = at < end && (bytes[at] == '+' || bytes[at] == '-') ? at + 1 : at;
            int exponent = digits(at);
            return exponent == at ? FAILED : exponent;
        }
        return at;
    }

    private int digits(int from) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private int space(int from) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }
}
