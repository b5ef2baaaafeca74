package dev.kappa.operator.status;

import java.util.List;
import java.util.Locale;

/** What a person can do about what Kubernetes says, found by its usual words. */
public final class Remedy {
    private record Rule(String words, String remedy) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    "exceeded quota",
                    "raise the ResourceQuota, lower spec.memory or spec.scaling.max, or delete what uses it"),
            new Rule("failed quota", "set spec.memory, or change the ResourceQuota"),
            new Rule("service account", "create the ServiceAccount, or correct spec.serviceAccountName"),
            new Rule("serviceaccount", "create the ServiceAccount, or correct spec.serviceAccountName"),
            new Rule("per container", "change the LimitRange, or spec.memory or spec.ephemeralStorage"),
            new Rule("per pod", "change the LimitRange, or spec.memory or spec.ephemeralStorage"),
            new Rule("podsecurity", "let the namespace's Pod Security level admit the pods"),
            new Rule("admission webhook", "change what that webhook refuses, or the webhook"),
            new Rule("validatingadmissionpolicy", "change what that policy refuses, or the policy"),
            new Rule("failed calling webhook", "look at the pods of that webhook"),
            new Rule("is being terminated", "create the function in another namespace"),
            new Rule("insufficient", "add a node, or lower spec.memory"),
            new Rule("nodes are available", "look at the nodes, or lower spec.memory"),
            new Rule("secret", "create the Secret with that key, or correct spec.environment"),
            new Rule("configmap", "create the ConfigMap with that key, or correct spec.environment"),
            new Rule("image", "correct spec.code.image.reference, or let the nodes pull from its registry"));

    private static final String NONE = "remove the cause; Kappa tries again by itself";

    private Remedy() {}

    /**
     * Finds the remedy.
     *
     * @param message of Kubernetes
     * @return what to do, in a part of a sentence
     */
    public static String of(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        return RULES.stream()
                .filter(rule -> words.contains(rule.words()))
                .findFirst()
                .map(Rule::remedy)
                .orElse(NONE);
    }
}
