package dev.kappa.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who calls the gateway: the ServiceAccount of the pod, by a token that is mounted into it. */
public final class Identity {
    private static final Path TOKEN = Path.of("/var/run/kappa/token");

    private Identity() {}

    /** Headers of a call of the gateway. */
    public static Map<String, String> with(Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        try {
            all.put("Authorization", "Bearer " + Files.readString(TOKEN).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the pod has no token for the gateway", e);
        }
        return all;
    }
}
