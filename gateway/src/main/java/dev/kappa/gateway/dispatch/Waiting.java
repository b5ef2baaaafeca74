package dev.kappa.gateway.dispatch;

import io.vertx.core.Promise;

/** An admitted event with the promise of its answer; its fields are guarded by the function's dispatcher. */
final class Waiting {
    final Event event;
    final Promise<Answer> answer = Promise.promise();
    boolean waited;
    long decidedAtMs;

    Waiting(Event event) {
        this.event = event;
    }
}
