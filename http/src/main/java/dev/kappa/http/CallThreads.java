package dev.kappa.http;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.ThrottleReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Runs calls that block on virtual threads, a limited number of them at a time; refuses the others at once. */
public final class CallThreads {
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free;

    /**
     * Threads for calls.
     *
     * @param limit calls that may be in hand at a time
     */
    public CallThreads(int limit) {
        this.free = new Semaphore(limit);
    }

    /**
     * Runs a call.
     *
     * @param work may block
     * @param <T> what it gives
     * @return its result on the caller's event loop; 429 TooManyRequestsException if too many calls are in hand
     */
    public <T> Future<T> run(Callable<T> work) {
        if (!free.tryAcquire()) {
            return Future.failedFuture(new RefusedException(AwsError.throttled(ThrottleReason.CALLER_RATE)));
        }
        Context context = Vertx.currentContext();
        Promise<T> promise = Promise.promise();
        threads.execute(() -> {
            Future<T> result = call(work);
            free.release();
            if (context == null) {
                result.onComplete(promise);
            } else {
                context.runOnContext(v -> result.onComplete(promise));
            }
        });
        return promise.future();
    }

    private static <T> Future<T> call(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
