package dev.kappa.controlplane.api;

import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** GetFunction, GetFunctionConfiguration and ListFunctions. */
final class FunctionOperations implements Operations.Group {
    private final ResourceStore resources;
    private final Lookup lookup;
    private final Configurations configurations;
    private final String defaultNamespace;

    FunctionOperations(ResourceStore resources, Lookup lookup, Configurations configurations, String defaultNamespace) {
        this.resources = resources;
        this.lookup = lookup;
        this.configurations = configurations;
        this.defaultNamespace = defaultNamespace;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "GetFunction", this::get,
                "GetFunctionConfiguration", this::getConfiguration,
                "ListFunctions", this::list);
    }

    private JsonObject getConfiguration(Request input) {
        FunctionRef ref = input.function();
        return configurations.of(resolve(ref, lookup.function(ref)), ref.qualifier());
    }

    private JsonObject get(Request input) {
        FunctionRef ref = input.function();
        Resource function = lookup.function(ref);
        Resource resource = resolve(ref, function);
        JsonObject answer = new JsonObject()
                .put("Configuration", configurations.of(resource, ref.qualifier()))
                .put("Code", code(Configurations.spec(resource)));
        JsonObject tags = TagOperations.of(function);
        if (!tags.isEmpty()) {
            answer.put("Tags", tags);
        }
        Integer reserved = ConcurrencyOperations.reserved(function);
        if (reserved != null) {
            answer.put("Concurrency", new JsonObject().put("ReservedConcurrentExecutions", reserved));
        }
        return answer;
    }

    /** The functions of the default namespace, with {@code FunctionVersion=ALL} their versions too. */
    private JsonObject list(Request input) {
        Page page = input.page();
        List<Resource> functions = present(Kind.FUNCTION);
        if (input.text("FunctionVersion") == null) {
            return page.answer("Functions", functions, Configurations::name, it -> configurations.of(it, null));
        }
        List<Resource> all = Stream.concat(functions.stream(), present(Kind.VERSION).stream())
                .toList();
        return page.answer(
                "Functions",
                all,
                it -> Configurations.name(it) + ":" + VersionOperations.order(it),
                it -> configurations.of(it, Configurations.version(it)));
    }

    private List<Resource> present(Kind kind) {
        return resources.list(kind, defaultNamespace).stream()
                .filter(it -> !it.isDeleted())
                .toList();
    }

    private Resource resolve(FunctionRef ref, Resource function) {
        String qualifier = ref.qualifier();
        if (qualifier == null || qualifier.equals("$LATEST")) {
            return function;
        }
        if (Lookup.isNumber(qualifier)) {
            return lookup.version(ref, qualifier);
        }
        Optional<Resource> alias = lookup.alias(ref, qualifier);
        return lookup.version(
                ref,
                AliasTarget.of(alias.orElseThrow(() -> lookup.notFound(ref))).version());
    }

    /** Where the code came from; packages are given to instances only, so there is no address to fetch them from. */
    private static JsonObject code(JsonObject spec) {
        JsonObject code = spec.getJsonObject("code", new JsonObject());
        String image = field(code, "image", "reference");
        if (image != null) {
            return new JsonObject().put("RepositoryType", "ECR").put("ImageUri", image);
        }
        String url = field(code, "url", "location");
        return url == null ? new JsonObject() : new JsonObject().put("Location", url);
    }

    private static @Nullable String field(JsonObject code, String kind, String field) {
        return code.getJsonObject(kind, new JsonObject()).getString(field);
    }
}
