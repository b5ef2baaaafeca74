package dev.kappa.gateway.catalog;

import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.VersionKey;
import dev.kappa.lambda.policy.Statement;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions, versions and aliases of the cluster, fed by informers. */
public final class Catalog {
    private record Qualified(String namespace, String function, String qualifier) {}

    private final Map<Qualified, FunctionInfo> functions = new ConcurrentHashMap<>();
    private final Map<Qualified, VersionInfo> versions = new ConcurrentHashMap<>();
    private final Map<Qualified, AliasInfo> aliases = new ConcurrentHashMap<>();
    private final Map<Qualified, Spread> spreads = new ConcurrentHashMap<>();
    private final Urls urls = new Urls();
    private final List<Consumer<FunctionKey>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Resolves what a caller asked for.
     *
     * @param ref function and qualifier
     * @param headers of the event, by name, for a weighted alias that keeps callers
     * @return the version; empty if function, version or alias does not exist
     */
    public Optional<VersionKey> resolve(FunctionRef ref, UnaryOperator<@Nullable String> headers) {
        String qualifier = ref.qualifier() == null ? VersionKey.LATEST : ref.qualifier();
        if (!functions.containsKey(new Qualified(ref.namespace(), ref.function(), VersionKey.LATEST))) {
            return Optional.empty();
        }
        Qualified asked = new Qualified(ref.namespace(), ref.function(), qualifier);
        AliasInfo alias = aliases.get(asked);
        if (alias != null) {
            int drawn = draw(alias, asked, headers);
            asked = new Qualified(
                    ref.namespace(),
                    ref.function(),
                    drawn == AliasInfo.LATEST ? VersionKey.LATEST : String.valueOf(drawn));
        }
        return functions.containsKey(asked) || versions.containsKey(asked)
                ? Optional.of(new VersionKey(asked.namespace(), asked.function(), asked.qualifier()))
                : Optional.empty();
    }

    private int draw(AliasInfo alias, Qualified name, UnaryOperator<@Nullable String> headers) {
        if (alias.weightPercent() == 0) {
            return alias.version();
        }
        String caller = alias.stickyHeader() == null ? null : headers.apply(alias.stickyHeader());
        return alias.draw(
                caller == null
                        ? spreads.computeIfAbsent(name, it -> new Spread()).draw()
                        : Spread.sticky(alias.namespace() + "/" + alias.function() + "." + alias.alias(), caller));
    }

    /**
     * What the dispatcher must know of a version.
     *
     * @param key the version
     * @return null if it does not exist
     */
    public @Nullable VersionConfig config(VersionKey key) {
        FunctionInfo function = functions.get(new Qualified(key.namespace(), key.function(), VersionKey.LATEST));
        if (function == null) {
            return null;
        }
        if (key.version().equals(VersionKey.LATEST)) {
            return new VersionConfig(
                    function.revision(),
                    function.timeoutSeconds(),
                    function.reserved(),
                    function.notReady(),
                    function.noPods(),
                    function.payloadOfSeat());
        }
        VersionInfo version = versions.get(new Qualified(key.namespace(), key.function(), key.version()));
        return version == null
                ? null
                : new VersionConfig(
                        version.revision(),
                        version.timeoutSeconds(),
                        function.reserved(),
                        version.notReady(),
                        version.noPods(),
                        version.payloadOfSeat());
    }

    /**
     * How asynchronous events are treated: as the alias or version says that they name, else as the function says.
     *
     * @param ref what a caller named
     * @return the settings that apply now
     */
    public AsyncSettings async(FunctionRef ref) {
        Qualified function = new Qualified(ref.namespace(), ref.function(), VersionKey.LATEST);
        if (ref.qualifier() != null) {
            Qualified asked = new Qualified(ref.namespace(), ref.function(), ref.qualifier());
            AliasInfo alias = aliases.get(asked);
            VersionInfo version = versions.get(asked);
            AsyncSettings own = alias != null ? alias.async() : version != null ? version.async() : null;
            if (own != null) {
                return own;
            }
        }
        FunctionInfo info = functions.get(function);
        return info == null || info.async() == null ? AsyncSettings.DEFAULT : info.async();
    }

    /**
     * Where the payload of an event goes that was given up.
     *
     * @param key the version that it was for
     * @return null for nowhere besides Kappa's own dead letters
     */
    public @Nullable Target deadLetter(VersionKey key) {
        Qualified name = new Qualified(key.namespace(), key.function(), key.version());
        FunctionInfo function = functions.get(name);
        VersionInfo version = versions.get(name);
        return function != null ? function.deadLetter() : version != null ? version.deadLetter() : null;
    }

    /**
     * Who may invoke a function besides those whom RBAC lets.
     *
     * @param key the function
     * @return its statements; none if there is no such function
     */
    public List<Statement> policy(FunctionKey key) {
        FunctionInfo info = functions.get(new Qualified(key.namespace(), key.name(), VersionKey.LATEST));
        return info == null ? List.of() : info.policy();
    }

    /**
     * The URLs of functions and aliases.
     *
     * @return always as they are now
     */
    public Urls urls() {
        return urls;
    }

    /**
     * Whether a function exists.
     *
     * @param key the function
     * @return whether it was told of and not removed
     */
    public boolean has(FunctionKey key) {
        return functions.containsKey(new Qualified(key.namespace(), key.name(), VersionKey.LATEST));
    }

    /**
     * By what a function differs from an earlier one of its name.
     *
     * @param key the function
     * @return its uid; empty if there is no such function
     */
    public String uid(FunctionKey key) {
        FunctionInfo info = functions.get(new Qualified(key.namespace(), key.name(), VersionKey.LATEST));
        return info == null ? "" : info.uid();
    }

    /**
     * Whether a queue's function exists, rather than another one of its name.
     *
     * @param queue the queue
     * @return whether its events may run
     */
    public boolean has(QueueKey queue) {
        return has(queue.function()) && (queue.uid().isEmpty() || queue.uid().equals(uid(queue.function())));
    }

    /**
     * Calls back when a function is gone, or another one of its name is there.
     *
     * @param gone hears of it
     */
    public void onGone(Consumer<FunctionKey> gone) {
        listeners.add(gone);
    }

    /**
     * Hands over every version, {@code $LATEST} included.
     *
     * @param namespace of this namespace only
     * @param consumer takes them
     */
    public void eachVersion(String namespace, Consumer<VersionKey> consumer) {
        eachOf(functions, namespace, consumer);
        eachOf(versions, namespace, consumer);
    }

    /**
     * Adds or replaces a function.
     *
     * @param info the function
     */
    public void put(FunctionInfo info) {
        urls.put(new FunctionRef(info.namespace(), info.name(), null), info.url());
        FunctionInfo before = functions.put(new Qualified(info.namespace(), info.name(), VersionKey.LATEST), info);
        if (before != null && !before.uid().equals(info.uid())) {
            FunctionKey function = new FunctionKey(info.namespace(), info.name());
            listeners.forEach(it -> it.accept(function));
        }
    }

    /**
     * Adds or replaces a version.
     *
     * @param info the version
     */
    public void put(VersionInfo info) {
        versions.put(new Qualified(info.namespace(), info.function(), String.valueOf(info.number())), info);
    }

    /**
     * Adds or replaces an alias.
     *
     * @param info the alias
     */
    public void put(AliasInfo info) {
        aliases.put(new Qualified(info.namespace(), info.function(), info.alias()), info);
        urls.put(new FunctionRef(info.namespace(), info.function(), info.alias()), info.url());
    }

    /**
     * Removes a function.
     *
     * @param key the function
     */
    public void removeFunction(FunctionKey key) {
        urls.remove(new FunctionRef(key.namespace(), key.name(), null));
        functions.remove(new Qualified(key.namespace(), key.name(), VersionKey.LATEST));
        listeners.forEach(it -> it.accept(key));
    }

    /**
     * Removes a version.
     *
     * @param function its function
     * @param number of the version
     */
    public void removeVersion(FunctionKey function, String number) {
        versions.remove(new Qualified(function.namespace(), function.name(), number));
    }

    /**
     * Removes an alias.
     *
     * @param function its function
     * @param alias its name without the function's
     */
    public void removeAlias(FunctionKey function, String alias) {
        Qualified name = new Qualified(function.namespace(), function.name(), alias);
        aliases.remove(name);
        urls.remove(new FunctionRef(function.namespace(), function.name(), alias));
        spreads.remove(name);
    }

    private static void eachOf(Map<Qualified, ?> entries, String namespace, Consumer<VersionKey> consumer) {
        for (Qualified key : entries.keySet()) {
            if (key.namespace().equals(namespace)) {
                consumer.accept(new VersionKey(key.namespace(), key.function(), key.qualifier()));
            }
        }
    }
}
