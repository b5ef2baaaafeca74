package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.LambdaModel;
import dev.kappa.lambda.model.Operation;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What answers each operation of the model: a method of the class of its group, or a sentence that says what to use instead. */
final class Operations {
    /** Answers an operation with the members of its output. */
    interface Answering {
        /**
         * Answers a call.
         *
         * @throws RefusedException if the call is refused
         */
        JsonObject answer(Request request);
    }

    /** A group's operations by their names. */
    interface Group {
        Map<String, Answering> operations();
    }

    private final Map<String, Answering> answering = new HashMap<>();

    /**
     * All operations.
     *
     * @throws IllegalArgumentException if the model lacks one, or nothing says what it needs
     */
    Operations(List<Group> groups) {
        groups.forEach(group -> group.operations().forEach(this::add));
    }

    private void add(String name, Answering it) {
        OperationPermission.action(LambdaModel.get().operation(name));
        if (answering.put(name, it) != null) {
            throw new IllegalArgumentException(name + " is in two groups");
        }
    }

    /** Whether something answers an operation. */
    boolean has(Operation operation) {
        return answering.containsKey(operation.name());
    }

    /**
     * What answers an operation.
     *
     * @throws RefusedException 501 if nothing does
     */
    Answering of(Operation operation) {
        Answering it = answering.get(operation.name());
        if (it == null) {
            throw new RefusedException(AwsError.service(501, NotServed.sentence(operation)));
        }
        return it;
    }
}
