package dev.kappa.operator.autoscaler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Average concurrency over the last while, exact because gateways report the integral of it. */
final class ConcurrencyWindow {
    private record Sample(Instant at, long integralMs) {}

    private final Duration length;
    private final Deque<Sample> samples = new ArrayDeque<>();

    ConcurrencyWindow(Duration length) {
        this.length = length;
    }

    /** Adds a report; an integral that shrank is that of a new owner, which began at 0. */
    void add(Instant at, long integralMs) {
        Sample last = samples.peekLast();
        if (last != null && integralMs < last.integralMs()) {
            samples.clear();
        } else if (last != null && !at.isAfter(last.at())) {
            return;
        }
        samples.addLast(new Sample(at, integralMs));
        Instant since = at.minus(length);
        while (samples.size() > 2 && second().at().isBefore(since)) {
            samples.removeFirst();
        }
    }

    /** Whether what it knows spans this time. */
    boolean spans(Duration time) {
        return samples.size() > 1 && !newest().at().minus(time).isBefore(oldest().at());
    }

    /**
     * The average.
     *
     * @param time over the last so long
     * @return events at once, 0 if unknown
     */
    double average(Duration time) {
        if (samples.size() < 2) {
            return 0;
        }
        Sample newest = newest();
        Sample from = oldest();
        for (Sample sample : samples) {
            if (sample.at().isAfter(newest.at().minus(time))) {
                break;
            }
            from = sample;
        }
        long elapsedMs = Duration.between(from.at(), newest.at()).toMillis();
        return elapsedMs <= 0 ? 0 : (double) (newest.integralMs() - from.integralMs()) / elapsedMs;
    }

    private Sample oldest() {
        return samples.getFirst();
    }

    private Sample newest() {
        return samples.getLast();
    }

    private Sample second() {
        var iterator = samples.iterator();
        iterator.next();
        return iterator.next();
    }
}
