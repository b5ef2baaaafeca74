package dev.kappa.operator.promotion;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Rollout;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.rollout.Observation.Judgement;
import dev.kappa.operator.rollout.OutcomeLedger;
import dev.kappa.operator.rollout.Progress;
import dev.kappa.operator.rollout.QueryAlarm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges green by all alarms of a rollout: its own events, and what a Prometheus answers. */
public final class Alarms {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(namespace|function|version|previousVersion)\\b");

    private final OutcomeLedger outcomes;
    private final PrometheusQueries prometheus;

    /**
     * Judges.
     *
     * @param outcomes what events show
     * @param prometheus answers queries
     */
    public Alarms(OutcomeLedger outcomes, PrometheusQueries prometheus) {
        this.outcomes = outcomes;
        this.prometheus = prometheus;
    }

    /** Events are kept from now on. */
    void watch(VersionKey green, Instant now) {
        outcomes.watch(green, now);
    }

    /** What all alarms say together; nothing is asked before green has events. */
    Judgement judge(Alias alias, Progress at, VersionKey green, Instant now) {
        List<Rollout.Alarm> alarms = alias.getSpec().rollout.alarms;
        List<Judgement> judgements = new ArrayList<>();
        if (alarms != null && at.weight() > 0) {
            Map<String, String> names = names(alias, at);
            alarms.forEach(alarm -> judgements.add(
                    alarm.prometheus == null ? ofEvents(alarm, at, green, now) : ofQuery(alarm, at, names, now)));
        }
        return Judgement.worst(judgements);
    }

    private Judgement ofEvents(Rollout.Alarm asked, Progress at, VersionKey green, Instant now) {
        var alarm = Plans.alarm(asked);
        Instant from = now.minus(alarm.window());
        // Events of another attempt with the same version tell nothing of this one.
        return alarm.judge(outcomes.sum(green, from.isBefore(at.startedAt()) ? at.startedAt() : from));
    }

    private Judgement ofQuery(Rollout.Alarm asked, Progress at, Map<String, String> names, Instant now) {
        QueryAlarm alarm = new QueryAlarm(filled(asked.prometheus.query, names), Double.parseDouble(asked.above));
        return alarm.judge(prometheus.ask(alarm.query(), now), at.since());
    }

    /** The query with its placeholders replaced. */
    static String filled(String query, Map<String, String> names) {
        return PLACEHOLDER.matcher(query).replaceAll(found -> Matcher.quoteReplacement(names.get(found.group(1))));
    }

    private static Map<String, String> names(Alias alias, Progress at) {
        return Map.of(
                "namespace", alias.getMetadata().getNamespace(),
                "function", alias.getSpec().function,
                "version", Integer.toString(at.to()),
                "previousVersion", Integer.toString(at.from()));
    }
}
