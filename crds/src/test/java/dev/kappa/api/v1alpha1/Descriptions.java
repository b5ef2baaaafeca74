package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Javadoc of the resources' types as descriptions of the fields of their CRDs, so that a sentence stands once. */
final class Descriptions {
    private static final Path SOURCES = Path.of("src/main/java/dev/kappa/api/v1alpha1");

    private static final String A_CONDITION = "One aspect of the state, by its type.";

    /** Of a type whose source is not ours. */
    private static final Map<String, String> CONDITION = Map.of(
            "type", "What the condition tells of.",
            "status", "True, False or Unknown.",
            "reason", "Why, as a word in camel case for programs.",
            "message", "Why, as a sentence for people: the object, the cause and the remedy.",
            "lastTransitionTime", "When the status last changed, RFC 3339.",
            "observedGeneration", "Generation of the resource that the condition tells of.");

    /** By name of the type, or of the type and a field. */
    private final Map<String, String> sentences = new HashMap<>();

    static Descriptions ofSources() {
        Descriptions descriptions = new Descriptions();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.list(SOURCES);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files.toList()));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                descriptions.new Reader(docs).scan(unit, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return descriptions;
    }

    /**
     * Describes a schema and everything in it.
     *
     * @param schema of a resource
     * @param resource its type, a CustomResource of a spec and a status
     */
    void describe(JSONSchemaProps schema, Class<?> resource) {
        Type[] parts = ((ParameterizedType) resource.getGenericSuperclass()).getActualTypeArguments();
        schema.setDescription(sentences.get(name(resource)));
        describeObject(schema.getProperties().get("spec"), (Class<?>) parts[0]);
        if (parts[1] == Void.class) {
            // The generator makes one of nothing.
            schema.getProperties().remove("status");
            return;
        }
        describeObject(schema.getProperties().get("status"), (Class<?>) parts[1]);
    }

    private void describeObject(JSONSchemaProps schema, Class<?> type) {
        schema.setDescription(sentences.get(name(type)));
        describeFields(schema, type);
    }

    private void describeFields(JSONSchemaProps schema, Class<?> type) {
        schema.getProperties().forEach((name, property) -> {
            Field field = field(type, name);
            describeType(property, field.getGenericType());
            property.setDescription(sentences.get(name(type) + "." + field.getName()));
        });
    }

    private void describeType(JSONSchemaProps schema, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
            if (element != String.class) {
                JSONSchemaProps items = schema.getItems().getSchema();
                describeType(items, element);
                items.setDescription(element == Condition.class ? A_CONDITION : sentences.get(name(element)));
            }
        } else if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            Class<?> value = (Class<?>) map.getActualTypeArguments()[1];
            if (value != String.class) {
                JSONSchemaProps values = schema.getAdditionalProperties().getSchema();
                describeType(values, value);
                values.setDescription(sentences.get(name(value)));
            }
        } else if (type == Condition.class) {
            schema.getProperties().forEach((name, property) -> property.setDescription(CONDITION.get(name)));
        } else if (type instanceof Class<?> part && part.getPackage().equals(Function.class.getPackage())) {
            describeFields(schema, part);
        }
    }

    private static Field field(Class<?> type, String property) {
        return Arrays.stream(type.getFields())
                .filter(field -> {
                    JsonProperty renamed = field.getAnnotation(JsonProperty.class);
                    return (renamed == null ? field.getName() : renamed.value()).equals(property);
                })
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type + " has no field for " + property));
    }

    private static String name(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : name(type.getEnclosingClass()) + "." + type.getSimpleName();
    }

    /** Reads what a compilation unit says of its types and their fields; the parameter is the enclosing type. */
    private final class Reader extends TreePathScanner<Void, String> {
        private final DocTrees docs;

        private Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, String enclosing) {
            String name = enclosing + type.getSimpleName();
            take(name);
            return super.visitClass(type, name + ".");
        }

        @Override
        public Void visitVariable(VariableTree variable, String enclosing) {
            take(enclosing + variable.getName());
            return null;
        }

        private void take(String name) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                sentences.put(
                        name,
                        comment.getFullBody().stream()
                                .map(Reader::plain)
                                .collect(Collectors.joining())
                                .replaceAll("\\s+", " ")
                                .strip());
            }
        }

        private static String plain(DocTree part) {
            return switch (part) {
                case LiteralTree code -> code.getBody().getBody();
                case LinkTree link -> link.getReference().getSignature();
                default -> part.toString();
            };
        }
    }
}
