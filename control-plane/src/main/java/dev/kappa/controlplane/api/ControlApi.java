package dev.kappa.controlplane.api;

import dev.kappa.http.BodyLimit;
import dev.kappa.http.Call;
import dev.kappa.http.CallThreads;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.lambda.model.Answer;
import dev.kappa.lambda.model.CallHead;
import dev.kappa.lambda.model.LambdaModel;
import dev.kappa.lambda.model.Members;
import dev.kappa.lambda.model.Operation;
import dev.kappa.stores.packages.PackageStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lambda's calls on functions, versions and aliases, answered from the custom resources. */
public final class ControlApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
    /** A stalled API server holds no more than these. */
    private static final int CALLS = 128;

    private static final int BODY_LIMIT = 1024 * 1024;

    /** Of calls with a zip file, which are kept whole and in several forms. */
    private static final int CODE_LIMIT = 16 * 1024 * 1024;

    private static final String LARGER_LAYER = "A layer of more than 12 MiB is uploaded by PUT"
            + " /kappa/v1/namespaces/<namespace>/packages, and its digest written into spec.versions of the Layer.";

    private static final String LARGER_CODE =
            "A zip file of more than 12 MiB goes into a bucket, which S3Bucket and S3Key"
                    + " name, or by PUT /kappa/v1/namespaces/<namespace>/packages into spec.code.package of the Function.";

    private static final Set<String> WITH_CODE = Set.of("CreateFunction", "UpdateFunctionCode", "PublishLayerVersion");

    private final Accounts accounts;
    private final Set<String> runtimes;
    private final LambdaModel model = LambdaModel.get();
    private final Operations operations;
    private final CallThreads threads = new CallThreads(CALLS);

    /**
     * The API.
     *
     * @param resources the API server
     * @param accounts resolves names
     * @param packages keeps code
     * @param authorizer judges what only the body of a call tells
     * @param runtimes names that functions may have as runtime
     * @param urls where function URLs are
     * @param mappings what event source mappings get besides
     * @param patience how long a version is waited for while its function changes
     */
    public ControlApi(
            ResourceStore resources,
            Accounts accounts,
            PackageStore packages,
            Authorizer authorizer,
            Set<String> runtimes,
            FunctionUrls urls,
            MappingDefaults mappings,
            Duration patience) {
        this.accounts = accounts;
        this.runtimes = runtimes;
        Lookup lookup = new Lookup(resources, accounts);
        Edits edits = new Edits(resources);
        DestinationArns destinations = new DestinationArns(lookup, accounts);
        CodeSizes sizes = new CodeSizes(packages);
        Configurations configurations = new Configurations(accounts, sizes, destinations);
        VersionPublisher publishing = new VersionPublisher(resources, lookup, accounts, patience);
        CodeInput codes = new CodeInput(packages);
        CallerRights rights = new CallerRights(authorizer, accounts);
        LayerLookup layers = new LayerLookup(resources, accounts);
        this.operations = new Operations(List.of(
                new FunctionOperations(resources, lookup, configurations, accounts.defaultNamespace()),
                new FunctionWrites(
                        resources,
                        lookup,
                        edits,
                        accounts,
                        rights,
                        codes,
                        new ConfigurationInput(accounts, destinations, new LayerInput(layers, codes, rights, accounts)),
                        publishing,
                        configurations),
                new VersionOperations(resources, lookup, publishing, configurations),
                new LayerOperations(resources, layers, edits, codes, sizes, accounts),
                new LayerPermissions(layers, edits, accounts),
                new MappingOperations(resources, lookup, edits, accounts, rights, mappings),
                new UnchangeableOperations(lookup, accounts),
                new ConcurrencyOperations(lookup, edits),
                new ProvisionedOperations(lookup, edits, accounts),
                new TagOperations(lookup, edits),
                new AccountOperations(resources, sizes, accounts.defaultNamespace()),
                new PermissionOperations(lookup, edits, accounts),
                new UrlOperations(lookup, edits, accounts, urls),
                new AliasOperations(resources, lookup, edits, accounts),
                new EventInvokeOperations(lookup, edits, accounts, destinations)));
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        return model.route(head(request)).isPresent();
    }

    /** Whether an operation does more than to say what to use instead. */
    boolean answers(Operation operation) {
        return operations.has(operation);
    }

    private static CallHead head(HttpServerRequest request) {
        return new CallHead(
                request.method().name(), String.valueOf(request.path()), request.query(), request::getHeader);
    }

    private Operation operation(CallHead head) {
        return model.route(head).orElseThrow();
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        CallHead head = head(request);
        Operation operation = operation(head);
        return operations.has(operation)
                ? OperationPermission.of(operation, head, accounts)
                : Action.NOT_SERVED.on(Target.namespace(accounts.defaultNamespace()), "*");
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        String name = operation(head(request)).name();
        String instead = name.equals("PublishLayerVersion") ? LARGER_LAYER : LARGER_CODE;
        return WITH_CODE.contains(name)
                ? new BodyLimit(CODE_LIMIT, () -> AwsError.zipTooLarge(CODE_LIMIT, name, instead))
                : new BodyLimit(BODY_LIMIT, () -> AwsError.tooLarge(BODY_LIMIT, name));
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        CallHead head = head(request);
        Operation operation = operation(head);
        HttpServerResponse response = request.response()
                .putHeader("x-amzn-RequestId", UUID.randomUUID().toString());
        threads.run(() -> answer(operation, head, call))
                .onSuccess(answer -> write(response, answer))
                .onFailure(e -> refuse(response, e));
    }

    private Answer answer(Operation operation, CallHead head, Call call) {
        Operations.Answering answering = operations.of(operation);
        Members input = model.input(operation, head, call.body().getBytes(), runtimes);
        Unsupported.check(input);
        Request request = new Request(input, accounts, call.caller());
        try {
            return model.output(operation, PlainValues.of(answering.answer(request)));
        } catch (ResourceException e) {
            throw e.about(operation.name(), request);
        }
    }

    private static void write(HttpServerResponse response, Answer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.body().length == 0) {
            response.end();
        } else {
            response.putHeader("Content-Type", "application/json").end(Buffer.buffer(answer.body()));
        }
    }

    private static void refuse(HttpServerResponse response, Throwable e) {
        AwsError error = switch (e) {
            case RefusedException refused -> refused.error();
            case ResourceException refused
            when refused.isInvalid() -> AwsError.invalidParameter(String.valueOf(refused.getMessage()));
            case ResourceException failed -> {
                LOG.warn("The API server refused or did not answer a call of the control plane", e);
                yield AwsError.service(500, String.valueOf(failed.getMessage()));
            }
            default -> {
                LOG.error("A call of the control plane failed", e);
                yield AwsError.service(500, "The control plane failed: " + e);
            }
        };
        ErrorWriter.write(response, error);
    }
}
