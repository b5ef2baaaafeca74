package dev.kappa.stores.packages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Keeps packages by namespace and digest; blocks, so call it on a virtual thread. */
public interface PackageStore {
    /**
     * Stores a package unless it is there.
     *
     * @param namespace whose
     * @param sha256 its digest, 64 lower-case hex digits
     * @param file its bytes
     * @throws IOException if the store does not take it
     */
    void put(String namespace, String sha256, Path file) throws IOException;

    /**
     * Size of a package.
     *
     * @param namespace whose
     * @param sha256 its digest
     * @return bytes, empty if it is not there
     * @throws IOException if the store does not answer
     */
    OptionalLong size(String namespace, String sha256) throws IOException;

    /**
     * Copies a package.
     *
     * @param namespace whose
     * @param sha256 its digest
     * @param out takes its bytes
     * @throws PackageNotFoundException if it is not there
     * @throws IOException if the store does not answer
     */
    void get(String namespace, String sha256, OutputStream out) throws IOException;
}
