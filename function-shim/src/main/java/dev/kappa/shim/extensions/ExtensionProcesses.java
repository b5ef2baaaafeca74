package dev.kappa.shim.extensions;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The processes of external extensions, by name. */
final class ExtensionProcesses {
    private final Map<String, ExtensionProcess> all = new LinkedHashMap<>();

    /** The programs that layers bring, in the order of their names. */
    static List<Path> programs(Path layersRoot) {
        File[] files = layersRoot.resolve("extensions").toFile().listFiles(File::isFile);
        return files == null
                ? List.of()
                : Arrays.stream(files).map(File::toPath).sorted().toList();
    }

    synchronized void add(String name, ExtensionProcess process) {
        all.put(name, process);
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    synchronized Set<Long> pids() {
        Set<Long> ids = new HashSet<>();
        all.values().forEach(process -> ids.add(process.pid()));
        return ids;
    }

    /** Waits until those of these names have ended, and kills all that have not by then. */
    void endBy(long endMs, Set<String> awaited) throws InterruptedException {
        List<ExtensionProcess> last = new ArrayList<>();
        List<ExtensionProcess> others = new ArrayList<>();
        synchronized (this) {
            all.forEach((name, process) -> (awaited.contains(name) ? last : others).add(process));
        }
        for (ExtensionProcess process : others) {
            process.endWithin(0);
        }
        for (ExtensionProcess process : last) {
            process.endWithin(endMs - System.currentTimeMillis());
        }
    }
}
