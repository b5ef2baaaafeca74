package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Finalizers;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.api.v1alpha1.VersionSpec.Snapshot;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.code.CodeResult;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeSource;
import dev.kappa.operator.code.Packages;
import dev.kappa.operator.status.Failure;
import dev.kappa.operator.status.StatusUpdate;
import dev.kappa.operator.workload.CodeRetry;
import dev.kappa.operator.workload.LeanStore;
import dev.kappa.operator.workload.PodRetry;
import dev.kappa.operator.workload.Triggers;
import dev.kappa.operator.workload.Workload;
import dev.kappa.operator.workload.WorkloadRunner;
import dev.kappa.operator.workload.WorkloadStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Version → snapshot of its function, taken once → Deployment {@code fn-<function>-<number>} → status. */
@ControllerConfiguration(name = "version", fieldManager = "kappa-operator", finalizerName = Finalizers.VERSION)
public final class VersionReconciler implements Reconciler<FunctionVersion>, Cleaner<FunctionVersion> {
    private static final String BY_FUNCTION = "function";
    private static final Duration COUNT_AGAIN = Duration.ofMillis(200);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final CodeSource code;
    private final Snapshots snapshots;
    private final VersionPublisher publishing;
    private final WorkloadRunner runner;
    private final StatusUpdate update;
    private final Clock clock;
    private final Triggers<FunctionVersion> triggers = new Triggers<>();

    /**
     * A reconciler.
     *
     * @param code stores code
     * @param snapshots freezes functions
     * @param publishing knows the aliases
     * @param runner runs them
     * @param update writes the status
     * @param clock the time
     */
    public VersionReconciler(
            CodeSource code,
            Snapshots snapshots,
            VersionPublisher publishing,
            WorkloadRunner runner,
            StatusUpdate update,
            Clock clock) {
        this.code = code;
        this.snapshots = snapshots;
        this.publishing = publishing;
        this.runner = runner;
        this.update = update;
        this.clock = clock;
    }

    @Override
    public UpdateControl<FunctionVersion> reconcile(FunctionVersion version, Context<FunctionVersion> context)
            throws InterruptedException {
        Optional<Function> function = context.getSecondaryResource(Function.class);
        if (function.isEmpty()) {
            return missing(version, noFunction(version), context);
        }
        Snapshot snapshot = version.getSpec().snapshot;
        if (snapshot == null) {
            // The watch keeps only a part of it.
            Function whole = snapshots.function(function.get());
            return whole == null ? missing(version, noFunction(version), context) : freeze(version, whole, context);
        }
        return switch (code.pinned(
                version.getMetadata().getNamespace(),
                snapshot.function,
                Packages.of(snapshot),
                CodeRetry.known(version.getStatus()))) {
            case CodeResult.Stored stored -> {
                FunctionStatus status = run(version, snapshot, stored, function.get(), wanted(version, context));
                yield PodRetry.schedule(update(version, status, context), status, clock.instant());
            }
            case Missing missing -> missing(version, missing, context);
        };
    }

    private static Missing noFunction(FunctionVersion version) {
        return new Missing(
                "FunctionNotFound",
                "Namespace " + version.getMetadata().getNamespace() + " has no Function " + version.getSpec().function
                        + "; apply it, or correct spec.function.");
    }

    /** The written snapshot is a new generation, which is reconciled next. */
    private UpdateControl<FunctionVersion> freeze(
            FunctionVersion version, Function function, Context<FunctionVersion> context) throws InterruptedException {
        Integer last = function.getStatus() == null ? null : function.getStatus().lastVersion;
        if (last != null && last >= version.getSpec().number) {
            return missing(
                    version,
                    new Missing(
                            "NumberUsed",
                            "Function " + function.getMetadata().getName() + " had versions up to number " + last
                                    + ", and numbers are never used again; publish " + (last + 1) + " or higher."),
                    context);
        }
        return switch (code.resolve(
                function.getMetadata().getNamespace(), function.getSpec(), CodeRetry.known(function.getStatus()))) {
            case CodeResult.Stored stored -> {
                snapshots.take(version, function, stored.packages());
                yield UpdateControl.noUpdate();
            }
            case Missing missing -> missing(version, missing, context);
        };
    }

    @Override
    public ErrorStatusUpdateControl<FunctionVersion> updateErrorStatus(
            FunctionVersion version, Context<FunctionVersion> context, Exception e) {
        Long generation = version.getMetadata().getGeneration();
        return Failure.of(e, context)
                .map(failure -> WorkloadStatus.of(version.getStatus(), generation, failure, clock.instant()))
                .map(status -> StatusUpdate.failed(update(version, status, context)))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    @Override
    public DeleteControl cleanup(FunctionVersion version, Context<FunctionVersion> context) {
        Optional<Function> function = context.getSecondaryResource(Function.class)
                .filter(it -> it.getMetadata().getDeletionTimestamp() == null);
        if (function.isEmpty() || version.getSpec().snapshot == null) {
            return DeleteControl.defaultDelete();
        }
        FunctionStatus status = function.get().getStatus();
        if (status == null || status.lastVersion == null || status.lastVersion < version.getSpec().number) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(COUNT_AGAIN);
        }
        List<String> aliases = publishing.aliases(version);
        return aliases.isEmpty()
                ? DeleteControl.defaultDelete()
                : DeleteControl.noFinalizerRemoval().rescheduleAfter(LOOK_AGAIN);
    }

    private FunctionStatus run(
            FunctionVersion version, Snapshot snapshot, CodeResult.Stored stored, Function function, int provisioned) {
        VersionKey id = new VersionKey(
                version.getMetadata().getNamespace(),
                version.getSpec().function,
                Integer.toString(version.getSpec().number));
        return runner.run(
                new Workload(id, version, snapshot.function, stored.packages()),
                function.getSpec().concurrency.reserved,
                provisioned,
                version.getStatus());
    }

    private static int wanted(FunctionVersion version, Context<FunctionVersion> context) {
        return ProvisionedConcurrency.wanted(
                version, context.getSecondaryResourcesAsStream(Alias.class).toList());
    }

    private UpdateControl<FunctionVersion> missing(
            FunctionVersion version, Missing missing, Context<FunctionVersion> context) {
        FunctionStatus status =
                WorkloadStatus.of(version.getStatus(), version.getMetadata().getGeneration(), missing, clock.instant());
        return update(version, status, context).rescheduleAfter(CodeRetry.pause(status, clock.instant()));
    }

    private UpdateControl<FunctionVersion> update(
            FunctionVersion version, FunctionStatus status, Context<FunctionVersion> context) {
        List<String> aliases = AliasReferences.of(context.getSecondaryResourcesAsStream(Alias.class), version);
        if (!aliases.isEmpty()) {
            status.aliases = aliases;
        }
        Snapshot snapshot = version.getSpec().snapshot;
        ProvisionedConcurrency.of(
                        wanted(version, context),
                        snapshot == null ? null : snapshot.function,
                        context.getSecondaryResource(Function.class)
                                .map(it -> it.getSpec().concurrency.reserved)
                                .orElse(null),
                        status)
                .ifPresent(it -> status.provisioned = it);
        FunctionVersion fresh = new FunctionVersion();
        fresh.getMetadata().setNamespace(version.getMetadata().getNamespace());
        fresh.getMetadata().setName(version.getMetadata().getName());
        fresh.setSpec(null);
        fresh.setStatus(status);
        return update.of(version, fresh, version.getStatus(), status);
    }

    /**
     * An instance of a version said hello or does not start, or its Deployment changed.
     *
     * @param id of the version
     */
    public void instancesChanged(VersionKey id) {
        triggers.one(new ResourceID(ResourceNames.qualified(id.function(), id.version()), id.namespace()));
    }

    /**
     * Reconciles a share of all although nothing is known to have changed.
     *
     * @param call number of the call
     * @param calls after so many all were reconciled
     */
    public void checkShare(long call, int calls) {
        triggers.share(call, calls);
    }

    /** The package store lost its packages. */
    public void packagesLost() {
        triggers.all(version -> true);
    }

    /** The package store answers again. */
    public void packageStoreIsBack() {
        triggers.all(version -> CodeRetry.waitsForStore(version.getStatus()));
    }

    @Override
    public List<EventSource<?, FunctionVersion>> prepareEventSources(EventSourceContext<FunctionVersion> context) {
        context.getPrimaryCache().addIndexer(BY_FUNCTION, version -> List.of(key(version, version.getSpec().function)));
        var functions = InformerEventSourceConfiguration.from(Function.class, FunctionVersion.class)
                .withPrimaryToSecondaryMapper((FunctionVersion version) -> Set.of(new ResourceID(
                        version.getSpec().function, version.getMetadata().getNamespace())))
                .withSecondaryToPrimaryMapper(function ->
                        versions(context, key(function, function.getMetadata().getName())))
                .withOnUpdateFilter(Relevance::ofFunctionForVersions)
                .withItemStore(
                        LeanStore.ofFunctionsForVersions(context.getClient().getKubernetesSerialization()))
                .withInformerListLimit(LeanStore.PAGE)
                .build();
        return List.of(
                new InformerEventSource<>(functions, context),
                new InformerEventSource<>(aliases(context), context),
                triggers.source(context));
    }

    /** All versions of the function: an alias that moved away from one concerns that one too. */
    private static InformerEventSourceConfiguration<Alias> aliases(EventSourceContext<FunctionVersion> context) {
        return InformerEventSourceConfiguration.from(Alias.class, FunctionVersion.class)
                .withSecondaryToPrimaryMapper(alias -> versions(context, key(alias, alias.getSpec().function)))
                .withOnUpdateFilter(Relevance::ofAliasForVersions)
                .withItemStore(LeanStore.withoutManagedFields())
                .withInformerListLimit(LeanStore.PAGE)
                .build();
    }

    private static Set<ResourceID> versions(EventSourceContext<FunctionVersion> context, String function) {
        return context.getPrimaryCache().byIndex(BY_FUNCTION, function).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static String key(HasMetadata resource, String function) {
        return resource.getMetadata().getNamespace() + "/" + function;
    }
}
