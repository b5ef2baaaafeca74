package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.operator.code.Packages;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers the versions of a function, publishes one on a change, and retires old ones. */
public final class VersionPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(VersionPublisher.class);
    private static final Comparator<FunctionVersion> BY_NUMBER =
            Comparator.comparing(version -> version.getSpec().number);

    private final KubernetesClient client;
    private final Snapshots snapshots;

    /**
     * Publishes through a client.
     *
     * @param client the API server
     */
    public VersionPublisher(KubernetesClient client) {
        this.client = client;
        this.snapshots = new Snapshots(client);
    }

    /**
     * Writes the highest number that a version ever had, and what that version froze. Versions count once they have a
     * snapshot, and are kept by a finalizer until they are counted, so that both outlive the version.
     *
     * @param status the function's new status
     * @param old its status so far, null for none
     * @param versions of the function
     */
    public static void count(FunctionStatus status, @Nullable FunctionStatus old, List<FunctionVersion> versions) {
        if (old != null) {
            status.lastVersion = old.lastVersion;
            status.publishedSha256 = old.publishedSha256;
        }
        versions.stream()
                .filter(version -> version.getSpec().snapshot != null)
                .max(BY_NUMBER)
                .map(FunctionVersion::getSpec)
                .filter(spec -> status.lastVersion == null || spec.number > status.lastVersion)
                .ifPresent(spec -> {
                    status.lastVersion = spec.number;
                    status.publishedSha256 = spec.snapshot.configSha256;
                });
    }

    /**
     * Publishes if the function asks for it and differs from what was published last, also if that was deleted since.
     *
     * @param function its code is stored
     * @param status its new status
     * @param packages its code and layers
     * @param versions all that there are
     */
    public void onChange(Function function, FunctionStatus status, Packages packages, List<FunctionVersion> versions) {
        if (!"OnChange".equals(function.getSpec().publish)) {
            return;
        }
        boolean published = Objects.equals(status.publishedSha256, status.configSha256);
        // A version without a snapshot is about to freeze the function as it is now.
        boolean isTaken = versions.stream().anyMatch(version -> version.getSpec().snapshot == null);
        if (published || isTaken) {
            return;
        }
        int highest = versions.stream()
                .map(version -> version.getSpec().number)
                .max(Comparator.naturalOrder())
                .orElse(0);
        int number = Math.max(highest, status.lastVersion == null ? 0 : status.lastVersion) + 1;
        try {
            snapshots.create(function, packages, number);
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
        return AliasReferences.of(aliasesOf(version).stream(), version);
    }

    private List<Alias> aliasesOf(FunctionVersion version) {
        NonNamespaceOperation<Alias, KubernetesResourceList<Alias>, Resource<Alias>> all =
                client.resources(Alias.class).inNamespace(version.getMetadata().getNamespace());
        try {
            return all.withField("spec.function", version.getSpec().function)
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
                throw e;
            }
            // The CRDs are those of an older release, or Kubernetes is older than 1.31: the field cannot be selected
            // by.
            return all.list().getItems();
        }
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
