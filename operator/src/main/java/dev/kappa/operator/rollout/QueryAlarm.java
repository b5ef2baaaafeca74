package dev.kappa.operator.rollout;

import dev.kappa.operator.rollout.Observation.Judgement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A limit of what a Prometheus may answer.
 *
 * @param query PromQL, placeholders replaced
 * @param above breached past this
 */
public record QueryAlarm(String query, double above) {
    private static final int SHOWN = 100;

    /** What became of a query. */
    public sealed interface Answer {
        /**
         * Prometheus answered.
         *
         * @param values of all series, none if there is no data
         * @param asked when it was asked
         */
        record Values(List<Double> values, Instant asked) implements Answer {
            /** Copies. */
            public Values {
                values = List.copyOf(values);
            }
        }

        /**
         * It did not, or not with numbers.
         *
         * @param why for a person
         */
        record Unavailable(String why) implements Answer {}
    }

    /**
     * Judges an answer; the greatest value counts. No answer, no data and an answer from before the step began tell
     * nothing.
     *
     * @param answer the last one
     * @param since when the step began
     */
    public Judgement judge(Answer answer, Instant since) {
        return switch (answer) {
            case Answer.Unavailable unavailable -> silent(unavailable.why());
            case Answer.Values told
            when told.asked().isBefore(since) -> silent("it was not asked since the step began");
            case Answer.Values told -> judge(told.values());
        };
    }

    private Judgement judge(List<Double> values) {
        double greatest = values.stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
        if (Double.isNaN(greatest)) {
            return silent("it has no data");
        }
        return greatest > above
                ? new Judgement.Breached(String.format(Locale.ROOT, "%s is %.4g, above %.4g", name(), greatest, above))
                : new Judgement.Fine();
    }

    private Judgement silent(String why) {
        return new Judgement.Silent(name() + " tells nothing: " + why);
    }

    private String name() {
        return "the Prometheus query " + (query.length() > SHOWN ? query.substring(0, SHOWN) + "…" : query);
    }
}
