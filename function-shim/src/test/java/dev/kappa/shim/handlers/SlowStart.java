package dev.kappa.shim.handlers;

import java.io.File;
import java.io.IOException;

/** Is initialised only where it was tried before. */
public final class SlowStart {
    static {
        try {
            String tried = System.getenv("TRIED");
            if (tried == null || new File(tried).createNewFile()) {
                Thread.sleep(60_000);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String handle(String event) {
        return event;
    }
}
