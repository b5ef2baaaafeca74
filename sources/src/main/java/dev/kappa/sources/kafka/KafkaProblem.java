package dev.kappa.sources.kafka;

import dev.kappa.sources.work.SourceProblemException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells the owner of a source what Kafka answered, and what to do about it. */
final class KafkaProblem {
    private KafkaProblem() {}

    static SourceProblemException of(RuntimeException e, String brokers) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SourceProblemException problem -> {
                    return problem;
                }
                case AuthenticationException refused -> {
                    return new SourceProblemException(
                            "CredentialsRefused",
                            "spec.kafka.credentials: the brokers at " + brokers + " do not accept them ("
                                    + refused.getMessage()
                                    + "); correct the Secret, spec.kafka.mechanism or spec.kafka.tls.");
                }
                case AuthorizationException refused -> {
                    return new SourceProblemException(
                            "AccessDenied",
                            "spec.kafka: the topics at " + brokers + " may not be read (" + refused.getMessage()
                                    + "); let the user read and describe the topics, and read the group.");
                }
                case UnknownTopicOrPartitionException gone -> {
                    return new SourceProblemException(
                            "TopicNotFound", "spec.kafka.topics: " + gone.getMessage() + "; create it.");
                }
                default -> {}
            }
        }
        return new SourceProblemException(
                "Unreachable",
                "spec.kafka: the brokers at " + brokers + " do not answer: " + innermost(e)
                        + "; correct spec.kafka.bootstrapServers or .tls, or see to it that they answer."
                        + " Kappa tries again.");
    }

    private static String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
