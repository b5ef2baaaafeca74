package dev.kappa.operator.code;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices within seconds that the package store lost its packages, or works again. It looks for one small package of its
 * own, so that it costs the same however many functions there are.
 */
public final class PackageStoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PackageStoreWatch.class);
    private static final long EVERY_MS = 5000;
    private static final byte[] MARKER = InlineZip.of(Map.of("README", """
            The operator looks for this package to notice that the store lost its content.
            Deleting it makes Kappa look for every package again.
            """));
    private static final String DIGEST = CodeSource.sha256(MARKER);

    /** Hears what became of the store. */
    public interface Listener {
        /** It does not have what it had: every package is to be looked for. */
        void emptied();

        /** It answers again: packages that could not be stored are to be tried. */
        void back();
    }

    private final CodeSource code;
    private final String namespace;
    private final BooleanSupplier leads;
    private final Listener listener;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("package-store").daemon().factory());
    /** Until it has answered, somebody may wait for it. */
    private boolean answers;

    /**
     * Does not look yet.
     *
     * @param code uses the store
     * @param namespace where the marker is kept, Kappa's own
     * @param leads whether this replica reconciles
     * @param listener hears of changes
     */
    public PackageStoreWatch(CodeSource code, String namespace, BooleanSupplier leads, Listener listener) {
        this.code = code;
        this.namespace = namespace;
        this.leads = leads;
        this.listener = listener;
    }

    /** Begins to look. */
    public void start() {
        var _ = ticker.scheduleWithFixedDelay(this::tick, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            if (leads.getAsBoolean()) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The package store was not looked at; it is looked at again", e);
        }
    }

    void look() throws InterruptedException {
        try {
            if (!code.store().has(namespace, DIGEST)) {
                code.store().put(namespace, MARKER);
                LOG.warn("The package store is empty, or was emptied: every package is looked for");
                answers = true;
                code.forget();
                listener.emptied();
            } else if (!answers) {
                answers = true;
                listener.back();
            }
        } catch (IOException e) {
            if (answers) {
                LOG.warn("The package store does not answer: {}", e.getMessage());
            }
            answers = false;
        }
    }
}
