package dev.kappa.controlplane.sts;

import dev.kappa.identity.Caller;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a call.
 *
 * @param values by their names
 */
record StsForm(Map<String, String> values) {
    private static final Pattern AMPERSAND = Pattern.compile("&");
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Pattern ROLE =
            Pattern.compile("arn:aws:iam::([0-9]{12}):role/([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final int SHORTEST_SECONDS = 900;

    static StsForm of(String body) {
        Map<String, String> values = new HashMap<>();
        for (String pair : AMPERSAND.split(body, -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return new StsForm(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("The body is no form: " + e.getMessage());
        }
    }

    /** Empty if it is not given. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    String sessionName() {
        String name = text("RoleSessionName");
        if (!SESSION_NAME.matcher(name).matches()) {
            throw invalid("RoleSessionName must have 2 to 64 letters, digits and _+=,.@-");
        }
        return name;
    }

    /** The namespace is empty for an account that nobody has. */
    Caller.Account role(Accounts accounts) {
        Matcher role = ROLE.matcher(text("RoleArn"));
        if (!role.matches()) {
            throw invalid("RoleArn must be arn:aws:iam::<account of a namespace>:role/<ServiceAccount>, but is '"
                    + text("RoleArn") + "'");
        }
        Optional<String> namespace = accounts.namespace(role.group(1));
        return new Caller.Account(namespace.orElse(""), role.group(2));
    }

    Duration life(Duration otherwise, Duration longest) {
        String seconds = values.getOrDefault("DurationSeconds", String.valueOf(otherwise.toSeconds()));
        if (!SECONDS.matcher(seconds).matches()
                || Integer.parseInt(seconds) < SHORTEST_SECONDS
                || Integer.parseInt(seconds) > longest.toSeconds()) {
            throw invalid("DurationSeconds must be a number from " + SHORTEST_SECONDS + " to " + longest.toSeconds()
                    + (longest.equals(SessionTokens.LONGEST) ? "" : " for a role that is assumed by a session")
                    + ", but is '" + seconds + "'");
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /** Credentials that may do more than was asked for would be worse than none. */
    void refusePolicies() {
        if (values.keySet().stream().anyMatch(it -> it.equals("Policy") || it.startsWith("PolicyArns"))) {
            throw invalid("Policy and PolicyArns are not supported: bind a Role that allows less to a ServiceAccount"
                    + " of its own, and assume that one.");
        }
    }

    private static StsRefusal invalid(String message) {
        return new StsRefusal(400, "ValidationError", message);
    }
}
