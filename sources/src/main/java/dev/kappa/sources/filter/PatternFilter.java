package dev.kappa.sources.filter;

import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.batch.SourceRecord;
import java.io.IOException;
import java.util.List;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/** Lets records pass that match one of some patterns, as EventBridge has them. */
public final class PatternFilter implements RecordFilter {
    private static final int MOST = 5;
    private static final int LONGEST = 4096;

    private final Machine machine;

    private PatternFilter(Machine machine) {
        this.machine = machine;
    }

    /**
     * Compiles patterns.
     *
     * @param patterns JSON, one of which has to match; none lets all pass
     * @throws IllegalArgumentException if one is none; the message says which, why, and what to do
     */
    public static RecordFilter of(List<String> patterns) {
        if (patterns.isEmpty()) {
            return RecordFilter.ALL;
        }
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException("filters has " + patterns.size() + " patterns, and a source may have "
                    + MOST + ": write several values into one pattern");
        }
        Machine machine = Machine.builder().build();
        for (int i = 0; i < patterns.size(); i++) {
            add(machine, i, patterns.get(i));
        }
        return new PatternFilter(machine);
    }

    @Override
    public boolean matches(SourceRecord record) {
        try {
            return !machine.rulesForJSONEvent(record.filtered()).isEmpty();
        } catch (Exception e) {
            // What is no JSON matches no pattern on JSON.
            return false;
        }
    }

    private static void add(Machine machine, int index, String pattern) {
        if (pattern.length() > LONGEST) {
            throw new IllegalArgumentException("filters[" + index + "] has " + pattern.length()
                    + " characters, and a pattern may have " + LONGEST + ": shorten it or write two");
        }
        String problem = JsonRuleCompiler.check(pattern);
        try {
            if (problem == null) {
                machine.addRule(Integer.toString(index), pattern);
                return;
            }
        } catch (IOException | RuntimeException e) {
            problem = String.valueOf(e.getMessage());
        }
        throw new IllegalArgumentException("Invalid filter pattern definition. filters[" + index + "]: "
                + problem.lines().findFirst().orElse("") + ": write a pattern as EventBridge has them");
    }
}
