package dev.kappa.gateway.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events that wait, first come first served, with the seats that they will take; guarded by the function's dispatcher. */
final class WaitingEvents implements Iterable<AdmittedEvent> {
    private final Deque<AdmittedEvent> events = new ArrayDeque<>();
    private int seats;

    int size() {
        return events.size();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    int seats() {
        return seats;
    }

    void addFirst(AdmittedEvent event) {
        events.addFirst(event);
        seats += event.seats;
    }

    void addLast(AdmittedEvent event) {
        events.addLast(event);
        seats += event.seats;
    }

    @Nullable
    AdmittedEvent peekFirst() {
        return events.peekFirst();
    }

    @Nullable
    AdmittedEvent pollFirst() {
        AdmittedEvent first = events.pollFirst();
        seats -= first == null ? 0 : first.seats;
        return first;
    }

    void remove(AdmittedEvent event) {
        seats -= events.remove(event) ? event.seats : 0;
    }

    /** Takes out those that a test picks. */
    List<AdmittedEvent> removeIf(Predicate<AdmittedEvent> picked) {
        List<AdmittedEvent> out = new ArrayList<>();
        for (Iterator<AdmittedEvent> left = events.iterator(); left.hasNext(); ) {
            AdmittedEvent event = left.next();
            if (picked.test(event)) {
                left.remove();
                seats -= event.seats;
                out.add(event);
            }
        }
        return out;
    }

    @Override
    public Iterator<AdmittedEvent> iterator() {
        return events.iterator();
    }
}
