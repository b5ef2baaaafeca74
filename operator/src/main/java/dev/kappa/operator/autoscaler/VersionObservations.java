package dev.kappa.operator.autoscaler;

import dev.kappa.wire.DemandReport.Instance;
import dev.kappa.wire.DemandReport.VersionDemand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The reports about one version; more than one gateway has some while its owner changes. */
final class VersionObservations {
    private static final double NEW_WEIGHT = 0.3;

    private static final class OfGateway {
        final ConcurrencyWindow window;
        VersionDemand last;

        OfGateway(ConcurrencyWindow window, VersionDemand last) {
            this.window = window;
            this.last = last;
        }
    }

    private final Policy policy;
    private final Map<String, OfGateway> gateways = new HashMap<>();
    private Instant lastEvent = Instant.EPOCH;
    private double meanDurationUs;

    VersionObservations(Policy policy) {
        this.policy = policy;
    }

    void add(String gateway, VersionDemand demand, Instant now) {
        OfGateway known = gateways.get(gateway);
        if (known == null) {
            known = new OfGateway(new ConcurrencyWindow(policy.stableWindow()), demand);
            gateways.put(gateway, known);
            learnDuration(demand.completed(), demand.durationUsSum());
        } else {
            learnDuration(
                    demand.completed() - known.last.completed(), demand.durationUsSum() - known.last.durationUsSum());
            known.last = demand;
        }
        known.window.add(now, demand.concurrencyMs());
        if (demand.lastEventAtMs() > lastEvent.toEpochMilli()) {
            // A gateway's clock that runs ahead must not keep a version warm.
            Instant told = Instant.ofEpochMilli(demand.lastEventAtMs());
            lastEvent = told.isAfter(now) ? now : told;
        }
    }

    /** The gateway does not know the version any more. */
    void remove(String gateway) {
        gateways.remove(gateway);
    }

    boolean isEmpty() {
        return gateways.isEmpty();
    }

    Demand sum(String revision, Predicate<String> isFresh) {
        int queued = 0;
        int inFlight = 0;
        double up = 0;
        double stable = 0;
        boolean stableKnown = !gateways.isEmpty();
        List<Instance> instances = new ArrayList<>();
        for (Map.Entry<String, OfGateway> entry : gateways.entrySet()) {
            if (!isFresh.test(entry.getKey())) {
                continue;
            }
            OfGateway gateway = entry.getValue();
            queued += gateway.last.queued();
            inFlight += gateway.last.inFlight();
            up += gateway.window.spans(policy.upWindow()) ? gateway.window.average(policy.upWindow()) : 0;
            stable += gateway.window.average(policy.stableWindow());
            stableKnown &= gateway.window.spans(policy.stableWindow());
            if (gateway.last.revision().equals(revision)) {
                gateway.last.instances().stream()
                        .filter(it -> instances.stream()
                                .noneMatch(other -> other.pod().equals(it.pod())))
                        .forEach(instances::add);
            }
        }
        return new Demand(
                queued,
                inFlight,
                up,
                stable,
                stableKnown,
                Duration.ofNanos((long) (meanDurationUs * 1000)),
                lastEvent,
                List.copyOf(instances));
    }

    private void learnDuration(long events, long durationUs) {
        if (events > 0 && durationUs >= 0) {
            double mean = (double) durationUs / events;
            meanDurationUs = meanDurationUs == 0 ? mean : meanDurationUs + NEW_WEIGHT * (mean - meanDurationUs);
        }
    }
}
