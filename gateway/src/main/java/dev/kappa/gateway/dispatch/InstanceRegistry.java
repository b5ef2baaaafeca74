package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which instances one function has: by what they say, by what the watch of pods tells, and by asking them. */
final class InstanceRegistry {
    /** More than a version can use: a handler that says hello under ever new names must not fill the memory. */
    private static final int MAX_INSTANCES = 5_000;

    private final FunctionVersions versions;
    private final ShimCalls calls;
    private final ClusterView cluster;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final InstanceWatch watch;
    private final EventSender sender;

    /**
     * @param versions state of the function, whose monitor guards it
     * @param watch when to ask instances for their state
     * @param sender gives waiting events to instances that become free
     */
    InstanceRegistry(
            FunctionVersions versions,
            ShimCalls calls,
            ClusterView cluster,
            DispatchListener listener,
            LongSupplier clock,
            InstanceWatch watch,
            EventSender sender) {
        this.versions = versions;
        this.calls = calls;
        this.cluster = cluster;
        this.listener = listener;
        this.clock = clock;
        this.watch = watch;
        this.sender = sender;
    }

    /**
     * An instance is initialised, or failed to be.
     *
     * @param seen where the call came from, null if that is not where the pod says that it listens: then nothing is sent
     *     there until the watch of pods tells the address
     */
    Heard hello(VersionKey key, Hello hello, @Nullable InstanceAddress seen) {
        KnownPod pod = cluster.pod(key.namespace(), hello.pod());
        if (pod != null && !pod.version().equals(key)) {
            return Heard.FOREIGN_POD;
        }
        InstanceAddress address = pod == null || pod.address() == null ? seen : pod.address();
        List<Assignment> assignments;
        synchronized (versions) {
            if (!cluster.owns(key.functionKey())) {
                return Heard.NOT_OWNER;
            }
            VersionState state = versions.current(key);
            Instance instance = known(state, hello.pod(), hello.revision());
            if (instance == null) {
                return Heard.TOO_MANY;
            }
            instance.greet(hello, address, clock.getAsLong());
            state.offer(instance);
            assignments = versions.assign(state, clock.getAsLong());
        }
        sender.send(assignments);
        listener.hello(hello);
        return Heard.TAKEN;
    }

    /** The environment of an instance ended or could not be initialised: it takes no event before it says hello again. */
    Heard farewell(VersionKey key, Farewell farewell) {
        KnownPod pod = cluster.pod(key.namespace(), farewell.pod());
        if (pod != null && !pod.version().equals(key)) {
            return Heard.FOREIGN_POD;
        }
        AdmittedEvent failed = null;
        boolean replace;
        synchronized (versions) {
            if (!cluster.owns(key.functionKey())) {
                return Heard.NOT_OWNER;
            }
            VersionState state = versions.current(key);
            Instance instance = known(state, farewell.pod(), farewell.revision());
            if (instance == null) {
                return Heard.TOO_MANY;
            }
            long now = clock.getAsLong();
            boolean first = instance.phase != Instance.Phase.LOST;
            if (farewell.startsAgain()) {
                watch.startAgain(instance, now);
            } else {
                instance.enter(Instance.Phase.LOST, now);
            }
            if (farewell.initErrorType() != null && first) {
                failed = state.takeOldest(now);
            }
            if (failed != null) {
                failed.release();
                state.outcomes.ended(true);
            }
            // A token proves a version only: of a pod that no one has seen as one of it, nobody asks the end.
            replace = !farewell.startsAgain() && (pod != null || instance.wasReady());
        }
        tell(key, farewell, failed, replace);
        return Heard.TAKEN;
    }

    private void tell(VersionKey key, Farewell farewell, @Nullable AdmittedEvent failed, boolean replace) {
        if (failed != null) {
            sender.finish(failed, initError(farewell));
        }
        if (farewell.initErrorType() != null) {
            listener.hello(failedStart(farewell));
        }
        if (replace) {
            listener.lost(key, new LostInstance(key.namespace(), farewell.pod(), farewell.reason()));
        }
    }

    /** What the operator judges a revision by. */
    private static Hello failedStart(Farewell farewell) {
        return new Hello(
                farewell.namespace(),
                farewell.function(),
                farewell.version(),
                farewell.revision() == null ? "" : farewell.revision(),
                farewell.pod(),
                "",
                1,
                0,
                0,
                0,
                farewell.initErrorType(),
                farewell.initErrorMessage());
    }

    /** Lambda's answer to the event that an environment was started for which could not be initialised. */
    private static Answer initError(Farewell farewell) {
        Buffer error = new JsonObject()
                .put("errorType", farewell.initErrorType())
                .put("errorMessage", farewell.initErrorMessage())
                .toBuffer();
        return new Answer.Executed(error, "Unhandled", null, null, null);
    }

    private @Nullable Instance known(VersionState state, String pod, @Nullable String revision) {
        Instance known = state.instances.get(pod);
        if (known == null && state.instances.size() < MAX_INSTANCES) {
            known = watch.starting(pod, null, revision == null ? "" : revision, clock.getAsLong());
            state.instances.put(pod, known);
        }
        return known;
    }

    /** A pod has an address: that of an instance which said hello from another, or of one whose hello got lost. */
    void podSeen(VersionKey key, String pod, InstanceAddress address, String revision) {
        List<Assignment> assignments;
        synchronized (versions) {
            if (!cluster.owns(key.functionKey())) {
                return;
            }
            long now = clock.getAsLong();
            VersionState state = versions.current(key);
            Instance instance =
                    state.instances.computeIfAbsent(pod, name -> watch.starting(name, address, revision, now));
            instance.locate(address, now);
            state.offer(instance);
            assignments = versions.assign(state, now);
        }
        sender.send(assignments);
    }

    void podGone(VersionKey key, String pod) {
        synchronized (versions) {
            VersionState state = versions.find(key);
            if (state != null) {
                state.instances.remove(pod);
            }
        }
    }

    /** Forgets instances whose pods are gone although nobody said so. */
    void retain(Predicate<String> podExists, long olderThanMs) {
        synchronized (versions) {
            long before = clock.getAsLong() - olderThanMs;
            for (VersionState state : versions.all()) {
                state.instances
                        .values()
                        .removeIf(instance -> instance.phaseSinceMs < before && !podExists.test(instance.pod));
            }
            versions.all().removeIf(VersionState::idle);
        }
    }

    /** Asks silent instances for their state. */
    void ask() {
        List<Runnable> questions = new ArrayList<>();
        synchronized (versions) {
            long now = clock.getAsLong();
            for (VersionState state : versions.all()) {
                for (Instance instance : watch.toAsk(state, now)) {
                    questions.add(() -> ask(state, instance));
                }
            }
        }
        questions.forEach(Runnable::run);
    }

    private void ask(VersionState state, Instance instance) {
        InstanceAddress address = instance.address;
        if (address == null) {
            return;
        }
        calls.state(address, state.key).onSuccess(answer -> {
            List<Assignment> assignments;
            LostInstance lost;
            synchronized (versions) {
                long now = clock.getAsLong();
                lost = watch.told(state, instance, answer, now);
                assignments = versions.assign(state, now);
            }
            sender.send(assignments);
            if (lost != null) {
                listener.lost(state.key, lost);
            }
        });
    }
}
