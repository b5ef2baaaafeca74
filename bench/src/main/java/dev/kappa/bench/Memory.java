package dev.kappa.bench;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resident memory of Kappa's own pods and of functions, as the kubelet counts it. */
final class Memory {
    private Memory() {}

    static List<Row> measure(Kube kube) {
        Map<?, ?> stats = Serialization.unmarshal(kube.nodeStats(), Map.class);
        List<Row> rows = new ArrayList<>();
        for (Object entry : list(stats.get("pods"))) {
            Map<?, ?> pod = map(entry);
            String name = String.valueOf(map(pod.get("podRef")).get("name"));
            if (!name.startsWith("kappa-") && !name.startsWith("fn-")) {
                continue;
            }
            for (Object container : list(pod.get("containers"))) {
                Map<?, ?> memory = map(map(container).get("memory"));
                rows.add(new Row(
                        "memory of " + name,
                        "rss " + mib(memory.get("rssBytes")) + ", working set " + mib(memory.get("workingSetBytes")),
                        "",
                        ""));
            }
        }
        return rows;
    }

    private static String mib(@Nullable Object bytes) {
        return bytes instanceof Number number
                ? String.format(Locale.ROOT, "%.0f MiB", number.doubleValue() / (1 << 20))
                : "unknown";
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
