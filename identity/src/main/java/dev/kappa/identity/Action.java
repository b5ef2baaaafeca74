package dev.kappa.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All calls of the public ports, and what each needs: verbs on Kubernetes' resources, those that kubectl would need for the
 * same. {@code functions/invocations}, {@code functions/events}, {@code functions/logs}, {@code functions/dead-letters} and {@code packages} are no
 * resources of the API server; there is only the right to them.
 */
public enum Action {
    /** Runs a function, also asynchronously. */
    INVOKE("InvokeFunction", "create functions/invocations of the function"),
    /** Runs a function whose answer streams; IAM knows it by the same name. */
    INVOKE_WITH_RESPONSE_STREAM("InvokeFunction", "create functions/invocations of the function"),
    /** Runs a function by its URL. */
    INVOKE_FUNCTION_URL("", "create functions/invocations of the function"),

    /** Lists the functions of the default namespace. */
    LIST_FUNCTIONS("", "list functions of the namespace"),
    /** The same with {@code FunctionVersion=ALL}. */
    LIST_FUNCTIONS_AND_VERSIONS("ListFunctions", "list functions of the namespace", "list versions of the namespace"),
    /** Shows a function, version or alias. */
    GET_FUNCTION("", "get functions of the function", "get functions of the qualifier"),
    /** Shows its configuration alone. */
    GET_FUNCTION_CONFIGURATION("", "get functions of the function", "get functions of the qualifier"),
    /** Deletes a version, or a function. */
    DELETE_FUNCTION("", "delete functions of the qualifier"),
    /** Creates a function. */
    CREATE_FUNCTION("", "create functions of the namespace"),
    /** Gives a function other code. */
    UPDATE_FUNCTION_CODE("", "patch functions of the function"),
    /** Gives a function another configuration. */
    UPDATE_FUNCTION_CONFIGURATION("", "patch functions of the function"),
    /** Creates a version and shows it. */
    PUBLISH_VERSION("", "get functions of the function", "create versions of the namespace"),
    /** Lists a function and its versions. */
    LIST_VERSIONS_BY_FUNCTION("", "get functions of the function", "list versions of the namespace"),
    /** Creates an alias. */
    CREATE_ALIAS("", "create aliases of the namespace"),
    /** Lists a function's aliases. */
    LIST_ALIASES("", "list aliases of the namespace"),
    /** Shows an alias. */
    GET_ALIAS("", "get aliases of the qualifier"),
    /** Moves an alias. */
    UPDATE_ALIAS("", "patch aliases of the qualifier"),
    /** Deletes an alias. */
    DELETE_ALIAS("", "delete aliases of the qualifier"),
    /** Sets {@code spec.async} of a function, version or alias. */
    PUT_FUNCTION_EVENT_INVOKE_CONFIG("", "patch functions of the qualifier"),
    /** Changes it. */
    UPDATE_FUNCTION_EVENT_INVOKE_CONFIG("", "patch functions of the qualifier"),
    /** Shows it. */
    GET_FUNCTION_EVENT_INVOKE_CONFIG("", "get functions of the qualifier"),
    /** Takes it away. */
    DELETE_FUNCTION_EVENT_INVOKE_CONFIG("", "patch functions of the qualifier"),
    /** Shows those of a function and of all its versions and aliases. */
    LIST_FUNCTION_EVENT_INVOKE_CONFIGS(
            "", "get functions of the function", "list versions of the namespace", "list aliases of the namespace"),

    /** Sets {@code spec.concurrency.reserved}. */
    PUT_FUNCTION_CONCURRENCY("", "patch functions of the function"),
    /** Shows it. */
    GET_FUNCTION_CONCURRENCY("", "get functions of the function"),
    /** Takes it away. */
    DELETE_FUNCTION_CONCURRENCY("", "patch functions of the function"),
    /** Sets {@code spec.provisionedConcurrency} of a version or alias. */
    PUT_PROVISIONED_CONCURRENCY_CONFIG("", "patch functions of the qualifier"),
    /** Shows it. */
    GET_PROVISIONED_CONCURRENCY_CONFIG("", "get functions of the qualifier"),
    /** Takes it away. */
    DELETE_PROVISIONED_CONCURRENCY_CONFIG("", "patch functions of the qualifier"),
    /** Shows those of all versions and aliases of a function. */
    LIST_PROVISIONED_CONCURRENCY_CONFIGS(
            "", "get functions of the function", "list versions of the namespace", "list aliases of the namespace"),
    /** Sets {@code spec.tags} of a function. */
    TAG_RESOURCE("", "patch functions of the function"),
    /** Takes some of them away. */
    UNTAG_RESOURCE("", "patch functions of the function"),
    /** Shows them. */
    LIST_TAGS("", "get functions of the function"),
    /** Counts the functions of the default namespace. */
    GET_ACCOUNT_SETTINGS("", "list functions of the namespace", "list versions of the namespace"),
    /** Adds a statement to {@code spec.permissions} of a function. */
    ADD_PERMISSION("", "patch functions of the function"),
    /** Takes one away. */
    REMOVE_PERMISSION("", "patch functions of the function"),
    /** Shows them. */
    GET_POLICY("", "get functions of the function"),

    /** Shows that no code is signed. */
    GET_FUNCTION_CODE_SIGNING_CONFIG("", "get functions of the function"),
    /** Shows that loops are ended. */
    GET_FUNCTION_RECURSION_CONFIG("", "get functions of the function"),
    /** Shows that the chart chooses the runtime's image. */
    GET_RUNTIME_MANAGEMENT_CONFIG("", "get functions of the function", "get functions of the qualifier"),

    /** Makes an event source of a function. */
    CREATE_EVENT_SOURCE_MAPPING(
            "", "create eventsources of the namespace", "create functions/invocations of the function"),
    /** Shows one. */
    GET_EVENT_SOURCE_MAPPING("", "get eventsources of the namespace"),
    /** Shows all. */
    LIST_EVENT_SOURCE_MAPPINGS("", "list eventsources of the namespace"),
    /** Changes one; it needs the right to invoke its function too. */
    UPDATE_EVENT_SOURCE_MAPPING("", "patch eventsources of the namespace"),
    /** Deletes one. */
    DELETE_EVENT_SOURCE_MAPPING("", "delete eventsources of the namespace"),

    /** Lists the layers of the default namespace. */
    LIST_LAYERS("", "list layers of the namespace"),
    /** Lists the versions of a layer, which stands in the place of a function. */
    LIST_LAYER_VERSIONS("", "get layers of the function"),
    /** Shows a version of a layer. */
    GET_LAYER_VERSION("", "get layers of the function"),
    /** The same by its ARN; IAM knows it by the same name. */
    GET_LAYER_VERSION_BY_ARN("GetLayerVersion", "get layers of the function"),
    /** Adds a version to a layer, or makes the layer. */
    PUBLISH_LAYER_VERSION("", "create layers of the namespace", "patch layers of the function"),
    /** Takes a version away. */
    DELETE_LAYER_VERSION("", "patch layers of the function"),
    /** Lets functions of another namespace use a version. */
    ADD_LAYER_VERSION_PERMISSION("", "patch layers of the function"),
    /** Shows whom. */
    GET_LAYER_VERSION_POLICY("", "get layers of the function"),
    /** Takes that away. */
    REMOVE_LAYER_VERSION_PERMISSION("", "patch layers of the function"),

    /** Gives a function or alias a URL. */
    CREATE_FUNCTION_URL_CONFIG("", "patch functions of the qualifier"),
    /** Changes it. */
    UPDATE_FUNCTION_URL_CONFIG("", "patch functions of the qualifier"),
    /** Shows it. */
    GET_FUNCTION_URL_CONFIG("", "get functions of the qualifier"),
    /** Takes it away. */
    DELETE_FUNCTION_URL_CONFIG("", "patch functions of the qualifier"),
    /** Shows those of a function and its aliases. */
    LIST_FUNCTION_URL_CONFIGS("", "get functions of the function", "list aliases of the namespace"),

    /** Stores code. */
    PUT_PACKAGE("", "create packages of the namespace"),
    /** Tells how an asynchronous event ended. */
    GET_EVENT("", "get functions/events of the function"),
    /** Lists dead letters. */
    LIST_DEAD_LETTERS("", "get functions/dead-letters of the function"),
    /** Shows one with its payload. */
    GET_DEAD_LETTER("", "get functions/dead-letters of the function"),
    /** Runs dead letters again. */
    REDRIVE_DEAD_LETTERS(
            "", "create functions/dead-letters of the function", "create functions/invocations of the function"),
    /** Throws dead letters away. */
    DELETE_DEAD_LETTERS("", "delete functions/dead-letters of the function"),
    /** Shows what the instances of a function printed. */
    READ_LOGS("logs:FilterLogEvents", "get functions/logs of the function"),
    /** Lists the log groups of the functions of the default namespace. */
    LIST_LOG_GROUPS("logs:DescribeLogGroups", "list functions of the namespace"),
    /**
     * Gives temporary credentials of a role, which stands in the place of a function: Kubernetes' right to a token of the
     * ServiceAccount.
     */
    ASSUME_ROLE("sts:AssumeRole", "create serviceaccounts/token of the function"),
    /** Shows the public key of web hooks to whoever is known. */
    GET_WEBHOOK_KEY(""),
    /** Any call of Lambda's API that Kappa does not have; whoever is known is told so. */
    NOT_SERVED("");

    private static final Pattern UNDERSCORE = Pattern.compile("_");

    /** What calls do, as the audit log tells them apart. */
    public enum Kind {
        /** Runs a function. */
        INVOCATION,
        /** Changes nothing. */
        READ,
        /** Changes something. */
        WRITE
    }

    private enum Scope {
        NAMESPACE,
        FUNCTION,
        QUALIFIER
    }

    private record Need(String verb, String resource, Scope scope) {
        private static final Pattern WORDS = Pattern.compile("(\\S+) (\\S+) of the (\\S+)");

        static Need of(String words) {
            var matcher = WORDS.matcher(words);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(words);
            }
            return new Need(
                    matcher.group(1),
                    matcher.group(2),
                    Scope.valueOf(matcher.group(3).toUpperCase(Locale.ROOT)));
        }

        Access of(Target target) {
            String qualifier = target.qualifier();
            if (scope == Scope.NAMESPACE || target.function().isEmpty()) {
                return new Access(verb, resource, target.namespace(), "");
            }
            if (scope == Scope.FUNCTION || qualifier == null || qualifier.isEmpty() || qualifier.equals("$LATEST")) {
                return new Access(verb, resource, target.namespace(), target.function());
            }
            boolean isNumber = qualifier.chars().allMatch(c -> c >= '0' && c <= '9');
            return new Access(
                    verb, isNumber ? "versions" : "aliases", target.namespace(), target.function() + "." + qualifier);
        }
    }

    private final String iamName;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
    private final List<Need> needs;

    private final Kind kind;

    Action(String iamName, String... needs) {
        this.iamName = iamName;
        this.needs = Arrays.stream(needs).map(Need::of).toList();
        this.kind = iamName.equals("InvokeFunction") || name().equals("INVOKE_FUNCTION_URL")
                ? Kind.INVOCATION
                : this.needs.stream().allMatch(it -> Set.of("get", "list").contains(it.verb()))
                        ? Kind.READ
                        : Kind.WRITE;
    }

    /**
     * The action as policies of IAM name it.
     *
     * @return such as {@code lambda:InvokeFunction}
     */
    public String iamName() {
        if (iamName.contains(":")) {
            return iamName;
        }
        return "lambda:"
                + (iamName.isEmpty()
                        ? Arrays.stream(UNDERSCORE.split(name(), -1))
                                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining())
                        : iamName);
    }

    /**
     * What the call does.
     *
     * @return by its verbs
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What a call needs.
     *
     * @param target what it is about
     * @param arn of the target, for the error that refuses it
     * @return the accesses and their names
     */
    public Permission on(Target target, String arn) {
        List<Access> accesses = new ArrayList<>(needs.size());
        for (Need need : needs) {
            Access access = need.of(target);
            if (!accesses.contains(access)) {
                accesses.add(access);
            }
        }
        return new Permission(this, target, arn, accesses);
    }
}
