package dev.kappa.identity;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Lets callers do what the API server says that they may. It is asked for all of a namespace first, so that one answer serves
 * for every function of those who have wide rights. What is refused and what is missing look the same, so that the text of a
 * refusal tells no more than the call did.
 */
public final class AccessAuthorizer implements Authorizer {
    private record Question(Caller caller, Access access) {}

    private final Reviews<Question, Boolean> known;
    private final AccessReviews reviews;
    private final Accounts accounts;

    /**
     * Has asked nothing yet.
     *
     * @param reviews asks the API server
     * @param accounts name callers
     * @param clock the time
     */
    public AccessAuthorizer(AccessReviews reviews, Accounts accounts, Clock clock) {
        this.known = new Reviews<>(it -> it, clock);
        this.reviews = reviews;
        this.accounts = accounts;
    }

    @Override
    public CompletionStage<?> authorize(Caller caller, Permission permission) {
        CompletableFuture<Optional<Access>> refused = CompletableFuture.completedFuture(Optional.empty());
        for (Access access : permission.accesses()) {
            refused = refused.thenCompose(before -> before.isPresent()
                    ? CompletableFuture.completedFuture(before)
                    : allows(caller, access).thenApply(allowed -> allowed ? Optional.empty() : Optional.of(access)));
        }
        return refused.handle((access, failure) -> {
            if (failure != null) {
                throw unknown(failure);
            }
            if (access.isPresent()) {
                throw new RefusedException(AwsError.accessDenied(text(caller, permission, access.get())));
            }
            return permission;
        });
    }

    private CompletableFuture<Boolean> allows(Caller caller, Access access) {
        Question named = new Question(caller, access);
        if (access.name().isEmpty() || known.remembersGood(named)) {
            return answer(named);
        }
        Access wide = new Access(access.verb(), access.resource(), access.namespace(), "");
        return answer(new Question(caller, wide))
                .thenCompose(allowed -> allowed ? CompletableFuture.completedFuture(true) : answer(named));
    }

    private CompletableFuture<Boolean> answer(Question question) {
        return known.get(question, () -> reviews.review(question.caller(), question.access()));
    }

    private String text(Caller caller, Permission permission, Access access) {
        return "User: " + caller.arn(accounts) + " is not authorized to perform: "
                + permission.action().iamName() + " on resource: " + permission.arn()
                + " because no role that is bound to " + caller.name() + " allows it to " + access.verb() + " "
                + access.resource() + (access.group().isEmpty() ? "" : "." + access.group())
                + (access.name().isEmpty() ? "" : " " + access.name());
    }

    private static RefusedException unknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException refused
                ? refused
                : new RefusedException(AwsError.service(
                        503, "The API server does not answer what the caller may do (" + cause + "). Try again."));
    }
}
