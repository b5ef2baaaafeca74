package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Status and headers of a response, and how its body is framed.
 *
 * @param status HTTP status, no interim one
 * @param headers name, value, name, value …
 * @param length bytes of the body, −1 if it comes in chunks
 * @param keepsConnection whether the peer keeps the connection
 */
record ReplyHead(int status, List<String> headers, int length, boolean keepsConnection) {
    private static final String VERSION = "HTTP/1.1 ";

    Reply with(Buffer body) {
        return new Reply(status, headers, body);
    }

    /** With trailers, and with what they follow already passed on. */
    Reply passedOn(List<String> trailers) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(trailers);
        return new Reply(status, all, Buffer.buffer());
    }

    /** Reads lines, each with its line break. */
    static ReplyHead read(String text, int maxBody) throws BrokenExchangeException {
        int line = text.indexOf("\r\n");
        int status = status(text.substring(0, line));
        List<String> headers = new ArrayList<>(16);
        for (int at = line + 2; at < text.length(); ) {
            int end = text.indexOf("\r\n", at);
            header(text, at, end, headers);
            at = end + 2;
        }
        return framed(status, headers, maxBody);
    }

    private static int status(String line) throws BrokenExchangeException {
        int at = VERSION.length();
        if (!line.startsWith(VERSION)
                || line.length() < at + 3
                || (line.length() > at + 3 && line.charAt(at + 3) != ' ')) {
            throw new BrokenExchangeException("the answer is not HTTP/1.1");
        }
        int status = number(line.substring(at, at + 3), 999);
        if (status < 200 || line.chars().anyMatch(c -> c < ' ')) {
            throw new BrokenExchangeException("the answer's status is " + status);
        }
        return status;
    }

    static void header(String text, int from, int end, List<String> headers) throws BrokenExchangeException {
        int colon = text.indexOf(':', from);
        boolean name = colon > from && colon < end;
        for (int i = from; i < end && name; i++) {
            char c = text.charAt(i);
            name = i < colon ? c > ' ' && c < 0x7f : c >= ' ' || c == '\t';
        }
        if (!name) {
            throw new BrokenExchangeException("the answer has a malformed header");
        }
        headers.add(text.substring(from, colon));
        headers.add(text.substring(colon + 1, end).strip());
    }

    private static ReplyHead framed(int status, List<String> headers, int maxBody) throws BrokenExchangeException {
        int length = -1;
        boolean chunked = false;
        boolean keeps = true;
        for (int i = 0; i < headers.size(); i += 2) {
            String value = headers.get(i + 1);
            switch (headers.get(i).length()) {
                case 10 -> keeps &= !(headers.get(i).equalsIgnoreCase("Connection") && closes(value));
                case 14 -> {
                    if (headers.get(i).equalsIgnoreCase("Content-Length")) {
                        refuse(length >= 0, "the answer has two lengths");
                        length = number(value, maxBody);
                    }
                }
                case 17 -> {
                    if (headers.get(i).equalsIgnoreCase("Transfer-Encoding")) {
                        refuse(chunked || !value.equalsIgnoreCase("chunked"), "the answer's encoding is not known");
                        chunked = true;
                    }
                }
                default -> {}
            }
        }
        boolean empty = status == 204 || status == 304;
        refuse(chunked && length >= 0, "the answer has a length and is chunked");
        refuse(!chunked && length < 0 && !empty, "the answer has no length");
        return new ReplyHead(status, headers, empty ? 0 : length, keeps);
    }

    private static boolean closes(String connection) {
        return connection.toLowerCase(Locale.ROOT).contains("close");
    }

    private static void refuse(boolean wrong, String why) throws BrokenExchangeException {
        if (wrong) {
            throw new BrokenExchangeException(why);
        }
    }

    private static int number(String digits, int most) throws BrokenExchangeException {
        long number = 0;
        for (int i = 0; i < digits.length() && number <= most; i++) {
            char c = digits.charAt(i);
            refuse(c < '0' || c > '9', "the answer has a malformed number");
            number = 10 * number + c - '0';
        }
        refuse(digits.isEmpty(), "the answer has a malformed number");
        refuse(number > most, "the answer is larger than " + most + " bytes");
        return (int) number;
    }
}
