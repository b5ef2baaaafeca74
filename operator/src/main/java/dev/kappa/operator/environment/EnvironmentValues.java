package dev.kappa.operator.environment;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.environment.References.Reference;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Knows what the Secrets and ConfigMaps hold that versions name, as keyed digests, and tells who names one that changed. It reads
 * only those, and those only again that a watch says have changed.
 */
public final class EnvironmentValues {
    private static final int DIGITS = 16;

    /** Reads objects. */
    @FunctionalInterface
    interface Reader {
        /** The object with its values, {@link Held#NOTHING} if there is none, or {@link Held#UNREADABLE}. */
        Held read(Source source);
    }

    /**
     * An object.
     *
     * @param resourceVersion of it
     * @param values by their keys, null if they may not be read
     */
    record Held(String resourceVersion, @Nullable Map<String, byte[]> values) {
        static final Held NOTHING = new Held(ABSENT, Map.of());
        static final Held UNREADABLE = new Held(ABSENT, null);
    }

    /**
     * What is remembered of an object.
     *
     * @param resourceVersion {@link #ABSENT} if there is no object
     * @param digests of its values by their keys, null if it may not be read
     */
    private record Known(String resourceVersion, @Nullable Map<String, String> digests) {}

    private static final String ABSENT = "";

    private final References references = new References();
    private final Map<Source, Known> known = new ConcurrentHashMap<>();
    private final Map<Source, String> watched = new ConcurrentHashMap<>();
    private final byte[] key;
    private final Reader reader;

    /**
     * Knows nothing yet.
     *
     * @param secret the installation's key
     * @param reader reads objects
     */
    EnvironmentValues(String secret, Reader reader) {
        this.key = secret.getBytes(StandardCharsets.UTF_8);
        this.reader = reader;
    }

    /**
     * What a version's variables hold now; it is told of changes from now on.
     *
     * @param id of the version
     * @param spec its configuration
     * @return a digest, or what is missing
     */
    public Values of(VersionKey id, FunctionSpec spec) {
        List<Reference> named = References.of(id.namespace(), spec);
        references.put(id, named);
        if (named.isEmpty()) {
            return Values.NONE;
        }
        Mac digest = mac();
        for (Reference reference : named) {
            Known object = known(reference.source());
            if (object.digests() == null) {
                continue;
            }
            String value = object.digests().get(reference.key());
            if (value == null) {
                return new Values("", missing(reference, object));
            }
            digest.update((reference.variable() + "=" + value + ";").getBytes(StandardCharsets.UTF_8));
        }
        return new Values(HexFormat.of().formatHex(digest.doFinal()).substring(0, DIGITS), null);
    }

    private static String missing(Reference reference, Known object) {
        return object.resourceVersion().equals(ABSENT)
                ? reference.source() + ", which the variable " + reference.variable() + " needs, does not exist"
                : reference.source() + " has no key " + reference.key() + ", which the variable " + reference.variable()
                        + " needs";
    }

    private Known known(Source source) {
        Known last = known.get(source);
        String seen = watched.get(source);
        if (last != null && (seen == null || seen.equals(last.resourceVersion()))) {
            return last;
        }
        Held read = reader.read(source);
        Known now = new Known(read.resourceVersion(), read.values() == null ? null : digests(read.values()));
        known.put(source, now);
        return now;
    }

    private Map<String, String> digests(Map<String, byte[]> values) {
        Mac mac = mac();
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        it -> HexFormat.of()
                                .formatHex(mac.doFinal(it.getValue()))
                                .substring(0, 2 * DIGITS)));
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Whether a version names an object. */
    boolean isNamed(Source source) {
        return references.has(source);
    }

    /**
     * An object is as the watch shows it.
     *
     * @param source which
     * @param resourceVersion of it, null if it was deleted
     * @param changed hears of the versions that name it, if that is news
     */
    void seen(Source source, @Nullable String resourceVersion, Consumer<VersionKey> changed) {
        if (!isNamed(source)) {
            watched.remove(source);
            known.remove(source);
            return;
        }
        String now = Objects.requireNonNullElse(resourceVersion, ABSENT);
        watched.put(source, now);
        Known last = known.get(source);
        if (last == null || !last.resourceVersion().equals(now)) {
            references.naming(source).forEach(changed);
        }
    }

    /**
     * Forgets versions that were deleted.
     *
     * @param exists whether one is there
     */
    public void retain(Predicate<VersionKey> exists) {
        references.retain(exists);
        known.keySet().removeIf(it -> !isNamed(it));
        watched.keySet().removeIf(it -> !isNamed(it));
    }
}
