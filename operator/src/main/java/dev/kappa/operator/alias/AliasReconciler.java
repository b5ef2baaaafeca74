package dev.kappa.operator.alias;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.VersionKey;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.operator.promotion.Rollouts;
import dev.kappa.operator.rollout.Phase;
import dev.kappa.operator.status.Conditions;
import dev.kappa.operator.status.Failure;
import dev.kappa.operator.status.StatusUpdate;
import dev.kappa.operator.version.AliasReferences;
import dev.kappa.operator.version.ProvisionedConcurrency;
import dev.kappa.operator.version.Relevance;
import dev.kappa.operator.version.VersionCheck;
import dev.kappa.operator.workload.LeanStore;
import io.fabric8.kubernetes.client.utils.Serialization;
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
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Alias → a step of its rollout, if one runs → are its versions ready? → status, from which gateways take the weights. */
@ControllerConfiguration(name = "alias", fieldManager = "kappa-operator")
public final class AliasReconciler implements Reconciler<Alias> {
    private record Verdict(@Nullable Boolean ready, String reason, String message) {}

    private static final String BY_VERSION = "version";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    private final Rollouts rollouts;
    private final StatusUpdate update;
    private final FunctionUrls urls;
    private final Clock clock;

    /**
     * A reconciler.
     *
     * @param rollouts moves aliases
     * @param update writes the status
     * @param urls where aliases with a URL are called
     * @param clock the time
     */
    public AliasReconciler(Rollouts rollouts, StatusUpdate update, FunctionUrls urls, Clock clock) {
        this.rollouts = rollouts;
        this.update = update;
        this.urls = urls;
        this.clock = clock;
    }

    @Override
    public UpdateControl<Alias> reconcile(Alias alias, Context<Alias> context) {
        Map<Integer, FunctionVersion> versions = context.getSecondaryResourcesAsStream(FunctionVersion.class)
                .collect(Collectors.toMap(version -> version.getSpec().number, Function.identity()));
        AliasStatus status = rollouts.next(alias, versions);
        ProvisionedConcurrency.of(alias, status, versions).ifPresent(it -> status.provisioned = it);
        boolean isMoving = isRunning(status);
        UpdateControl<Alias> update = update(alias, status, judge(alias, status, versions));
        return isMoving ? update.rescheduleAfter(update.isPatchStatus() ? AT_ONCE : POLL) : update;
    }

    @Override
    public ErrorStatusUpdateControl<Alias> updateErrorStatus(Alias alias, Context<Alias> context, Exception e) {
        return Failure.of(e, context)
                .map(failure -> StatusUpdate.failed(update(alias, failed(alias, failure))))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    /** Events go where they went. */
    private AliasStatus failed(Alias alias, Failure failure) {
        AliasStatus old = alias.getStatus();
        AliasStatus status = old == null ? new AliasStatus() : Serialization.clone(old);
        status.observedGeneration = alias.getMetadata().getGeneration();
        status.conditions = failure.conditions(
                status.conditions,
                old == null ? null : old.observedGeneration,
                status.observedGeneration,
                clock.instant());
        return status;
    }

    private static Verdict judge(Alias alias, AliasStatus status, Map<Integer, FunctionVersion> versions) {
        if (isRunning(status)) {
            return new Verdict(null, status.rollout.phase, status.rollout.message + ".");
        }
        AliasSpec spec = alias.getSpec();
        if (!Objects.equals(status.version, spec.version)) {
            return new Verdict(
                    false,
                    Phase.ROLLED_BACK.text(),
                    "Events go to version " + status.version + ", not to " + spec.version + ". "
                            + status.rollout.message + ".");
        }
        for (int number : AliasReferences.numbers(alias)) {
            Optional<String> problem = VersionCheck.problem(versions.get(number));
            if (problem.isPresent()) {
                return new Verdict(
                        false,
                        versions.containsKey(number) ? "VersionNotReady" : "VersionNotFound",
                        "Version " + ResourceNames.version(spec.function, number) + " is not ready: " + problem.get());
            }
        }
        return new Verdict(true, "Ready", "Events go to " + shares(status) + ".");
    }

    private static boolean isRunning(AliasStatus status) {
        return status.rollout != null && Phase.of(status.rollout.phase).isRunning();
    }

    private static String shares(AliasStatus status) {
        double additional = status.routing == null ? 0 : status.routing.weight;
        String main = status.version == null ? VersionKey.LATEST : "version " + status.version;
        return additional == 0
                ? main
                : String.format(
                        Locale.ROOT,
                        "%s (%s %%) and version %d (%s %%)",
                        main,
                        percent(100 - additional),
                        status.routing.version,
                        percent(additional));
    }

    private static String percent(double value) {
        return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private UpdateControl<Alias> update(Alias alias, AliasStatus status, Verdict verdict) {
        AliasStatus old = alias.getStatus();
        status.observedGeneration = alias.getMetadata().getGeneration();
        status.conditions = new Conditions(
                        old == null ? null : old.conditions, status.observedGeneration, clock.instant())
                .set(ConditionTypes.READY, verdict.ready(), verdict.reason(), verdict.message())
                .list();
        return update(alias, status);
    }

    private UpdateControl<Alias> update(Alias alias, AliasStatus status) {
        Alias fresh = new Alias();
        fresh.getMetadata().setNamespace(alias.getMetadata().getNamespace());
        fresh.getMetadata().setName(alias.getMetadata().getName());
        fresh.setSpec(null);
        if (alias.getSpec().url != null) {
            ResourceNames.qualifier(alias.getMetadata().getName())
                    .ifPresent(it ->
                            status.url = urls.of(alias.getMetadata().getNamespace(), alias.getSpec().function, it));
        }
        fresh.setStatus(status);
        return update.of(alias, fresh);
    }

    @Override
    public List<EventSource<?, Alias>> prepareEventSources(EventSourceContext<Alias> context) {
        context.getPrimaryCache()
                .addIndexer(
                        BY_VERSION,
                        alias -> ids(alias).map(AliasReconciler::key).toList());
        var versions = InformerEventSourceConfiguration.from(FunctionVersion.class, Alias.class)
                .withPrimaryToSecondaryMapper((Alias alias) -> ids(alias).collect(Collectors.toSet()))
                .withSecondaryToPrimaryMapper(version ->
                        context.getPrimaryCache().byIndex(BY_VERSION, key(ResourceID.fromResource(version))).stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                .withOnUpdateFilter(Relevance::ofVersionForAliases)
                .withItemStore(
                        LeanStore.ofVersionsWithoutFunction(context.getClient().getKubernetesSerialization()))
                .withInformerListLimit(LeanStore.PAGE)
                .build();
        return List.of(new InformerEventSource<>(versions, context));
    }

    private static String key(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    private static Stream<ResourceID> ids(Alias alias) {
        return AliasReferences.numbers(alias).stream()
                .map(number -> new ResourceID(
                        ResourceNames.version(alias.getSpec().function, number),
                        alias.getMetadata().getNamespace()));
    }
}
