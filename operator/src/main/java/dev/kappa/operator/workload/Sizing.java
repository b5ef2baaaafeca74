package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.FunctionSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;

/**
 * Memory and CPU of an instance. As in Lambda the CPU share is proportional to memory, 1,769 MB for one core; requests
 * are less by the overcommit factor, and there is no limit, so that an instance starts at full speed.
 */
public final class Sizing {
    private static final long MIB = 1024 * 1024;
    private static final int MIB_PER_CORE = 1769;
    /** Room for code package and logs, which Lambda does not count as ephemeral storage. */
    private static final int CODE_MIB = 512;

    private final double cpuOvercommit;

    /**
     * Sizes with a factor.
     *
     * @param cpuOvercommit at least 1
     */
    public Sizing(double cpuOvercommit) {
        this.cpuOvercommit = cpuOvercommit;
    }

    ResourceRequirements of(FunctionSpec spec) {
        Quantity memory = new Quantity(memoryMib(spec) + "Mi");
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity(cpuMillis(memoryMib(spec)) + "m"))
                .addToRequests("memory", memory)
                // Without a request the limit is one, and nodes that do not count their disk would fit nothing.
                .addToRequests("ephemeral-storage", new Quantity("0"))
                .addToLimits("memory", memory)
                .addToLimits("ephemeral-storage", new Quantity(mib(spec.ephemeralStorage) + CODE_MIB + "Mi"))
                .build();
    }

    /** Of a shim whose handler runs in another container. */
    static ResourceRequirements ofSidecar() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("10m"))
                .addToRequests("memory", new Quantity("48Mi"))
                .addToRequests("ephemeral-storage", new Quantity("0"))
                .addToLimits("memory", new Quantity("96Mi"))
                .addToLimits("ephemeral-storage", new Quantity("64Mi"))
                .build();
    }

    static int memoryMib(FunctionSpec spec) {
        return mib(spec.memory);
    }

    private int cpuMillis(int memoryMib) {
        int millis = (int) Math.max(1, Math.round(1000.0 * memoryMib / MIB_PER_CORE / cpuOvercommit));
        // A whole core is written "2", not "2000m", by the API server.
        return millis % 1000 == 0 ? millis - 1 : millis;
    }

    private static int mib(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity)
                .divideToIntegralValue(BigDecimal.valueOf(MIB))
                .intValueExact();
    }
}
