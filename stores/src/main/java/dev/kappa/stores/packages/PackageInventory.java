package dev.kappa.stores.packages;

import java.io.IOException;
import java.util.List;

/** What is in the store of packages, for whoever collects those that nothing needs. Calls block. */
public interface PackageInventory {
    /**
     * All packages.
     *
     * @return one entry each
     * @throws IOException if the store does not answer
     */
    List<StoredPackage> list() throws IOException;

    /**
     * Deletes a package, unless it was stored again since it was listed.
     *
     * @param listed as {@link #list} told of it
     * @throws IOException if the store does not answer
     */
    void delete(StoredPackage listed) throws IOException;
}
