package dev.kappa.controlplane.api;

import dev.kappa.http.BodyLimit;
import dev.kappa.http.Call;
import dev.kappa.http.CallThreads;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Permission;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.stores.packages.PackageStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lambda's calls on functions, versions and aliases, answered from the custom resources. */
public final class ControlApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
    /** A stalled API server holds no more than these. */
    private static final int CALLS = 128;

    private static final int BODY_LIMIT = 1024 * 1024;

    private final Accounts accounts;
    private final FunctionOperations functions;
    private final VersionOperations versions;
    private final AliasOperations aliases;
    private final EventInvokeOperations events;
    private final CallThreads threads = new CallThreads(CALLS);

    /**
     * The API.
     *
     * @param resources the API server
     * @param accounts resolves names
     * @param packages knows the sizes of code
     * @param patience how long a version is waited for while its function changes
     */
    public ControlApi(ResourceStore resources, Accounts accounts, PackageStore packages, Duration patience) {
        this.accounts = accounts;
        Lookup lookup = new Lookup(resources, accounts);
        Edits edits = new Edits(resources);
        DestinationArns destinations = new DestinationArns(lookup, accounts);
        Configurations configurations = new Configurations(accounts, new CodeSizes(packages), destinations);
        this.functions = new FunctionOperations(resources, lookup, configurations, accounts.defaultNamespace());
        this.versions = new VersionOperations(
                resources, lookup, new VersionPublisher(resources, lookup, accounts, patience), configurations);
        this.aliases = new AliasOperations(resources, lookup, edits, accounts);
        this.events = new EventInvokeOperations(lookup, edits, accounts, destinations);
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        return operation(request).isPresent();
    }

    private static Optional<Operation> operation(HttpServerRequest request) {
        return Operation.of(request.method(), String.valueOf(request.path()));
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        return operation(request).orElseThrow().permission(request, accounts);
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        Operation operation = operation(request).orElseThrow();
        return new BodyLimit(BODY_LIMIT, () -> AwsError.tooLarge(BODY_LIMIT, operation.apiName()));
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        Operation operation = operation(request).orElseThrow();
        HttpServerResponse response = request.response()
                .putHeader("x-amzn-RequestId", UUID.randomUUID().toString());
        Future.succeededFuture(call.body())
                .map(body -> Input.of(operation, request.path(), request.params(), body, accounts))
                .compose(input -> threads.run(() -> answer(operation, input)))
                .onSuccess(answer -> write(response, operation, answer))
                .onFailure(e -> refuse(response, e));
    }

    private Optional<JsonObject> answer(Operation operation, Input input) {
        return switch (operation) {
            case LIST_FUNCTIONS -> Optional.of(functions.list(input));
            case GET_FUNCTION -> Optional.of(functions.get(input));
            case GET_FUNCTION_CONFIGURATION -> Optional.of(functions.getConfiguration(input));
            case PUBLISH_VERSION -> Optional.of(versions.publish(input));
            case LIST_VERSIONS_BY_FUNCTION -> Optional.of(versions.list(input));
            case CREATE_ALIAS -> Optional.of(aliases.create(input));
            case LIST_ALIASES -> Optional.of(aliases.list(input));
            case GET_ALIAS -> Optional.of(aliases.get(input));
            case UPDATE_ALIAS -> Optional.of(aliases.update(input));
            case PUT_FUNCTION_EVENT_INVOKE_CONFIG -> Optional.of(events.put(input));
            case UPDATE_FUNCTION_EVENT_INVOKE_CONFIG -> Optional.of(events.update(input));
            case GET_FUNCTION_EVENT_INVOKE_CONFIG -> Optional.of(events.get(input));
            case LIST_FUNCTION_EVENT_INVOKE_CONFIGS -> Optional.of(events.list(input));
            case DELETE_FUNCTION_EVENT_INVOKE_CONFIG -> {
                events.delete(input);
                yield Optional.empty();
            }
            case DELETE_FUNCTION -> {
                versions.delete(input);
                yield Optional.empty();
            }
            case DELETE_ALIAS -> {
                aliases.delete(input);
                yield Optional.empty();
            }
            case CREATE_FUNCTION, UPDATE_FUNCTION_CODE, UPDATE_FUNCTION_CONFIGURATION ->
                throw new RefusedException(AwsError.service(
                        501, "Functions cannot be created or changed through the API yet; kubectl apply a Function."));
        };
    }

    private static void write(HttpServerResponse response, Operation operation, Optional<JsonObject> answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(operation.status());
        if (answer.isEmpty()) {
            response.end();
        } else {
            response.putHeader("Content-Type", "application/json")
                    .end(answer.get().toBuffer());
        }
    }

    private static void refuse(HttpServerResponse response, Throwable e) {
        AwsError error = switch (e) {
            case RefusedException refused -> refused.error();
            case ResourceException refused
            when refused.isInvalid() -> AwsError.invalidParameter(String.valueOf(refused.getMessage()));
            case ResourceException failed -> {
                LOG.warn("The API server refused or did not answer a call of the control plane", e);
                yield AwsError.service(500, "The API server refused or did not answer: " + failed.getMessage());
            }
            default -> {
                LOG.error("A call of the control plane failed", e);
                yield AwsError.service(500, "The control plane failed: " + e);
            }
        };
        ErrorWriter.write(response, error);
    }
}
