package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** GetAccountSettings: what the default namespace has, and Lambda's limits as far as Kappa has them. */
final class AccountOperations implements Operations.Group {
    private static final long UNZIPPED_BYTES = 262_144_000;
    private static final long ZIPPED_BYTES = 52_428_800;

    /** Nothing limits these but the cluster: the largest numbers that all clients read. */
    private static final long CODE_BYTES = (1L << 53) - 1;

    private static final int CONCURRENT = Integer.MAX_VALUE;

    private final ResourceStore resources;
    private final CodeSizes sizes;
    private final String namespace;

    AccountOperations(ResourceStore resources, CodeSizes sizes, String namespace) {
        this.resources = resources;
        this.sizes = sizes;
        this.namespace = namespace;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of("GetAccountSettings", this::get);
    }

    private JsonObject get(Request input) {
        List<Resource> functions = resources.list(Kind.FUNCTION, namespace);
        int reserved = functions.stream()
                .map(ConcurrencyOperations::reserved)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .sum();
        long bytes = Stream.concat(functions.stream(), resources.list(Kind.VERSION, namespace).stream())
                .map(Configurations::codeSha256)
                .filter(Objects::nonNull)
                .mapToLong(sha256 -> sizes.of(namespace, sha256))
                .sum();
        return new JsonObject()
                .put(
                        "AccountLimit",
                        new JsonObject()
                                .put("TotalCodeSize", CODE_BYTES)
                                .put("CodeSizeUnzipped", UNZIPPED_BYTES)
                                .put("CodeSizeZipped", ZIPPED_BYTES)
                                .put("ConcurrentExecutions", CONCURRENT)
                                .put("UnreservedConcurrentExecutions", CONCURRENT - reserved))
                .put(
                        "AccountUsage",
                        new JsonObject().put("TotalCodeSize", bytes).put("FunctionCount", functions.size()));
    }
}
