package dev.kappa.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The environment variables of a process; what is missing or malformed is refused with the variable's name. */
public final class Environment {
    private final String deployment;
    private final Map<String, String> variables;

    /**
     * The variables of a process.
     *
     * @param deployment the Deployment in which the chart sets them, for messages
     * @param variables by name
     */
    public Environment(String deployment, Map<String, String> variables) {
        this.deployment = deployment;
        this.variables = Map.copyOf(variables);
    }

    /**
     * A text that must be there.
     *
     * @param name of the variable
     * @return its value, not blank
     * @throws IllegalArgumentException if it is not set
     */
    public String required(String name) {
        String value = value(name);
        if (value == null) {
            throw new IllegalArgumentException("The environment variable " + name
                    + " is not set; the chart sets it in the Deployment " + deployment + ".");
        }
        return value;
    }

    /**
     * A text.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @return its value
     */
    public String text(String name, String otherwise) {
        String value = value(name);
        return value == null ? otherwise : value;
    }

    /**
     * Texts that commas separate.
     *
     * @param name of the variable
     * @return its parts without space around them and without empty ones; empty if it is not set
     */
    public List<String> list(String name) {
        return Arrays.stream(text(name, "").split(","))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    /**
     * A whole number above 0.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @return its value
     * @throws IllegalArgumentException if it is something else
     */
    public int positive(String name, int otherwise) {
        long number = positive(name, (long) otherwise);
        if (number > Integer.MAX_VALUE) {
            throw malformed(name, "a whole number up to " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /**
     * A whole number above 0.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @return its value
     * @throws IllegalArgumentException if it is something else
     */
    public long positive(String name, long otherwise) {
        String wanted = "a whole number above 0";
        Long number = parsed(name, wanted, Long::parseLong);
        if (number != null && number <= 0) {
            throw malformed(name, wanted);
        }
        return number == null ? otherwise : number;
    }

    /**
     * Whether something holds.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @return its value
     * @throws IllegalArgumentException if it is neither true nor false
     */
    public boolean flag(String name, boolean otherwise) {
        return switch (text(name, String.valueOf(otherwise))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed(name, "true or false");
        };
    }

    /**
     * A number that has a least value.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @param least the smallest that there is
     * @return its value
     * @throws IllegalArgumentException if it is something else
     */
    public double atLeast(String name, double otherwise, double least) {
        String wanted = "a number of at least " + least;
        Double number = parsed(name, wanted, Double::parseDouble);
        if (number != null && !(number >= least && number < Double.POSITIVE_INFINITY)) {
            throw malformed(name, wanted);
        }
        return number == null ? otherwise : number;
    }

    /**
     * An address.
     *
     * @param name of the variable
     * @param otherwise what holds if it is not set or blank
     * @return its value
     * @throws IllegalArgumentException if it is no address with scheme and host
     */
    public URI address(String name, String otherwise) {
        String wanted = "an address such as " + otherwise;
        URI uri = parsed(name, wanted, URI::create);
        if (uri == null) {
            return URI.create(otherwise);
        }
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw malformed(name, wanted);
        }
        return uri;
    }

    /**
     * The error for a value that a reader of its own refuses.
     *
     * @param name of the variable
     * @param wanted what it must be, such as "a whole number"
     * @return to throw
     */
    public IllegalArgumentException malformed(String name, String wanted) {
        return new IllegalArgumentException("The environment variable " + name + " must be " + wanted + ", but is '"
                + variables.get(name) + "'; the chart sets it in the Deployment " + deployment + ".");
    }

    private <T> @Nullable T parsed(String name, String wanted, Function<String, T> parse) {
        String value = value(name);
        try {
            return value == null ? null : parse.apply(value);
        } catch (IllegalArgumentException e) {
            IllegalArgumentException named = malformed(name, wanted);
            named.initCause(e);
            throw named;
        }
    }

    private @Nullable String value(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
