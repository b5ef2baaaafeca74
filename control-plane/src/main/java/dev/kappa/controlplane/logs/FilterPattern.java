package dev.kappa.controlplane.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words that a line has to have, as CloudWatch Logs writes them: {@code a "b c" ?d -e}. */
final class FilterPattern {
    private static final Pattern TERM = Pattern.compile("([?-]?)(?:\"([^\"]*)\"|([^\\s\"]+))(?=\\s|$)\\s*");

    private final List<String> all = new ArrayList<>();
    private final List<String> any = new ArrayList<>();
    private final List<String> none = new ArrayList<>();

    /**
     * Reads one.
     *
     * @throws LogsRefusal for one by fields or a regular expression, and for what is none
     */
    FilterPattern(String written) {
        String rest = written.strip();
        if (rest.startsWith("{") || rest.startsWith("[") || rest.startsWith("%")) {
            throw LogsRefusal.invalid(
                    "filterPattern takes words here: a \"b c\" for all of them, ?a ?b for one of them, -a for"
                            + " none; patterns by fields ({…}, […]) and regular expressions (%…%) are not served.");
        }
        Matcher term = TERM.matcher(rest);
        int at = 0;
        while (at < rest.length()) {
            if (!term.find() || term.start() != at) {
                throw LogsRefusal.invalid("Invalid filterPattern '" + written + "': a quotation mark has no end.");
            }
            at = term.end();
            String text = term.group(2) == null ? term.group(3) : term.group(2);
            switch (term.group(1)) {
                case "?" -> any.add(text);
                case "-" -> none.add(text);
                default -> all.add(text);
            }
        }
    }

    boolean matches(String line) {
        return all.stream().allMatch(line::contains)
                && none.stream().noneMatch(line::contains)
                && (any.isEmpty() || any.stream().anyMatch(line::contains));
    }
}
