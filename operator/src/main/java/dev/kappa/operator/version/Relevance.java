package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which changes of a resource concern those that refer to it; most writes of a status do not. */
public final class Relevance {
    private Relevance() {}

    /**
     * Versions take the specification, the stored code and the last number of their function.
     *
     * @param now the function
     * @param before as it was
     * @return whether its versions are to be reconciled
     */
    static boolean ofFunctionForVersions(Function now, Function before) {
        return isChanged(now, before)
                || differs(now.getStatus(), before.getStatus(), status -> status.lastVersion)
                || differs(now.getStatus(), before.getStatus(), status -> status.codeSha256);
    }

    /**
     * Versions show the aliases that point to them, and keep instances for some.
     *
     * @param now the alias
     * @param before as it was
     * @return whether the versions of its function are to be reconciled
     */
    static boolean ofAliasForVersions(Alias now, Alias before) {
        return isChanged(now, before)
                || !AliasReferences.numbers(now).equals(AliasReferences.numbers(before))
                || !ProvisionedConcurrency.held(now).equals(ProvisionedConcurrency.held(before));
    }

    /**
     * Aliases show whether their versions can take events, and have the instances that the alias asks for.
     *
     * @param now the version
     * @param before as it was
     * @return whether the aliases that point to it are to be reconciled
     */
    public static boolean ofVersionForAliases(FunctionVersion now, FunctionVersion before) {
        return isChanged(now, before)
                || !VersionCheck.problem(now).equals(VersionCheck.problem(before))
                || !ProvisionedConcurrency.seen(now).equals(ProvisionedConcurrency.seen(before));
    }

    private static boolean isChanged(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getUid(), before.getMetadata().getUid())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }

    private static boolean differs(
            @Nullable FunctionStatus now,
            @Nullable FunctionStatus before,
            java.util.function.Function<FunctionStatus, @Nullable Object> value) {
        return !Objects.equals(now == null ? null : value.apply(now), before == null ? null : value.apply(before));
    }
}
