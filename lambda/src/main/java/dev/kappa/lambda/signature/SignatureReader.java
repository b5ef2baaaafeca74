package dev.kappa.lambda.signature;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a signature from a header or from the query of a presigned URL. */
final class SignatureReader {
    static final String SIGNATURE = "X-Amz-Signature";
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern CREDENTIAL =
            Pattern.compile("([A-Za-z0-9_-]{1,128})/([0-9]{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,64})/aws4_request");
    private static final Pattern SIGNED_HEADERS = Pattern.compile("[!-:<-~]+(;[!-:<-~]+)*");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PART = Pattern.compile(" *, *");
    private static final Pattern SEMICOLON = Pattern.compile(";");
    private static final long LONGEST_SECONDS = Duration.ofDays(7).toSeconds();

    private SignatureReader() {}

    static Optional<PresentedSignature> read(SignedHead head) {
        String authorization = first(head, "Authorization");
        boolean isSigned = authorization != null && authorization.startsWith("AWS4-");
        String target = head.target();
        boolean isPresigned = target.indexOf(SIGNATURE + "=") > target.indexOf('?') && target.indexOf('?') >= 0;
        if (isSigned && isPresigned) {
            throw incomplete("A request is signed by its Authorization header or by its query, not by both.");
        }
        if (isSigned && authorization != null) {
            return Optional.of(ofHeader(head, authorization));
        }
        return isPresigned ? Optional.of(ofQuery(head, target.substring(target.indexOf('?') + 1))) : Optional.empty();
    }

    static String format(Instant instant) {
        return TIMESTAMP.format(instant);
    }

    private static PresentedSignature ofHeader(SignedHead head, String authorization) {
        if (head.values("Authorization").size() > 1) {
            throw incomplete("There is more than one Authorization header.");
        }
        int space = authorization.indexOf(' ');
        if (space < 0 || !authorization.substring(0, space).equals(PresentedSignature.ALGORITHM)) {
            throw incomplete("The algorithm must be " + PresentedSignature.ALGORITHM + ".");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : PART.split(authorization.substring(space + 1).strip(), -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw incomplete(
                        "A part of the Authorization header is not a valid key=value pair (missing equal-sign).");
            }
            parts.put(part.substring(0, equals), part.substring(equals + 1));
        }
        String missing = missing(parts, List.of("Credential", "Signature", "SignedHeaders"), "Authorization header");
        String date = first(head, "X-Amz-Date");
        if (date == null) {
            date = httpDate(first(head, "Date"));
        }
        if (date == null) {
            missing += " Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        }
        if (date == null || !missing.isEmpty()) {
            throw incomplete(missing.strip());
        }
        return new PresentedSignature(
                credential(need(parts, "Credential")),
                date,
                time(date),
                Optional.empty(),
                signedHeaders(need(parts, "SignedHeaders")),
                signature(need(parts, "Signature")),
                first(head, "X-Amz-Security-Token"),
                first(head, "X-Amz-Content-Sha256"));
    }

    private static PresentedSignature ofQuery(SignedHead head, String query) {
        Map<String, String> parts = new HashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.startsWith("X-Amz-")) {
                String value = latin1AsUtf8(CanonicalRequest.decoded(part.substring(equals + 1)));
                if (parts.put(part.substring(0, equals), value) != null) {
                    throw incomplete("The query has the parameter " + part.substring(0, equals) + " twice.");
                }
            }
        }
        String missing = missing(
                parts,
                List.of(
                        "X-Amz-Algorithm",
                        "X-Amz-Credential",
                        SIGNATURE,
                        "X-Amz-SignedHeaders",
                        "X-Amz-Date",
                        "X-Amz-Expires"),
                "AWS query-string parameters");
        if (!missing.isEmpty()) {
            throw incomplete(missing.strip());
        }
        if (!need(parts, "X-Amz-Algorithm").equals(PresentedSignature.ALGORITHM)) {
            throw incomplete("The algorithm must be " + PresentedSignature.ALGORITHM + ".");
        }
        String date = need(parts, "X-Amz-Date");
        return new PresentedSignature(
                credential(need(parts, "X-Amz-Credential")),
                date,
                time(date),
                Optional.of(lifetime(need(parts, "X-Amz-Expires"))),
                signedHeaders(need(parts, "X-Amz-SignedHeaders")),
                signature(need(parts, SIGNATURE)),
                parts.get("X-Amz-Security-Token"),
                parts.getOrDefault("X-Amz-Content-Sha256", first(head, "X-Amz-Content-Sha256")));
    }

    private static String latin1AsUtf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String missing(Map<String, String> parts, List<String> names, String where) {
        StringBuilder missing = new StringBuilder();
        for (String name : names) {
            if (!parts.containsKey(name)) {
                missing.append(where)
                        .append(where.endsWith("s") ? " require '" : " requires '")
                        .append(name)
                        .append("' parameter. ");
            }
        }
        return missing.toString();
    }

    private static String need(Map<String, String> parts, String name) {
        return parts.getOrDefault(name, "");
    }

    private static Credential credential(String text) {
        Matcher credential = CREDENTIAL.matcher(text);
        if (!credential.matches()) {
            throw incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term, got something else.");
        }
        return new Credential(credential.group(1), credential.group(2), credential.group(3), credential.group(4));
    }

    private static List<String> signedHeaders(String text) {
        if (!SIGNED_HEADERS.matcher(text).matches()) {
            throw incomplete("SignedHeaders must be names of headers with semicolons in between.");
        }
        List<String> names = new ArrayList<>(8);
        for (String name : SEMICOLON.split(text, -1)) {
            names.add(name);
        }
        return names;
    }

    private static String signature(String text) {
        if (!HEX.matcher(text).matches()) {
            throw incomplete("Signature must be 64 hex digits in small letters.");
        }
        return text;
    }

    private static Duration lifetime(String text) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LONGEST_SECONDS) {
            throw incomplete(
                    "X-Amz-Expires must be a number of seconds from 1 to " + LONGEST_SECONDS + ", which is a week.");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static Instant time(String date) {
        try {
            return Instant.from(TIMESTAMP.parse(date));
        } catch (DateTimeParseException e) {
            throw incomplete("Date must be in ISO-8601 'basic format' such as 20150830T123600Z. Got '" + date + "'.");
        }
    }

    private static @Nullable String httpDate(@Nullable String date) {
        if (date == null) {
            return null;
        }
        try {
            return format(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeParseException e) {
            return date;
        }
    }

    private static @Nullable String first(SignedHead head, String name) {
        List<String> values = head.values(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    private static RefusedException incomplete(String message) {
        return new RefusedException(AwsError.incompleteSignature(message));
    }
}
