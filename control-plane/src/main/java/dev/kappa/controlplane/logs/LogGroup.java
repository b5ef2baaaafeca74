package dev.kappa.controlplane.logs;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log group of a function.
 *
 * @param name {@code /aws/lambda/} and the function's name as it was written
 * @param function whose lines they are
 */
record LogGroup(String name, FunctionRef function) {
    static final String PREFIX = "/aws/lambda/";

    private static final Pattern NAME =
            Pattern.compile("(?:arn:aws[a-zA-Z-]*:logs:[a-z0-9-]+:(?<account>\\d{12}):log-group:)?" + PREFIX
                    + "(?<function>[a-zA-Z0-9_.-]+)(?::\\*)?");

    /**
     * Reads what a call names.
     *
     * @throws LogsRefusal if it is none, or that of something else
     */
    static LogGroup of(JsonObject call, Accounts accounts) {
        String written = call.getString("logGroupName", call.getString("logGroupIdentifier"));
        if (written == null) {
            throw LogsRefusal.invalid("One of logGroupName and logGroupIdentifier is needed.");
        }
        Matcher name = NAME.matcher(written);
        if (!name.matches()) {
            throw LogsRefusal.noGroup();
        }
        String function = name.group("function");
        return accounts.resolve(new FunctionName(name.group("account"), function, null), Optional.empty())
                .map(ref -> new LogGroup(PREFIX + function, ref))
                .orElseThrow(LogsRefusal::noGroup);
    }

    String arn(Accounts accounts) {
        return accounts.logGroupArn(function.namespace(), name);
    }
}
