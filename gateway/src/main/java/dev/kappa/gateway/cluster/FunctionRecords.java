package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.PermissionStatement;
import dev.kappa.api.v1alpha1.VersionSpec;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.VersionInfo;
import dev.kappa.lambda.policy.Statement;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the catalog's records of Functions and Versions: what an invocation needs of them, and no more. */
final class FunctionRecords {
    private static final int DEFAULT_TIMEOUT_SECONDS = 3;
    /** How often an echo has its payload in memory, with what is not collected yet: 7 to 10 times were measured. */
    private static final int COPIES = 10;

    private FunctionRecords() {}

    static Optional<FunctionInfo> of(Function function) {
        FunctionSpec spec = function.getSpec();
        if (spec == null) {
            return Optional.empty();
        }
        return Optional.of(new FunctionInfo(
                function.getMetadata().getNamespace(),
                function.getMetadata().getName(),
                timeoutSeconds(spec),
                spec.concurrency == null ? null : spec.concurrency.reserved,
                revision(function.getStatus()),
                notReady(function.getStatus()),
                noPods(function.getMetadata(), function.getStatus()),
                AsyncRecords.settings(spec.async),
                AsyncRecords.target(spec.deadLetter),
                payloadOfSeat(spec),
                function.getMetadata().getUid() == null
                        ? ""
                        : function.getMetadata().getUid(),
                policy(spec.permissions),
                UrlRecords.of(spec.url)));
    }

    static Optional<VersionInfo> of(FunctionVersion version) {
        VersionSpec spec = version.getSpec();
        if (spec == null || spec.function == null || spec.number == null) {
            return Optional.empty();
        }
        FunctionSpec frozen = spec.snapshot == null ? null : spec.snapshot.function;
        return Optional.of(new VersionInfo(
                version.getMetadata().getNamespace(),
                spec.function,
                spec.number,
                timeoutSeconds(frozen),
                revision(version.getStatus()),
                notReady(version.getStatus()),
                noPods(version.getMetadata(), version.getStatus()),
                AsyncRecords.settings(spec.async),
                AsyncRecords.target(frozen == null ? null : frozen.deadLetter),
                payloadOfSeat(frozen)));
    }

    private static List<Statement> policy(@Nullable List<PermissionStatement> permissions) {
        return permissions == null
                ? List.of()
                : permissions.stream()
                        .map(it -> new Statement(
                                it.statementId,
                                it.action,
                                it.principal,
                                it.qualifier,
                                it.sourceArn,
                                it.sourceAccount,
                                it.functionUrlAuthType,
                                it.invokedViaFunctionUrl))
                        .toList();
    }

    private static int timeoutSeconds(@Nullable FunctionSpec spec) {
        return spec == null || spec.timeoutSeconds == null ? DEFAULT_TIMEOUT_SECONDS : spec.timeoutSeconds;
    }

    /** Payload, its copies and what a handler makes of it have half of the memory; runtimes and code have the rest. */
    private static int payloadOfSeat(@Nullable FunctionSpec spec) {
        if (spec == null || spec.memory == null || spec.concurrency == null || spec.concurrency.perInstance == null) {
            return Integer.MAX_VALUE;
        }
        long memory = Quantity.getAmountInBytes(spec.memory).longValue();
        return Math.clamp(memory / 2 / COPIES / spec.concurrency.perInstance, 1, Integer.MAX_VALUE);
    }

    private static @Nullable String revision(@Nullable FunctionStatus status) {
        return status == null || status.revision == null || status.revision.isEmpty() ? null : status.revision;
    }

    private static @Nullable String notReady(@Nullable FunctionStatus status) {
        return isFalse(status, ConditionTypes.READY).map(FunctionRecords::words).orElse(null);
    }

    /**
     * Why no instance can start: no pod can be had, or nothing that one could run. Callers wait for what may come by
     * itself soon: a node where only the room is missing, and the package store.
     */
    private static @Nullable String noPods(ObjectMeta metadata, @Nullable FunctionStatus status) {
        return isFalse(status, ConditionTypes.RESOURCES_AVAILABLE)
                .filter(condition -> !"Unschedulable".equals(condition.getReason()))
                .or(() -> noCode(metadata, status))
                .map(FunctionRecords::words)
                .orElse(null);
    }

    /** Only while no code is deployed: what ran before goes on. A spec that nobody has looked at yet may be right. */
    private static Optional<Condition> noCode(ObjectMeta metadata, @Nullable FunctionStatus status) {
        return revision(status) != null || status == null || !isObserved(metadata, status)
                ? Optional.empty()
                : isFalse(status, ConditionTypes.CODE_READY)
                        .filter(condition -> !"PackageStoreUnavailable".equals(condition.getReason()));
    }

    private static boolean isObserved(ObjectMeta metadata, FunctionStatus status) {
        return metadata.getGeneration() == null
                || (status.observedGeneration != null && status.observedGeneration >= metadata.getGeneration());
    }

    private static Optional<Condition> isFalse(@Nullable FunctionStatus status, String type) {
        return ConditionTypes.find(status == null ? null : status.conditions, type)
                .filter(condition -> "False".equals(condition.getStatus()));
    }

    private static String words(Condition condition) {
        return condition.getMessage() == null ? condition.getReason() : condition.getMessage();
    }
}
