package dev.kappa.bench;

import java.util.Map;

/** The Java handler of the warm measurements; it is uploaded as a package of its own. */
public final class Echo {
    /** Answers the event as it came. */
    public Map<String, Object> handle(Map<String, Object> event) {
        return event;
    }
}
