package dev.kappa.operator.promotion;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.Rollout;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Autoscaler;
import dev.kappa.operator.autoscaler.Replicas;
import dev.kappa.operator.autoscaler.ScalingTarget;
import dev.kappa.operator.rollout.Observation;
import dev.kappa.operator.rollout.Observation.Green;
import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.operator.rollout.Phase;
import dev.kappa.operator.rollout.Progress;
import dev.kappa.operator.rollout.RolloutMachine;
import dev.kappa.operator.version.VersionCheck;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Moves an alias towards its spec: at once, or by a rollout, which it observes and keeps instances for. */
public final class Rollouts {
    private static final String ABORTED = "aborted";
    /** The alias is where its spec wants it: the next change is another wish, also back to what failed. */
    private static final String SETTLED = "settled";

    private final Autoscaler autoscaler;
    private final Replicas replicas;
    private final Alarms alarms;
    private final HookCalls hooks;
    private final Clock clock;

    /**
     * Moves aliases.
     *
     * @param autoscaler keeps instances, and knows which are ready
     * @param replicas what runs
     * @param alarms judge green
     * @param hooks invokes functions that judge
     * @param clock the time
     */
    public Rollouts(Autoscaler autoscaler, Replicas replicas, Alarms alarms, HookCalls hooks, Clock clock) {
        this.autoscaler = autoscaler;
        this.replicas = replicas;
        this.alarms = alarms;
        this.hooks = hooks;
        this.clock = clock;
    }

    /**
     * Where the alias is next.
     *
     * @param alias with its status so far
     * @param versions by number
     * @return a status without conditions
     */
    public AliasStatus next(Alias alias, Map<Integer, FunctionVersion> versions) {
        AliasSpec spec = alias.getSpec();
        AliasStatus old = alias.getStatus();
        AliasStatus status = new AliasStatus();
        status.version = spec.version;
        if (old == null || old.version == null) {
            status.routing = spec.routing;
            return status;
        }
        status.history = old.history;
        Optional<Progress> last = RolloutStates.read(old);
        Optional<Progress> running = last.filter(it -> it.phase().isRunning());
        if (spec.rollout == null) {
            running.map(at -> at.rolledBack("spec.rollout was removed", clock.instant()))
                    .ifPresent(end -> {
                        release(alias, end);
                        status.history = RolloutStates.remember(old.history, end, "");
                    });
            status.routing = spec.routing;
            return status;
        }
        if (running.isPresent()) {
            advance(alias, running.get(), versions, status);
            return status;
        }
        if (old.rollout != null) {
            status.rollout = Serialization.clone(old.rollout);
        }
        if (Objects.equals(spec.version, old.version)) {
            status.previousVersion = old.previousVersion;
            last.ifPresent(it -> status.rollout.attempt = SETTLED);
            return status;
        }
        if (Objects.equals(spec.version, old.previousVersion)) {
            back(alias, old.version, status);
            return status;
        }
        begin(alias, old.version, last, status);
        return status;
    }

    private void advance(Alias alias, Progress at, Map<Integer, FunctionVersion> versions, AliasStatus status) {
        AliasSpec spec = alias.getSpec();
        Instant now = clock.instant();
        if (spec.version != at.to() && !isAborted(spec.rollout)) {
            redirect(alias, at, status, now);
            return;
        }
        Progress next;
        if (isAborted(spec.rollout)) {
            next = at.rolledBack("spec.rollout.abort is true", now).asAttempt(ABORTED);
        } else {
            next = RolloutMachine.next(at, Plans.of(spec.rollout), observe(alias, at, versions, now), now)
                    .asAttempt(attempt(spec));
        }
        if (next.phase().isRunning()) {
            keep(alias, next, now);
            RolloutStates.write(next, spec.rollout.strategy, status);
        } else {
            finish(alias, next, status);
        }
    }

    /** Ends the rollout, and begins the next one with what has the events as its blue. */
    private void redirect(Alias alias, Progress at, AliasStatus status, Instant now) {
        Progress end =
                RolloutMachine.redirected(at, alias.getSpec().version, now).asAttempt(SETTLED);
        finish(alias, end, status);
        if (!Objects.equals(status.version, alias.getSpec().version)) {
            begin(alias, status.version, Optional.of(end), status);
        }
    }

    private void begin(Alias alias, int blue, Optional<Progress> last, AliasStatus status) {
        AliasSpec spec = alias.getSpec();
        boolean rolledBack = last.filter(it -> it.phase() == Phase.ROLLED_BACK)
                .filter(it -> it.to() == spec.version)
                .isPresent();
        String attempt = isAborted(spec.rollout) ? ABORTED : attempt(spec);
        if (rolledBack && last.get().attempt().equals(attempt)) {
            status.version = blue;
            return;
        }
        Progress start = Progress.start(blue, spec.version, attempt, clock.instant());
        if (isAborted(spec.rollout)) {
            finish(alias, start.rolledBack("spec.rollout.abort is true", clock.instant()), status);
        } else {
            keep(alias, start, clock.instant());
            RolloutStates.write(start, spec.rollout.strategy, status);
        }
    }

    /** The version before the last rollout is known to be good: it needs no rollout. */
    private void back(Alias alias, int from, AliasStatus status) {
        Progress at = Progress.start(from, alias.getSpec().version, attempt(alias.getSpec()), clock.instant());
        RolloutStates.write(at.succeeded("spec.version was set back to " + at.to(), clock.instant()), "Manual", status);
    }

    private void keep(Alias alias, Progress at, Instant now) {
        VersionKey green = id(alias, at.to());
        floor(alias, at, at.instances(), at.greenInstances(autoscaler.ready(green, now)), now);
        alarms.watch(green, now);
    }

    private void floor(Alias alias, Progress at, int blue, int green, Instant now) {
        String holder = alias.getMetadata().getUid();
        autoscaler.floor(id(alias, at.from()), holder, blue, now);
        autoscaler.floor(id(alias, at.to()), holder, green, now);
    }

    private void finish(Alias alias, Progress end, AliasStatus status) {
        release(alias, end);
        RolloutStates.write(end, alias.getSpec().rollout.strategy, status);
        if (end.phase() == Phase.SUCCEEDED) {
            status.previousVersion = end.from();
        }
    }

    private void release(Alias alias, Progress end) {
        floor(alias, end, 0, 0, clock.instant());
        hooks.forget(deploymentId(alias, end));
    }

    private Observation observe(Alias alias, Progress at, Map<Integer, FunctionVersion> versions, Instant now) {
        VersionKey green = id(alias, at.to());
        return new Observation(
                replicas.of(id(alias, at.from())).orElse(0),
                green(green, versions.get(at.to()), now),
                alarms.judge(alias, at, green, now),
                hook(alias, at));
    }

    private Green green(VersionKey id, @Nullable FunctionVersion version, Instant now) {
        Optional<String> problem = VersionCheck.problem(version);
        if (problem.isPresent()) {
            return new Green.Unusable(problem.get());
        }
        Optional<ScalingTarget> target = autoscaler.target(id);
        if (target.isEmpty()) {
            return new Green.Unusable("it was not looked at yet");
        }
        return new Green.Running(
                autoscaler.ready(id, now), target.get().kept(), target.get().clamp(Integer.MAX_VALUE));
    }

    private Hook hook(Alias alias, Progress at) {
        Rollout.Hooks names = alias.getSpec().rollout.hooks;
        String hook = names == null
                ? null
                : switch (at.phase()) {
                    case PRE_TRAFFIC -> names.preTraffic;
                    case POST_TRAFFIC -> names.postTraffic;
                    default -> null;
                };
        if (hook == null) {
            return new Hook.Pending();
        }
        return hooks.outcome(new HookCalls.Call(
                deploymentId(alias, at),
                at.phase() == Phase.PRE_TRAFFIC ? "preTraffic" : "postTraffic",
                hook,
                alias.getMetadata().getNamespace(),
                alias.getMetadata().getName(),
                at.from(),
                at.to()));
    }

    private static String deploymentId(Alias alias, Progress at) {
        String of = alias.getMetadata().getUid() + "/" + at.to() + "/" + at.startedAt();
        return "d-" + UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isAborted(Rollout rollout) {
        return Boolean.TRUE.equals(rollout.abort);
    }

    /** What was asked for: after a rollback, another wish is another attempt. */
    private static String attempt(AliasSpec spec) {
        String wish = spec.version + Serialization.asJson(spec.rollout);
        return UUID.nameUUIDFromBytes(wish.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static VersionKey id(Alias alias, int number) {
        return new VersionKey(alias.getMetadata().getNamespace(), alias.getSpec().function, Integer.toString(number));
    }
}
