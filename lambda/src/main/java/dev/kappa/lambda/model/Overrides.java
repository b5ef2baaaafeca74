package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where Lambda answers otherwise than its model says, as recorded answers show, and where Kappa's names differ. */
final class Overrides {
    /** Statuses of success. */
    static final Map<String, Integer> STATUS = Map.of("DeleteFunction", 204);

    /** The order in which errors name the values of an enumeration. */
    static final Map<String, List<String>> ORDER = Map.of(
            "RecursiveLoop", List.of("Terminate", "Allow"),
            "EventSourcePosition", List.of("LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"),
            "InvokeMode", List.of("RESPONSE_STREAM", "BUFFERED"));

    /** Elements of lists of which errors do not say that they must not be null. */
    static final Set<String> MAY_BE_NULL = Set.of("SubnetId", "SecurityGroupId");

    /** Answers that lack what the model requires, if there is none. */
    static final Set<String> MAY_BE_EMPTY = Set.of("GetFunctionCodeSigningConfigResponse");

    /** Shapes of function names, in all of which a namespace may follow after a dot. */
    private static final Set<String> NAMES =
            Set.of("FunctionName", "UnqualifiedFunctionName", "FunctionUrlFunctionName");

    private static final Set<String> OF_RUNTIMES =
            Set.of("CreateFunctionRequest", "UpdateFunctionConfigurationRequest");
    private static final String RUNTIME = "Runtime";
    private static final int CREATED_NAME_LENGTH = 64;

    /** As the error names them. */
    private static final List<String> RUNTIMES = List.of(
            "nodejs20.x",
            "python3.14",
            "provided.al2023",
            "python3.12",
            "python3.13",
            "nodejs24.x",
            "nodejs22.x",
            "java25",
            "python3.10",
            "python3.11",
            "java21",
            "ruby3.3",
            "ruby3.4",
            "ruby3.2",
            "python3.8",
            "python3.9",
            "java17",
            "nodejs16.x",
            "dotnet10",
            "dotnet8",
            "java11",
            "dotnet6",
            "nodejs18.x",
            "provided.al2",
            "java8.al2");

    /** Came after the errors were recorded. */
    private static final Set<String> NEWER_RUNTIMES =
            Set.of("ruby4.0", "nodejs26.x", "python3.15", "java8.al2023", "java11.al2023", "java17.al2023", "custom");

    private Overrides() {}

    static @Nullable String pattern(String shape, @Nullable String pattern) {
        return pattern == null || !NAMES.contains(shape)
                ? pattern
                : pattern.replace("(function:)?([a-zA-Z0-9-_]", "(function:)?([a-zA-Z0-9-_\\.]");
    }

    /** The shape of a member: a function's runtime is not checked as the model says. */
    static Shape shape(String structure, String member, Shape shape) {
        return isRuntime(structure, member) && shape instanceof Shape.Text text
                ? new Shape.Text(text.name(), text.length(), text.pattern(), List.of(), false)
                : shape;
    }

    private static boolean isRuntime(String structure, String member) {
        return OF_RUNTIMES.contains(structure) && member.equals(RUNTIME);
    }

    /**
     * Refuses what satisfies the model and is refused nevertheless.
     *
     * @param runtimes all that the model has
     * @param ours names of runtimes that functions may have besides those that Lambda has now
     * @throws RefusedException 400 InvalidParameterValueException
     */
    static void check(Operation operation, Members input, List<String> runtimes, Set<String> ours) {
        if (OF_RUNTIMES.contains(operation.input().name())) {
            checkRuntime(input.text(RUNTIME), runtimes, ours);
        }
        if (operation.name().equals("CreateFunction")) {
            checkCreatedName(input.required("FunctionName"));
        }
    }

    private static void checkRuntime(@Nullable String runtime, List<String> runtimes, Set<String> ours) {
        if (runtime == null
                || RUNTIMES.contains(runtime)
                || NEWER_RUNTIMES.contains(runtime)
                || ours.contains(runtime)) {
            return;
        }
        Set<String> allowed = new LinkedHashSet<>(RUNTIMES);
        allowed.addAll(new TreeSet<>(ours));
        throw new RefusedException(AwsError.invalidParameter(
                runtimes.contains(runtime)
                        ? "The runtime parameter of " + runtime
                                + " is no longer supported for creating or updating AWS Lambda functions. We"
                                + " recommend you use a supported runtime while creating or updating functions."
                        : "Value " + runtime + " at 'runtime' failed to satisfy constraint: Member must satisfy"
                                + " enum value set: " + allowed + " or be a valid ARN"));
    }

    private static void checkCreatedName(String given) {
        String name = given.substring(given.lastIndexOf(':') + 1);
        int dot = name.indexOf('.');
        if ((dot < 0 ? name.length() : dot) > CREATED_NAME_LENGTH) {
            throw new RefusedException(AwsError.invalidParameter("1 validation error detected: "
                    + AwsError.violation(
                            given,
                            "functionName",
                            "Member must have length less than or equal to " + CREATED_NAME_LENGTH)));
        }
    }
}
