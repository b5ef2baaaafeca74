package dev.kappa.operator.workload;

import java.security.MessageDigest;
import java.util.HexFormat;

/** Names code, configuration, the values of Secrets and ConfigMaps in it, and runtime image by a hash: instances of one revision are alike, those of two are not. */
final class Revision {
    private static final int DIGITS = 10;

    private Revision() {}

    static String of(Workload workload, String image) {
        MessageDigest digest = ConfigDigest.sha256();
        ConfigDigest.add(digest, image);
        ConfigDigest.add(digest, ConfigDigest.of(workload.spec(), workload.packages()));
        // Only then, so that functions whose variables have no such values keep the revisions that they have.
        if (!workload.environment().isEmpty()) {
            ConfigDigest.add(digest, workload.environment());
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }
}
