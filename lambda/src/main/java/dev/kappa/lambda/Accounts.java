package dev.kappa.lambda;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Maps namespaces to the 12-digit accounts of ARNs and back; the way back knows only namespaces it was told of. */
public final class Accounts {
    /** The account of the default namespace. */
    public static final String DEFAULT_ACCOUNT = "000000000000";

    private static final int DIGITS = 12;

    private final String region;
    private final String defaultNamespace;
    private final Map<String, String> accounts = new ConcurrentHashMap<>();
    private final Map<String, String> namespaces = new ConcurrentHashMap<>();

    /**
     * An empty mapping.
     *
     * @param region the region that ARNs show
     * @param defaultNamespace namespace of callers that name none
     */
    public Accounts(String region, String defaultNamespace) {
        this.region = region;
        this.defaultNamespace = defaultNamespace;
        know(defaultNamespace);
    }

    /**
     * Makes the way back from the account possible.
     *
     * @param namespace a namespace that holds functions
     */
    public void know(String namespace) {
        namespaces.put(account(namespace), namespace);
    }

    /**
     * Namespace of callers that name none.
     *
     * @return its name
     */
    public String defaultNamespace() {
        return defaultNamespace;
    }

    /**
     * Account of a namespace.
     *
     * @param namespace any namespace
     * @return 12 digits: zeros for the default namespace, else the first digits of the namespace's SHA-256
     */
    public String account(String namespace) {
        if (namespace.equals(defaultNamespace)) {
            return DEFAULT_ACCOUNT;
        }
        String known = accounts.get(namespace);
        if (known != null) {
            return known;
        }
        String derived = derive(namespace);
        // Callers choose what they ask for: only namespaces that exist are remembered.
        if (namespaces.containsKey(derived)) {
            accounts.put(namespace, derived);
        }
        return derived;
    }

    /**
     * Finds the namespace of what a caller wrote.
     *
     * @param name the parsed name
     * @param qualifier the qualifier that applies, of the name or of the query
     * @return the function; empty if the account is unknown or contradicts the namespace after the dot
     */
    public Optional<FunctionRef> resolve(FunctionName name, Optional<String> qualifier) {
        String written = name.name();
        int dot = written.indexOf('.');
        String function = dot < 0 ? written : written.substring(0, dot);
        String namespace = dot < 0 ? null : written.substring(dot + 1);
        String account = name.account();
        if (account != null) {
            String ofAccount = namespaces.get(account);
            if (ofAccount == null || (namespace != null && !namespace.equals(ofAccount))) {
                return Optional.empty();
            }
            namespace = ofAccount;
        }
        if (namespace == null) {
            namespace = defaultNamespace;
        }
        return Optional.of(new FunctionRef(namespace, function, qualifier.orElse(null)));
    }

    /**
     * ARN of a function.
     *
     * @param ref what the caller asked for
     * @return the ARN with the qualifier if there is one
     */
    public String arn(FunctionRef ref) {
        String arn = "arn:aws:lambda:" + region + ":" + account(ref.namespace()) + ":function:" + ref.function();
        return ref.qualifier() == null ? arn : arn + ":" + ref.qualifier();
    }

    /**
     * ARN of a layer.
     *
     * @param namespace whose
     * @param layer its name
     * @return the ARN, to which a colon and a number are added for one of its versions
     */
    public String layerArn(String namespace, String layer) {
        return "arn:aws:lambda:" + region + ":" + account(namespace) + ":layer:" + layer;
    }

    /**
     * ARN of a log group.
     *
     * @param namespace whose
     * @param name such as {@code /aws/lambda/hello}
     * @return the ARN
     */
    public String logGroupArn(String namespace, String name) {
        return "arn:aws:logs:" + region + ":" + account(namespace) + ":log-group:" + name;
    }

    /**
     * ARN of an event source mapping.
     *
     * @param namespace whose
     * @param uuid its id
     * @return the ARN
     */
    public String mappingArn(String namespace, String uuid) {
        return "arn:aws:lambda:" + region + ":" + account(namespace) + ":event-source-mapping:" + uuid;
    }

    /**
     * ARN that stands for a NATS subject, that of a queue.
     *
     * @param namespace whose account it shows
     * @param subject name of the queue
     * @return the ARN
     */
    public String queueArn(String namespace, String subject) {
        return "arn:aws:sqs:" + region + ":" + account(namespace) + ":" + subject;
    }

    /**
     * Namespace of an account.
     *
     * @param account 12 digits
     * @return empty for one that no known namespace has
     */
    public Optional<String> namespace(String account) {
        return Optional.ofNullable(namespaces.get(account));
    }

    /**
     * ARN that stands for a ServiceAccount.
     *
     * @param namespace whose account it shows
     * @param name of the ServiceAccount
     * @return that of a role of IAM
     */
    public String roleArn(String namespace, String name) {
        return "arn:aws:iam::" + account(namespace) + ":role/" + name;
    }

    /**
     * ARN of a name whose account is unknown, for the error that says so.
     *
     * @param name the parsed name
     * @param qualifier the qualifier that applies
     * @return an ARN
     */
    public String arnOfUnknown(FunctionName name, Optional<String> qualifier) {
        String account = name.account() == null ? DEFAULT_ACCOUNT : name.account();
        return "arn:aws:lambda:" + region + ":" + account + ":function:" + name.name()
                + qualifier.map(q -> ":" + q).orElse("");
    }

    private static String derive(String namespace) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(namespace.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash).toString().substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
