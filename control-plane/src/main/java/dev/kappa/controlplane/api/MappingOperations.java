package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CreateEventSourceMapping, GetEventSourceMapping, UpdateEventSourceMapping, DeleteEventSourceMapping and ListEventSourceMappings, on EventSources. */
final class MappingOperations implements Operations.Group {
    private static final Pattern QUEUE = Pattern.compile("arn:aws[a-z-]*:sqs:[a-z0-9-]*:[0-9]{0,12}:([A-Za-z0-9_.-]+)");
    private static final int HASH = 8;

    private final ResourceStore resources;
    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;
    private final CallerRights rights;
    private final MappingDefaults defaults;
    private final MappingView view;

    MappingOperations(
            ResourceStore resources,
            Lookup lookup,
            Edits edits,
            Accounts accounts,
            CallerRights rights,
            MappingDefaults defaults) {
        this.resources = resources;
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
        this.rights = rights;
        this.defaults = defaults;
        this.view = new MappingView(lookup, accounts);
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "CreateEventSourceMapping", this::create,
                "GetEventSourceMapping", this::get,
                "UpdateEventSourceMapping", this::update,
                "DeleteEventSourceMapping", this::delete,
                "ListEventSourceMappings", this::list);
    }

    private JsonObject create(Request input) {
        FunctionRef ref = input.function();
        rights.createMapping(input.caller(), ref);
        String arn = input.text("EventSourceArn");
        Matcher queue = QUEUE.matcher(arn == null ? "" : arn);
        if (arn == null || !queue.matches()) {
            throw new RefusedException(
                    AwsError.invalidParameter("Unrecognized event source. Give the ARN of a queue of SQS"
                            + " as EventSourceArn; schedules are made with kubectl (kind EventSource)."));
        }
        JsonObject spec = MappingInput.read(input.given(), new JsonObject());
        spec.put("function", function(ref)).put("sqs", source(input.caller(), ref, arn));
        resources.list(Kind.EVENT_SOURCE, ref.namespace()).stream()
                .filter(MappingView::isMapping)
                .filter(it -> view.queue(it).equals(arn)
                        && it.spec().getString("function", "").equals(function(ref)))
                .findFirst()
                .ifPresent(it -> {
                    throw exists(ref, arn, MappingId.of(it, accounts));
                });
        try {
            Resource created = resources.create(
                    Kind.EVENT_SOURCE, ref.namespace(), name(ref, queue.group(1), arn), withoutNulls(spec));
            return view.of(created, "Creating");
        } catch (ResourceException e) {
            if (e.isConflict()) {
                throw exists(ref, arn, "of the EventSource " + name(ref, queue.group(1), arn));
            }
            throw e;
        }
    }

    private JsonObject source(Caller caller, FunctionRef ref, String arn) {
        JsonObject source = new JsonObject().put("queue", arn);
        if (!defaults.sqsEndpoint().isEmpty()) {
            source.put("endpoint", defaults.sqsEndpoint());
        }
        if (!defaults.sqsSecretName().isEmpty()) {
            rights.readSecret(caller, Action.CREATE_EVENT_SOURCE_MAPPING, ref, defaults.sqsSecretName());
            source.put(
                    "credentials",
                    new JsonObject().put("secretRef", new JsonObject().put("name", defaults.sqsSecretName())));
        }
        return source;
    }

    /** The name of the function as an EventSource has it; the function must be there. */
    private String function(FunctionRef ref) {
        try {
            lookup.named(ref);
        } catch (RefusedException e) {
            throw new RefusedException(AwsError.invalidParameter("Function does not exist"));
        }
        FunctionRef label = ref.ofResources();
        String qualifier = label.qualifier();
        return qualifier == null || qualifier.equals("$LATEST")
                ? label.function()
                : ResourceNames.qualified(label.function(), qualifier);
    }

    /** One for each function and queue, so that of two creators one is refused. */
    private static String name(FunctionRef ref, String queue, String arn) {
        String readable = DnsLabels.ofFunction(ref.function() + "-" + queue);
        String hash = UUID.nameUUIDFromBytes((ref + " " + arn).getBytes(StandardCharsets.UTF_8))
                .toString();
        return readable + "-" + hash.substring(0, HASH);
    }

    private static RefusedException exists(FunctionRef ref, String arn, String uuid) {
        return new RefusedException(AwsError.conflict("An event source mapping with SQS arn (\" " + arn
                + " \") and function (\" " + ref.function()
                + " \") already exists. Please update or delete the existing mapping with UUID " + uuid));
    }

    private static JsonObject withoutNulls(JsonObject spec) {
        JsonObject result = new JsonObject();
        spec.forEach(field -> {
            Object value = field.getValue() instanceof JsonObject inner ? withoutNulls(inner) : field.getValue();
            if (value != null) {
                result.put(field.getKey(), value);
            }
        });
        return result;
    }

    private JsonObject get(Request input) {
        Resource source = require(input);
        return view.of(source, MappingView.state(source));
    }

    private JsonObject update(Request input) {
        Resource changed = edits.edit(() -> require(input), before -> {
            JsonObject change = MappingInput.read(input.given(), before.spec());
            FunctionRef target = MappingView.function(before);
            if (input.given().has("FunctionName")) {
                target = input.function();
                if (!target.namespace().equals(before.namespace())) {
                    throw new RefusedException(AwsError.invalidParameter("The mapping is in namespace "
                            + before.namespace() + "; its function has to be there too."));
                }
                change.put("function", function(target));
            }
            rights.invoke(input.caller(), Action.UPDATE_EVENT_SOURCE_MAPPING, target);
            String secret = MappingView.secret(before);
            if (!secret.isEmpty()) {
                rights.readSecret(input.caller(), Action.UPDATE_EVENT_SOURCE_MAPPING, target, secret);
            }
            return change;
        });
        return view.of(changed, MappingView.state(changed));
    }

    private JsonObject delete(Request input) {
        Resource source = require(input);
        resources.delete(source);
        return view.of(source, "Deleting");
    }

    private JsonObject list(Request input) {
        FunctionRef ref = input.given().has("FunctionName") ? input.function() : null;
        String arn = input.text("EventSourceArn");
        String namespace = ref == null ? accounts.defaultNamespace() : ref.namespace();
        List<Resource> mappings = resources.list(Kind.EVENT_SOURCE, namespace).stream()
                .filter(MappingView::isMapping)
                .filter(it -> arn == null || view.queue(it).equals(arn))
                .filter(it -> ref == null || ref.ofResources().equals(MappingView.function(it)))
                .toList();
        return input.page()
                .answer(
                        "EventSourceMappings",
                        mappings,
                        it -> MappingId.of(it, accounts),
                        it -> view.of(it, MappingView.state(it)));
    }

    private Resource require(Request input) {
        return MappingId.parse(input.given().required("UUID"), accounts)
                .flatMap(id -> resources.list(Kind.EVENT_SOURCE, id.namespace()).stream()
                        .filter(MappingView::isMapping)
                        .filter(id::names)
                        .findFirst())
                .orElseThrow(
                        () -> new RefusedException(AwsError.notFound("The resource you requested does not exist.")));
    }
}
