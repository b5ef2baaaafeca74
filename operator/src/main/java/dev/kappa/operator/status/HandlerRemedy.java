package dev.kappa.operator.status;

import java.util.List;

/** What a person can do about a handler that cannot be loaded, found by the words of its error. */
public final class HandlerRemedy {
    private record Rule(String words, String remedy) {}

    /** Those without a remedy say it themselves. */
    private static final List<Rule> RULES = List.of(
            new Rule("250 MiB", ""),
            new Rule("AWS_LAMBDA_EXEC_WRAPPER", ""),
            new Rule(
                    "xtension",
                    "correct the layer with that extension; what it runs has to be in the runtime's image or in a layer"),
            new Rule("No module named", missing()),
            new Rule("Cannot find module", missing()),
            new Rule("Cannot find package", missing()),
            new Rule("cannot load such file", missing()),
            new Rule("ClassNotFoundException", missing()),
            new Rule("NoClassDefFoundError", missing()),
            new Rule(
                    "exit status",
                    "the log of an instance says why: invoke the function, and read kubectl logs of its pod"));

    private static final String OTHERWISE = "correct spec.handler or the code";

    private HandlerRemedy() {}

    /**
     * Finds the remedy.
     *
     * @param error type and message
     * @return what to do, in a part of a sentence; empty if the error says it
     */
    public static String of(String error) {
        return RULES.stream()
                .filter(rule -> error.contains(rule.words()))
                .findFirst()
                .map(Rule::remedy)
                .orElse(OTHERWISE);
    }

    private static String missing() {
        return "correct spec.handler, or put what is missing into the code or a layer";
    }
}
