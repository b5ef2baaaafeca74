package dev.kappa.operator.alias;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.operator.status.Conditions;
import dev.kappa.operator.status.StatusUpdate;
import dev.kappa.operator.version.AliasReferences;
import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Alias → are its versions there and ready? → status. Gateways resolve aliases themselves. */
@ControllerConfiguration(name = "alias", fieldManager = "kappa-operator")
public final class AliasReconciler implements Reconciler<Alias> {
    private record Verdict(boolean ready, String reason, String message) {}

    private final StatusUpdate update;
    private final Clock clock;

    /**
     * A reconciler.
     *
     * @param update writes the status
     * @param clock the time
     */
    public AliasReconciler(StatusUpdate update, Clock clock) {
        this.update = update;
        this.clock = clock;
    }

    @Override
    public UpdateControl<Alias> reconcile(Alias alias, Context<Alias> context) {
        Map<Integer, FunctionVersion> versions = context.getSecondaryResourcesAsStream(FunctionVersion.class)
                .collect(Collectors.toMap(version -> version.getSpec().number, Function.identity()));
        return update(alias, judge(alias, versions));
    }

    private static Verdict judge(Alias alias, Map<Integer, FunctionVersion> versions) {
        for (int number : AliasReferences.numbers(alias)) {
            FunctionVersion version = versions.get(number);
            String name = alias.getSpec().function + "." + number;
            if (version == null) {
                return new Verdict(
                        false,
                        "VersionNotFound",
                        "Namespace " + alias.getMetadata().getNamespace() + " has no Version " + name
                                + "; publish it, or correct the alias. Its events are refused.");
            }
            FunctionStatus status = version.getStatus();
            Condition ready = Conditions.find(status == null ? null : status.conditions, Conditions.READY)
                    .orElse(null);
            if (ready == null || !ready.getStatus().equals("True")) {
                return new Verdict(
                        false,
                        "VersionNotReady",
                        "Version " + name + " is not ready: "
                                + (ready == null ? "it was not looked at yet." : ready.getMessage()));
            }
        }
        return new Verdict(true, "Ready", "Events go to " + shares(alias.getSpec()) + ".");
    }

    private static String shares(AliasSpec spec) {
        double additional = spec.routing == null ? 0 : spec.routing.weight;
        String main = "version " + spec.version;
        return additional == 0
                ? main
                : String.format(
                        Locale.ROOT,
                        "%s (%s %%) and version %d (%s %%)",
                        main,
                        percent(100 - additional),
                        spec.routing.version,
                        percent(additional));
    }

    private static String percent(double value) {
        return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private UpdateControl<Alias> update(Alias alias, Verdict verdict) {
        AliasStatus old = alias.getStatus();
        AliasStatus status = new AliasStatus();
        status.observedGeneration = alias.getMetadata().getGeneration();
        status.version = alias.getSpec().version;
        status.routing = alias.getSpec().routing;
        status.conditions = new Conditions(
                        old == null ? null : old.conditions, status.observedGeneration, clock.instant())
                .set(Conditions.READY, verdict.ready(), verdict.reason(), verdict.message())
                .list();
        Alias fresh = new Alias();
        fresh.getMetadata().setNamespace(alias.getMetadata().getNamespace());
        fresh.getMetadata().setName(alias.getMetadata().getName());
        fresh.setSpec(null);
        fresh.setStatus(status);
        return update.of(alias, fresh);
    }

    @Override
    public List<EventSource<?, Alias>> prepareEventSources(EventSourceContext<Alias> context) {
        var versions = InformerEventSourceConfiguration.from(FunctionVersion.class, Alias.class)
                .withPrimaryToSecondaryMapper((Alias alias) -> ids(alias).collect(Collectors.toSet()))
                .withSecondaryToPrimaryMapper(version -> context.getPrimaryCache()
                        .list(alias -> ids(alias).anyMatch(ResourceID.fromResource(version)::equals))
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
                .build();
        return List.of(new InformerEventSource<>(versions, context));
    }

    private static Stream<ResourceID> ids(Alias alias) {
        return AliasReferences.numbers(alias).stream()
                .map(number -> new ResourceID(
                        alias.getSpec().function + "." + number,
                        alias.getMetadata().getNamespace()));
    }
}
