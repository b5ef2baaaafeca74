package dev.kappa.stores.packages;

import java.io.IOException;

/** The store works, and a package is not in it. */
public final class PackageNotFoundException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A package that is not there.
     *
     * @param namespace whose it would be
     * @param sha256 its digest
     */
    public PackageNotFoundException(String namespace, String sha256) {
        super("Package " + sha256 + " is not in namespace " + namespace
                + ": it was never uploaded, or the store lost it. Upload it again with PUT /kappa/v1/namespaces/"
                + namespace + "/packages.");
    }
}
