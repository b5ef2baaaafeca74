package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.Violations;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one call. What violates the model is collected until {@link #function} is asked for, so that the error
 * names all of it.
 */
final class Input {
    /** The model's longest name of a function where the namespace is not part of it. */
    private static final int SHORT_NAME = 140;

    private static final int FUNCTION = 2;
    private static final int ALIAS = 4;
    private static final int MAX_ITEMS = 10_000;
    private static final Pattern ALIAS_NAME = Pattern.compile("(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
    private static final Pattern VERSION = Pattern.compile("(\\$LATEST|[0-9]+)");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final Operation operation;
    private final List<String> path;
    private final MultiMap query;
    private final JsonObject body;
    private final Accounts accounts;
    private final Violations violations = new Violations();

    private Input(Operation operation, List<String> path, MultiMap query, JsonObject body, Accounts accounts) {
        this.operation = operation;
        this.path = path;
        this.query = query;
        this.body = body;
        this.accounts = accounts;
    }

    /**
     * Reads a call.
     *
     * @throws RefusedException if the body is no JSON object
     */
    static Input of(Operation operation, String path, MultiMap query, Buffer body, Accounts accounts) {
        return new Input(operation, Operation.segments(path), query, parse(body), accounts);
    }

    private static JsonObject parse(Buffer body) {
        if (body.length() == 0) {
            return new JsonObject();
        }
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw new RefusedException(
                    AwsError.invalidContent("Could not parse request body into json: " + e.getMessage()));
        }
    }

    /** What the call violates so far; more may be added. */
    Violations violations() {
        return violations;
    }

    /** The alias in the path. */
    String aliasInPath() {
        String name = FunctionParameters.decode(path.get(ALIAS));
        checkAlias(name);
        return name;
    }

    /** The alias in the body. */
    String aliasInBody() {
        String name = text("Name");
        violations.required(name, "name");
        checkAlias(name);
        return String.valueOf(name);
    }

    private void checkAlias(@Nullable String name) {
        violations.length(name, "name", 1, Limits.ALIAS);
        violations.pattern(name, "name", ALIAS_NAME);
    }

    /** {@code FunctionVersion} of the body. */
    @Nullable
    String version() {
        return checkVersion(text("FunctionVersion"));
    }

    /** {@code FunctionVersion} of the query. */
    @Nullable
    String queriedVersion() {
        return checkVersion(query.get("FunctionVersion"));
    }

    private @Nullable String checkVersion(@Nullable String version) {
        violations.length(version, "functionVersion", 1, 1024);
        violations.pattern(version, "functionVersion", VERSION);
        return version;
    }

    /** {@code Description} of the body. */
    @Nullable
    String description() {
        String description = text("Description");
        violations.length(description, "description", 0, Limits.DESCRIPTION);
        return description;
    }

    /** Where a list begins and how long it is. */
    Page page() {
        return page(MAX_ITEMS);
    }

    /** Where a list begins and how long it is, for a call that allows fewer items. */
    Page page(int maxItems) {
        String items = query.get("MaxItems");
        int limit = Page.LARGEST;
        if (items != null && !items.isEmpty()) {
            try {
                limit = Integer.parseInt(items);
            } catch (NumberFormatException e) {
                throw new RefusedException(
                        AwsError.serialization("MaxItems must be a whole number, but is '" + items + "'."));
            }
            violations.range(limit, "maxItems", 1, maxItems);
        }
        return Page.of(query.get("Marker"), limit);
    }

    /** A parameter of the query. */
    @Nullable
    String queried(String name) {
        return query.get(name);
    }

    /** A text of the body. */
    @Nullable
    String text(String field) {
        return switch (body.getValue(field)) {
            case null -> null;
            case String text -> text;
            default -> throw new RefusedException(AwsError.serialization(field + " must be a string."));
        };
    }

    /** A whole number of the body. */
    @Nullable
    Integer integer(String field, int min, int max) {
        return switch (body.getValue(field)) {
            case null -> null;
            case Integer number -> {
                violations.range(number, Character.toLowerCase(field.charAt(0)) + field.substring(1), min, max);
                yield number;
            }
            default -> throw new RefusedException(AwsError.serialization(field + " must be a whole number."));
        };
    }

    /** An object of the body. */
    @Nullable
    JsonObject object(String field) {
        return switch (body.getValue(field)) {
            case null -> null;
            case JsonObject object -> object;
            default -> throw new RefusedException(AwsError.serialization(field + " must be an object."));
        };
    }

    /**
     * The function and the qualifier of the call, once all else is read.
     *
     * @throws RefusedException for what the call violates, or if there is no such account or name
     */
    FunctionRef function() {
        int maxLength = switch (operation) {
            case GET_FUNCTION, GET_FUNCTION_CONFIGURATION, LIST_VERSIONS_BY_FUNCTION -> Quotas.FUNCTION_NAME_LENGTH;
            default -> SHORT_NAME;
        };
        Optional<FunctionName> name = FunctionParameters.name(path.get(FUNCTION), maxLength, violations);
        String queried = query.get("Qualifier");
        FunctionParameters.checkQualifier(queried, violations);
        violations.check();
        Optional<String> qualifier = FunctionParameters.qualifier(name.orElseThrow(), queried);
        return accounts.resolve(name.get(), qualifier)
                .filter(ref -> isLabel(ref.function()) && isLabel(ref.namespace()))
                .orElseThrow(() ->
                        new RefusedException(AwsError.functionNotFound(accounts.arnOfUnknown(name.get(), qualifier))));
    }

    /**
     * The function of a call that concerns all of its versions.
     *
     * @throws RefusedException as {@link #function} does, and for a qualifier
     */
    FunctionRef unqualifiedFunction() {
        FunctionRef ref = function();
        if (ref.qualifier() != null && !ref.qualifier().equals("$LATEST")) {
            throw new RefusedException(AwsError.invalidParameter("This call takes the function without a qualifier, but"
                    + " its name has ':" + ref.qualifier() + "'; leave that out."));
        }
        return new FunctionRef(ref.namespace(), ref.function(), null);
    }

    /** Names that Kubernetes cannot have are known not to exist. */
    private static boolean isLabel(String name) {
        return LABEL.matcher(name).matches();
    }
}
