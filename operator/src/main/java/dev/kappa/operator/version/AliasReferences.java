package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ResourceNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which versions an alias points to: those that it asks for, and those that get its events until it is there. */
public final class AliasReferences {
    private AliasReferences() {}

    /**
     * The versions of an alias.
     *
     * @param alias any
     * @return their numbers, that of {@code spec.version} first; none for $LATEST
     */
    public static Set<Integer> numbers(Alias alias) {
        return numbers(alias.getSpec(), alias.getStatus());
    }

    static Set<Integer> numbers(AliasSpec spec, @Nullable AliasStatus status) {
        Set<Integer> numbers = new LinkedHashSet<>();
        if (spec.version != null) {
            numbers.add(spec.version);
        }
        add(numbers, spec.routing);
        if (status != null) {
            if (status.version != null) {
                numbers.add(status.version);
            }
            add(numbers, status.routing);
        }
        return numbers;
    }

    private static void add(Set<Integer> numbers, AliasSpec.@Nullable Routing routing) {
        if (routing != null) {
            numbers.add(routing.version);
        }
    }

    /**
     * The aliases of a version.
     *
     * @param aliases where to look
     * @param version of the same namespace
     * @return their names without that of the function, in order
     */
    static List<String> of(Stream<Alias> aliases, FunctionVersion version) {
        String function = version.getSpec().function;
        return aliases.filter(alias -> alias.getMetadata()
                        .getNamespace()
                        .equals(version.getMetadata().getNamespace()))
                .filter(alias -> alias.getSpec().function.equals(function))
                .filter(alias -> numbers(alias).contains(version.getSpec().number))
                .flatMap(alias -> ResourceNames.qualifier(alias.getMetadata().getName()).stream())
                .sorted()
                .toList();
    }
}
