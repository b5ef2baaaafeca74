package dev.kappa.shim.runtimeapi;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings events and the calls that wait for one together, on the thread of whoever came second. */
final class Handover {
    private final ArrayDeque<RunningEvent> events = new ArrayDeque<>();
    private final ArrayDeque<RuntimeApi.Waiting> waiting = new ArrayDeque<>();
    private boolean over;

    void add(RunningEvent event) {
        RuntimeApi.Waiting by;
        synchronized (this) {
            by = waiting.poll();
            if (by == null) {
                events.addLast(event);
                return;
            }
            event.givenTo(by);
        }
        give(event, by);
    }

    void next(RuntimeApi.Waiting by) {
        RunningEvent event;
        synchronized (this) {
            event = pollEvent();
            if (event != null) {
                event.givenTo(by);
            } else if (!over) {
                waiting.addLast(by);
                return;
            }
        }
        if (event == null) {
            by.end();
        } else {
            give(event, by);
        }
    }

    private @Nullable RunningEvent pollEvent() {
        RunningEvent event = events.poll();
        while (event != null && event.hasOutcome()) {
            event = events.poll();
        }
        return event;
    }

    /** False if it does not wait, so that it has had an event. */
    synchronized boolean cancel(RuntimeApi.Waiting by) {
        return waiting.remove(by);
    }

    /** The event did not reach who waited; it goes to the next one, before all other events. */
    void giveBack(RunningEvent event, RuntimeApi.Waiting by) {
        RuntimeApi.Waiting next;
        synchronized (this) {
            if (!event.isWith(by)) {
                return;
            }
            next = waiting.poll();
            event.givenTo(next);
            if (next == null) {
                events.addFirst(event);
                return;
            }
        }
        give(event, next);
    }

    private void give(RunningEvent event, RuntimeApi.Waiting by) {
        try {
            by.give(event.event());
            event.event().input().letGo();
        } catch (IOException e) {
            giveBack(event, by);
        }
    }

    /** Nobody takes or gives any more. */
    void end() {
        List<RuntimeApi.Waiting> left;
        synchronized (this) {
            over = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(RuntimeApi.Waiting::end);
    }
}
