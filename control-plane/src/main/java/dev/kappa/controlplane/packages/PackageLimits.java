package dev.kappa.controlplane.packages;

/**
 * Bounds of a code package.
 *
 * @param zippedBytes size of the archive
 * @param unzippedBytes size of its content
 * @param entries files and folders
 * @param ratio content over archive, applied once the content passes {@code ratioFromBytes}
 * @param ratioFromBytes content that is harmless at any ratio
 */
public record PackageLimits(long zippedBytes, long unzippedBytes, int entries, int ratio, long ratioFromBytes) {
    /** Lambda's sizes; entries and ratio are ours. */
    public static final PackageLimits LAMBDA =
            new PackageLimits(50L * 1024 * 1024, 250L * 1024 * 1024, 50_000, 100, 16L * 1024 * 1024);
}
