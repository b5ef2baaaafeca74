package dev.kappa.identity.cluster;

import dev.kappa.identity.Access;
import dev.kappa.identity.AccessReviews;
import dev.kappa.identity.Caller;
import dev.kappa.identity.TokenReviews;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.util.List;
import java.util.Optional;

/** Asks the API server by TokenReview and SubjectAccessReview. */
public final class KubernetesReviews implements TokenReviews, AccessReviews {
    /** The audience that tokens must have been made for. */
    public static final String AUDIENCE = "kappa";

    /** A caller waits for the answer, so nothing is tried again. */
    private static final RequestConfig ONCE = new RequestConfigBuilder()
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(3_000)
            .build();

    private final KubernetesClient client;

    /**
     * Asks through a client.
     *
     * @param client the API server
     */
    public KubernetesReviews(KubernetesClient client) {
        this.client = client.newClient(ONCE).adapt(KubernetesClient.class);
    }

    @Override
    public Optional<Caller> review(String token) {
        TokenReview review = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(AUDIENCE)
                .endSpec()
                .build();
        TokenReview answer = client.tokenReviews().create(review);
        // An API server that does not know of audiences answers none.
        boolean isOurs = Boolean.TRUE.equals(answer.getStatus().getAuthenticated())
                && answer.getStatus().getAudiences() != null
                && answer.getStatus().getAudiences().contains(AUDIENCE);
        return isOurs ? Optional.of(caller(answer.getStatus().getUser())) : Optional.empty();
    }

    private static Caller caller(UserInfo user) {
        return new Caller(
                user.getUsername(),
                user.getUid() == null ? "" : user.getUid(),
                user.getGroups() == null ? List.of() : user.getGroups());
    }

    @Override
    public boolean review(Caller caller, Access access) {
        int slash = access.resource().indexOf('/');
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(caller.name())
                .withUid(caller.uid().isEmpty() ? null : caller.uid())
                .withGroups(caller.groups())
                .withNewResourceAttributes()
                .withGroup(access.group())
                .withVersion("*")
                .withVerb(access.verb())
                .withResource(slash < 0 ? access.resource() : access.resource().substring(0, slash))
                .withSubresource(slash < 0 ? null : access.resource().substring(slash + 1))
                .withNamespace(access.namespace())
                .withName(access.name())
                .endResourceAttributes()
                .endSpec()
                .build();
        SubjectAccessReview answer =
                client.authorization().v1().subjectAccessReview().create(review);
        return Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }
}
