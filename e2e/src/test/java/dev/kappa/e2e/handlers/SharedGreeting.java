package dev.kappa.e2e.handlers;

/** A class of a layer's jar. */
public final class SharedGreeting {
    private SharedGreeting() {}

    /** Tells where it lies. */
    public static String greet() {
        return "jar of a layer";
    }
}
