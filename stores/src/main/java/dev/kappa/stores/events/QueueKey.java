package dev.kappa.stores.events;

import dev.kappa.lambda.FunctionKey;

/**
 * What a queue belongs to: a function from its creation to its deletion. One of the same name that is created later has
 * another queue.
 *
 * @param function its name
 * @param uid of the Function; empty for a queue of Kappa 0.1.0, which belonged to the name
 */
public record QueueKey(FunctionKey function, String uid) {
    @Override
    public String toString() {
        return uid.isEmpty() ? function.toString() : function + " (" + uid + ")";
    }
}
