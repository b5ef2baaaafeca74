package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lambda's API of 2015-03-31: which operation a request asks for, what it gives, and what an answer looks like. */
public final class LambdaModel {
    private static final class Holder {
        static final LambdaModel MODEL = new LambdaModel(ModelReader.ofResource());
    }

    private final Map<String, Operation> operations;
    private final Map<String, ErrorShape> errors;
    private final List<String> runtimes;

    private LambdaModel(ModelReader reader) {
        this.operations = reader.operations();
        this.errors = reader.errors();
        this.runtimes = reader.values("Runtime");
    }

    /**
     * The model; it is read when it is first asked for.
     *
     * @return always the same
     */
    public static LambdaModel get() {
        return Holder.MODEL;
    }

    /**
     * All operations.
     *
     * @return in the order of their names
     */
    public Collection<Operation> operations() {
        return operations.values();
    }

    /**
     * An operation.
     *
     * @param name such as {@code CreateFunction}
     * @return the operation
     * @throws IllegalArgumentException if there is none
     */
    public Operation operation(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("Lambda has no operation " + name);
        }
        return operation;
    }

    /**
     * The operation that a request asks for; of two with the same path, the one whose query is asked for too.
     *
     * @param head the request
     * @return empty if it asks for none
     */
    public Optional<Operation> route(CallHead head) {
        return operations.values().stream()
                .filter(it -> it.method().equals(head.method()))
                .filter(it -> it.path().matches(head.segments()) && it.path().accepts(head))
                .max(Comparator.comparingInt(it -> it.path().query().size()));
    }

    /**
     * What a request gives.
     *
     * @param operation that it asks for
     * @param head the request
     * @param body all of its body
     * @param ours names of runtimes that functions may have besides those that Lambda has now
     * @return members that satisfy the model
     * @throws RefusedException in the words of the service if they do not
     */
    public Members input(Operation operation, CallHead head, byte[] body, Set<String> ours) {
        Members input = InputReader.read(operation, head, body);
        Constraints.check(input);
        Overrides.check(operation, input, runtimes, ours);
        return input;
    }

    /**
     * What a request gives, where functions have Lambda's runtimes only.
     *
     * @param operation that it asks for
     * @param head the request
     * @param body all of its body
     * @return members that satisfy the model
     * @throws RefusedException in the words of the service if they do not
     */
    public Members input(Operation operation, CallHead head, byte[] body) {
        return input(operation, head, body, Set.of());
    }

    /**
     * What goes over the wire.
     *
     * @param operation that was asked for
     * @param values strings, numbers, booleans, bytes, instants, lists and maps by the members' names; null is left out
     * @return the answer
     * @throws IllegalArgumentException if the model has no such member, or another type
     */
    public Answer output(Operation operation, Map<String, ?> values) {
        return OutputWriter.write(operation, values);
    }

    /**
     * An error.
     *
     * @param shape such as {@code ResourceConflictException}
     * @param message what happened, and what to do
     * @return the error as the model has it
     * @throws IllegalArgumentException if there is none
     */
    public AwsError error(String shape, String message) {
        ErrorShape error = errors.get(shape);
        if (error == null) {
            throw new IllegalArgumentException("Lambda has no error " + shape);
        }
        return error.of(message);
    }

    /**
     * All errors of the model.
     *
     * @return by their names
     */
    public Map<String, ErrorShape> errors() {
        return Map.copyOf(errors);
    }
}
