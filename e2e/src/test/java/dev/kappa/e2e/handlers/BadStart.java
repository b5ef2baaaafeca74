package dev.kappa.e2e.handlers;

/** Cannot be initialised. */
public final class BadStart {
    static {
        fail();
    }

    public String handle(String event) {
        return event;
    }

    private static void fail() {
        throw new IllegalStateException("no database");
    }
}
