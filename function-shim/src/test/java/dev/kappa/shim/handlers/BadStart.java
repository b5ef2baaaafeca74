package dev.kappa.shim.handlers;

/** Cannot be initialised. */
public final class BadStart {
    static {
        if (System.getenv("EXIT_AT_INIT") != null) {
            System.exit(4);
        }
        fail();
    }

    public String handle(String event) {
        return event;
    }

    private static void fail() {
        throw new IllegalStateException("no database");
    }
}
