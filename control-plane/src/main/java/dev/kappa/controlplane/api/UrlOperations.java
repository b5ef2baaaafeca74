package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The calls on FunctionUrlConfig: {@code spec.url} of a function or alias. */
final class UrlOperations implements Operations.Group {
    private static final String FIELD = "url";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Lists of the manifest, by those of the call. */
    private static final Map<String, String> LISTS = Map.of(
            "AllowHeaders", "allowHeaders",
            "AllowMethods", "allowMethods",
            "AllowOrigins", "allowOrigins",
            "ExposeHeaders", "exposeHeaders");

    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;
    private final FunctionUrls urls;

    UrlOperations(Lookup lookup, Edits edits, Accounts accounts, FunctionUrls urls) {
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
        this.urls = urls;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "CreateFunctionUrlConfig", this::create,
                "UpdateFunctionUrlConfig", this::update,
                "GetFunctionUrlConfig", this::get,
                "DeleteFunctionUrlConfig", this::delete,
                "ListFunctionUrlConfigs", this::list);
    }

    private JsonObject create(Request input) {
        FunctionRef ref = input.function();
        JsonObject url = given(input.given());
        Resource created = edits.edit(() -> lookup.named(ref), resource -> {
            if (resource.spec().containsKey(FIELD)) {
                throw new RefusedException(AwsError.conflict("Failed to create function url config for [functionArn = "
                        + arn(ref, resource)
                        + "]. Error message:  FunctionUrlConfig exists for this Lambda function"));
            }
            return new JsonObject().put(FIELD, url);
        });
        JsonObject shown = show(ref, created);
        shown.remove("LastModifiedTime");
        return shown;
    }

    /** What the call does not give stays; CORS is replaced as a whole. */
    private JsonObject update(Request input) {
        FunctionRef ref = input.function();
        JsonObject url = given(input.given());
        JsonObject cors = url.getJsonObject("cors");
        if (cors != null) {
            url.put("cors", cors.isEmpty() ? null : replacing(cors));
        }
        return show(
                ref,
                edits.edit(
                        () -> configured(ref),
                        resource -> url.isEmpty() ? new JsonObject() : new JsonObject().put(FIELD, url)));
    }

    private JsonObject get(Request input) {
        FunctionRef ref = input.function();
        return show(ref, configured(ref));
    }

    private JsonObject delete(Request input) {
        FunctionRef ref = input.function();
        edits.edit(() -> configured(ref), resource -> new JsonObject().putNull(FIELD));
        return new JsonObject();
    }

    private JsonObject list(Request input) {
        Page page = input.page();
        FunctionRef ref = input.unqualifiedFunction();
        List<Resource> configured = Stream.concat(Stream.of(lookup.function(ref)), lookup.aliases(ref).stream())
                .filter(it -> it.spec().containsKey(FIELD))
                .toList();
        return page.answer("FunctionUrlConfigs", configured, Resource::name, it -> show(ref, it));
    }

    private Resource configured(FunctionRef ref) {
        Resource resource = lookup.named(ref);
        if (!resource.spec().containsKey(FIELD)) {
            throw new RefusedException(AwsError.notFound("The resource you requested does not exist."));
        }
        return resource;
    }

    private static JsonObject given(Members input) {
        JsonObject url = new JsonObject();
        String authType = input.text("AuthType");
        if (authType != null) {
            url.put("authType", authType);
        }
        String mode = input.text("InvokeMode");
        if (mode != null) {
            url.put("invokeMode", mode);
        }
        Members cors = input.structure("Cors");
        if (cors != null) {
            url.put("cors", cors(cors));
        }
        return url;
    }

    private static JsonObject cors(Members given) {
        JsonObject cors = new JsonObject();
        LISTS.forEach((member, field) -> {
            List<String> texts = given.list(member, String.class);
            if (texts != null) {
                cors.put(field, new JsonArray(texts));
            }
        });
        Boolean credentials = given.flag("AllowCredentials");
        if (credentials != null) {
            cors.put("allowCredentials", credentials);
        }
        Integer age = given.integer("MaxAge");
        if (age != null) {
            cors.put("maxAge", age);
        }
        return cors;
    }

    /** What is not given is taken away. */
    private static JsonObject replacing(JsonObject cors) {
        JsonObject all = cors.copy();
        Stream.concat(LISTS.values().stream(), Stream.of("allowCredentials", "maxAge"))
                .filter(field -> !cors.containsKey(field))
                .forEach(all::putNull);
        return all;
    }

    private String arn(FunctionRef ref, Resource resource) {
        return accounts.arn(
                resource.kind() == Kind.ALIAS
                        ? Lookup.qualified(ref, Configurations.alias(resource))
                        : new FunctionRef(ref.namespace(), ref.function(), null));
    }

    private JsonObject show(FunctionRef ref, Resource resource) {
        JsonObject url = resource.spec().getJsonObject(FIELD);
        JsonObject shown = new JsonObject()
                .put("FunctionUrl", address(resource))
                .put("FunctionArn", arn(ref, resource))
                .put("AuthType", url.getString("authType", "AWS_IAM"))
                .put("InvokeMode", url.getString("invokeMode", "BUFFERED"))
                .put("CreationTime", time(resource.created()))
                .put("LastModifiedTime", time(resource.modified()));
        JsonObject cors = url.getJsonObject("cors");
        return cors == null ? shown : shown.put("Cors", shownCors(cors));
    }

    private String address(Resource resource) {
        return urls.of(
                resource.namespace(),
                ResourceNames.function(resource.name()),
                ResourceNames.qualifier(resource.name()).orElse(null));
    }

    private static JsonObject shownCors(JsonObject cors) {
        JsonObject shown = new JsonObject();
        LISTS.forEach((member, field) -> {
            if (cors.containsKey(field)) {
                shown.put(member, cors.getJsonArray(field));
            }
        });
        if (cors.containsKey("allowCredentials")) {
            shown.put("AllowCredentials", cors.getBoolean("allowCredentials"));
        }
        if (cors.containsKey("maxAge")) {
            shown.put("MaxAge", cors.getInteger("maxAge"));
        }
        return shown;
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }
}
