package dev.kappa.wire;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How gateways, operators and kappa-api prove themselves to each other. A caller shows a token for the process that it means to call,
 * good there alone and for some minutes; the answer carries a proof that only who has the installation's key can make of that token. So
 * whoever got the address of a process that is gone learns nothing that is of use elsewhere, and is not believed.
 */
public final class PlatformTokens {
    /** The gateways, called by the name of their Service. */
    public static final String GATEWAYS = "gateways";

    /** Kappa-api, called by the name of its Service. */
    public static final String API = "kappa-api";

    /** The operators, each called by its address. */
    public static final String OPERATORS = "operators";

    /** More than there are processes; what is forgotten is made again. */
    private static final int MOST_KNOWN = 1_000;

    private final String secret;
    private final String ofRelease010;
    private final Set<String> self;
    private final boolean upgrades;
    private final InstantSource clock;
    private final Map<String, Renewed> shown = new ConcurrentHashMap<>();
    private final Map<String, Proven> proven = new ConcurrentHashMap<>();

    /**
     * What is shown with a call.
     *
     * @param token for the header {@link Wire#PLATFORM}
     * @param proof what only the meant process can answer in {@link Wire#PROOF}
     * @param old for the header {@link Wire#TOKEN}, which release 0.1.0 wants; null if no process of it runs
     */
    public record Shown(
            String token, String proof, @Nullable String old) {
        /**
         * Whether it was the meant process that answered.
         *
         * @param given the answer's {@link Wire#PROOF}, null if it has none
         * @return true without a proof, while release 0.1.0 is being replaced
         */
        public boolean isAnsweredBy(@Nullable String given) {
            return given == null ? old != null : InstanceToken.matches(proof, given);
        }
    }

    private record Renewed(Shown shown, long at) {}

    private record Proven(String proof, long until) {}

    /**
     * The tokens of one process.
     *
     * @param key the installation's key, not empty; its UTF-8 bytes count
     * @param self names and addresses by which it is called
     * @param upgrades whether processes of release 0.1.0 may still run, which know another token
     * @param clock the time
     */
    public PlatformTokens(String key, Collection<String> self, boolean upgrades, InstantSource clock) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        this.secret = InstanceToken.platformSecret(bytes);
        this.ofRelease010 = InstanceToken.ofPlatform(bytes);
        this.self = new HashSet<>();
        self.forEach(it -> this.self.add(bare(it)));
        this.upgrades = upgrades;
        this.clock = clock;
    }

    /**
     * The tokens of a process, from its environment.
     *
     * @param key the installation's key
     * @param service by whose name it is called, as {@link #GATEWAYS}
     * @param addresses of its pod, separated by commas
     * @param upgradesFrom the release that is being replaced; empty if none or not known
     * @return its tokens
     */
    public static PlatformTokens of(String key, String service, String addresses, String upgradesFrom) {
        Set<String> self = new HashSet<>(Arrays.asList(addresses.split(",", -1)));
        self.remove("");
        self.add(service);
        return new PlatformTokens(key, self, upgradesFrom.equals("0.1.0"), InstantSource.system());
    }

    /**
     * What to show.
     *
     * @param receiver the address that is called, or the name of a service of this class
     * @return the same for some minutes; to be kept until the answer is there
     */
    public Shown to(String receiver) {
        long now = now();
        Renewed known = shown.get(receiver);
        if (known != null && now < known.at()) {
            return known.shown();
        }
        String token = InstanceToken.of(secret, bare(receiver), now);
        Shown fresh = new Shown(token, InstanceToken.answer(secret, token), upgrades ? ofRelease010 : null);
        makeRoom(shown);
        shown.put(receiver, new Renewed(fresh, now + InstanceToken.renewIn(now)));
        return fresh;
    }

    /**
     * For how long what {@link #to} gave now is to be shown.
     *
     * @return seconds, at least 1
     */
    public long renewIn() {
        return InstanceToken.renewIn(now());
    }

    /**
     * Whether a caller is a process of the platform that means this one.
     *
     * @param given its {@link Wire#PLATFORM}
     * @param old its {@link Wire#TOKEN}
     * @return whether it may
     */
    public boolean proves(@Nullable String given, @Nullable String old) {
        return answer(given).isPresent() || (upgrades && old != null && InstanceToken.matches(ofRelease010, old));
    }

    /**
     * What the answer is to carry in {@link Wire#PROOF}.
     *
     * @param given the call's {@link Wire#PLATFORM}
     * @return empty if that is no token for this process
     */
    public Optional<String> answer(@Nullable String given) {
        if (given == null) {
            return Optional.empty();
        }
        long now = now();
        Proven known = proven.get(given);
        if (known != null && now < known.until()) {
            return Optional.of(known.proof());
        }
        if (self.stream().noneMatch(name -> InstanceToken.proves(secret, name, given, now))) {
            return Optional.empty();
        }
        String proof = InstanceToken.answer(secret, given);
        makeRoom(proven);
        proven.put(given, new Proven(proof, now + InstanceToken.renewIn(now)));
        return Optional.of(proof);
    }

    private static void makeRoom(Map<?, ?> map) {
        if (map.size() >= MOST_KNOWN) {
            map.clear();
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private long now() {
        return clock.millis() / 1000;
    }
}
