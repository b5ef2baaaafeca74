package dev.kappa.api.v1alpha1;

/** What keeps a deleted resource until its owner has finished with it. */
public final class Finalizers {
    /** Keeps a deleted Version until its number is counted and no alias points to it. */
    public static final String VERSION = "versions." + ApiGroup.NAME + "/finalizer";

    private Finalizers() {}
}
