package dev.kappa.gateway.packages;

import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.packages.PackageInventory;
import dev.kappa.stores.packages.StoredPackage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes packages that nothing names any more, on the one gateway that the ring chooses for it. */
public final class PackageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(PackageCollector.class);
    /** No function: what the ring gives one owner. */
    private static final FunctionKey DUTY = new FunctionKey("", "package-collector");

    private final PackageInventory inventory;
    private final References references;
    private final Ring ring;
    private final UnusedPackages unused;

    /** What Functions, Versions and Layers name. */
    public interface References {
        /**
         * Lists them.
         *
         * @return namespace, a slash and digest of every package that is named
         * @throws IOException if not all of them are known
         */
        Set<String> packages() throws IOException;
    }

    /**
     * A collector.
     *
     * @param inventory what is stored
     * @param references what is named
     * @param ring chooses the gateway that collects
     * @param grace how long a package stays that nothing names
     */
    public PackageCollector(PackageInventory inventory, References references, Ring ring, Duration grace) {
        this.inventory = inventory;
        this.references = references;
        this.ring = ring;
        this.unused = new UnusedPackages(grace);
    }

    /** Looks once; to be called several times within the grace period, on a thread that may block. */
    public void look() {
        if (!ring.owns(DUTY)) {
            return;
        }
        try {
            List<StoredPackage> stored = inventory.list();
            for (StoredPackage one : unused.look(stored, references.packages(), Instant.now())) {
                inventory.delete(one);
                LOG.info("Package {} is deleted: no Function, Version or Layer names it", one.name());
            }
        } catch (IOException e) {
            LOG.warn("Packages that nothing names stay for now: {}", e.getMessage());
        }
    }
}
