package dev.kappa.identity;

import dev.kappa.lambda.Accounts;
import java.util.List;
import java.util.Optional;

/**
 * Who makes a call, in the words of Kubernetes' authentication.
 *
 * @param name of the user; records and logs show it
 * @param uid of the user, empty if it is not known
 * @param groups of the user
 */
public record Caller(String name, String uid, List<String> groups) {
    /** Who calls a function URL that asks nobody who he is; named as Kubernetes names such callers. */
    public static final Caller ANONYMOUS = new Caller("system:anonymous", "", List.of("system:unauthenticated"));

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    /** Keeps the groups. */
    public Caller {
        groups = List.copyOf(groups);
    }

    /**
     * A caller of no group.
     *
     * @param name of the user
     */
    public Caller(String name) {
        this(name, "", List.of());
    }

    /**
     * A ServiceAccount with the groups that Kubernetes gives to all of them.
     *
     * @param namespace of the account
     * @param name of the account
     * @return the caller
     */
    public static Caller serviceAccount(String namespace, String name) {
        return new Caller(
                SERVICE_ACCOUNT + namespace + ":" + name,
                "",
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"));
    }

    /**
     * A ServiceAccount.
     *
     * @param namespace of the account
     * @param name of the account
     */
    public record Account(String namespace, String name) {}

    /**
     * The ServiceAccount that it is.
     *
     * @return empty for any other user
     */
    public Optional<Account> account() {
        int colon = name.lastIndexOf(':');
        return name.startsWith(SERVICE_ACCOUNT) && colon > SERVICE_ACCOUNT.length()
                ? Optional.of(new Account(name.substring(SERVICE_ACCOUNT.length(), colon), name.substring(colon + 1)))
                : Optional.empty();
    }

    /**
     * How IAM would name it.
     *
     * @param accounts of namespaces
     * @return a role in the account of its namespace for a ServiceAccount, else a user
     */
    public String arn(Accounts accounts) {
        return account()
                .map(it -> accounts.roleArn(it.namespace(), it.name()))
                .orElse("arn:aws:iam::" + Accounts.DEFAULT_ACCOUNT + ":user/" + name);
    }
}
