package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers the versions of a function, publishes one on a change, and retires old ones. */
public final class Publishing {
    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);
    private static final Comparator<FunctionVersion> BY_NUMBER =
            Comparator.comparing(version -> version.getSpec().number);

    private final KubernetesClient client;
    private final Snapshots snapshots;

    /**
     * Publishes through a client.
     *
     * @param client the API server
     */
    public Publishing(KubernetesClient client) {
        this.client = client;
        this.snapshots = new Snapshots(client);
    }

    /**
     * The highest number that a version ever had. Versions count once they have a snapshot, and are kept by a finalizer
     * until they are counted, so that a number outlives its version.
     *
     * @param old the function's status so far, null for none
     * @param versions of the function
     * @return null if there never was one
     */
    public static @Nullable Integer lastVersion(@Nullable FunctionStatus old, List<FunctionVersion> versions) {
        return Stream.concat(
                        Stream.ofNullable(old == null ? null : old.lastVersion),
                        versions.stream()
                                .filter(version -> version.getSpec().snapshot != null)
                                .map(version -> version.getSpec().number))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * Publishes if the function asks for it and differs from its newest version.
     *
     * @param function its code is stored
     * @param status its new status
     * @param versions all that there are
     */
    public void onChange(Function function, FunctionStatus status, List<FunctionVersion> versions) {
        if (!"OnChange".equals(function.getSpec().publish)) {
            return;
        }
        Optional<FunctionVersion> newest = versions.stream().max(BY_NUMBER);
        if (newest.map(version -> version.getSpec().snapshot)
                .filter(snapshot -> Objects.equals(snapshot.configSha256, status.configSha256))
                .isPresent()) {
            return;
        }
        int highest = newest.map(version -> version.getSpec().number).orElse(0);
        int number = Math.max(highest, status.lastVersion == null ? 0 : status.lastVersion) + 1;
        try {
            snapshots.create(function, status.codeSha256, number, VersionReconciler.FINALIZER);
            LOG.info(
                    "Published version {} of {}", number, function.getMetadata().getName());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // Somebody else published at the same moment, or the watch is late: the version that comes decides.
        }
    }

    /**
     * Deletes what is older than the newest that are kept, unless an alias points to it.
     *
     * @param function says how many
     * @param versions all that there are
     */
    public void retire(Function function, List<FunctionVersion> versions) {
        Integer kept = function.getSpec().versionRetention;
        if (kept == null || versions.size() <= kept) {
            return;
        }
        versions.stream()
                .sorted(BY_NUMBER.reversed())
                .skip(kept)
                .filter(version -> version.getMetadata().getDeletionTimestamp() == null)
                .filter(version -> aliases(version).isEmpty())
                .forEach(this::delete);
    }

    /**
     * The aliases of a version, as the API server has them at this moment.
     *
     * @param version any
     * @return their names without that of the function
     */
    List<String> aliases(FunctionVersion version) {
        return AliasReferences.of(
                client
                        .resources(Alias.class)
                        .inNamespace(version.getMetadata().getNamespace())
                        .list()
                        .getItems()
                        .stream(),
                version);
    }

    private void delete(FunctionVersion version) {
        try {
            client.resource(version).delete();
            LOG.info("Retired version {}", version.getMetadata().getName());
        } catch (KubernetesClientException e) {
            LOG.info("Version {} stays: {}", version.getMetadata().getName(), e.getMessage());
        }
    }
}
