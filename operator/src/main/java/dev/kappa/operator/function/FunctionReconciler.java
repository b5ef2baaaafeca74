package dev.kappa.operator.function;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.VersionKey;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.operator.code.CodeResult;
import dev.kappa.operator.code.CodeSource;
import dev.kappa.operator.status.Failure;
import dev.kappa.operator.status.StatusUpdate;
import dev.kappa.operator.version.VersionPublisher;
import dev.kappa.operator.workload.CodeRetry;
import dev.kappa.operator.workload.LeanStore;
import dev.kappa.operator.workload.PodRetry;
import dev.kappa.operator.workload.Triggers;
import dev.kappa.operator.workload.Workload;
import dev.kappa.operator.workload.WorkloadRunner;
import dev.kappa.operator.workload.WorkloadStatus;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Function → code in the package store → Deployment {@code fn-<name>-latest} → status. */
@ControllerConfiguration(name = "function", fieldManager = "kappa-operator")
public final class FunctionReconciler implements Reconciler<Function> {
    private final CodeSource code;
    private final WorkloadRunner runner;
    private final VersionPublisher publishing;
    private final AsyncQueues queues;
    private final StatusUpdate update;
    private final FunctionUrls urls;
    private final Clock clock;
    private final Triggers<Function> triggers = new Triggers<>();

    /**
     * A reconciler.
     *
     * @param code stores code
     * @param runner runs it
     * @param publishing makes versions of it
     * @param queues knows its asynchronous events
     * @param update writes the status
     * @param urls where functions with a URL are called
     * @param clock the time
     */
    public FunctionReconciler(
            CodeSource code,
            WorkloadRunner runner,
            VersionPublisher publishing,
            AsyncQueues queues,
            StatusUpdate update,
            FunctionUrls urls,
            Clock clock) {
        this.code = code;
        this.runner = runner;
        this.publishing = publishing;
        this.queues = queues;
        this.update = update;
        this.urls = urls;
        this.clock = clock;
    }

    @Override
    public UpdateControl<Function> reconcile(Function function, Context<Function> context) throws InterruptedException {
        refuseOtherNames(function);
        List<FunctionVersion> versions =
                context.getSecondaryResourcesAsStream(FunctionVersion.class).toList();
        return switch (code(function)) {
            case CodeResult.Stored stored -> {
                FunctionStatus status = run(function, stored);
                VersionPublisher.count(status, function.getStatus(), versions);
                publishing.onChange(function, status, stored.packages(), versions);
                publishing.retire(function, versions);
                yield PodRetry.schedule(update(function, status), status, clock.instant());
            }
            case CodeResult.Missing missing -> {
                FunctionStatus status = WorkloadStatus.of(
                        function.getStatus(), function.getMetadata().getGeneration(), missing, clock.instant());
                VersionPublisher.count(status, function.getStatus(), versions);
                yield update(function, status).rescheduleAfter(CodeRetry.pause(status, clock.instant()));
            }
        };
    }

    /** Lambda's callers could not find it. */
    private static void refuseOtherNames(Function function) {
        String written = function.getSpec().functionName;
        String name = function.getMetadata().getName();
        if (written != null && !DnsLabels.ofFunction(written).equals(name)) {
            throw new IllegalStateException("spec.functionName: " + written + " belongs to the metadata.name "
                    + DnsLabels.ofFunction(written) + ", but that is " + name
                    + "; rename the Function, or leave spec.functionName out");
        }
    }

    @Override
    public ErrorStatusUpdateControl<Function> updateErrorStatus(
            Function function, Context<Function> context, Exception e) {
        Long generation = function.getMetadata().getGeneration();
        return Failure.of(e, context)
                .map(failure -> WorkloadStatus.of(function.getStatus(), generation, failure, clock.instant()))
                .map(status -> StatusUpdate.failed(update(function, status)))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    private CodeResult code(Function function) throws InterruptedException {
        return code.resolve(
                function.getMetadata().getNamespace(), function.getSpec(), CodeRetry.known(function.getStatus()));
    }

    private FunctionStatus run(Function function, CodeResult.Stored stored) {
        VersionKey id = new VersionKey(
                function.getMetadata().getNamespace(), function.getMetadata().getName(), VersionKey.LATEST);
        return runner.run(
                new Workload(id, function, function.getSpec(), stored.packages()),
                function.getSpec().concurrency.reserved,
                0,
                function.getStatus());
    }

    private UpdateControl<Function> update(Function function, FunctionStatus status) {
        Function fresh = new Function();
        fresh.getMetadata().setNamespace(function.getMetadata().getNamespace());
        fresh.getMetadata().setName(function.getMetadata().getName());
        fresh.setSpec(null);
        queues.of(function).ifPresent(it -> status.async = it);
        if (function.getSpec().url != null) {
            status.url = urls.of(
                    fresh.getMetadata().getNamespace(), fresh.getMetadata().getName(), null);
        }
        fresh.setStatus(status);
        return update.of(function, fresh, function.getStatus(), status);
    }

    /**
     * An instance of the latest code said hello or does not start, or its Deployment changed.
     *
     * @param id of the function
     */
    public void instancesChanged(VersionKey id) {
        triggers.one(new ResourceID(id.function(), id.namespace()));
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
        triggers.all(function -> true);
    }

    /** The package store answers again. */
    public void packageStoreIsBack() {
        triggers.all(function -> CodeRetry.waitsForStore(function.getStatus()));
    }

    @Override
    public List<EventSource<?, Function>> prepareEventSources(EventSourceContext<Function> context) {
        var versions = InformerEventSourceConfiguration.from(FunctionVersion.class, Function.class)
                .withSecondaryToPrimaryMapper(version -> Set.of(new ResourceID(
                        version.getSpec().function, version.getMetadata().getNamespace())))
                .withOnUpdateFilter((now, before) -> !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration()))
                .withItemStore(
                        LeanStore.ofVersionsWithoutFunction(context.getClient().getKubernetesSerialization()))
                .withInformerListLimit(LeanStore.PAGE)
                .build();
        return List.of(new InformerEventSource<>(versions, context), triggers.source(context));
    }
}
