package dev.kappa.history;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a history shows; each finding is a sentence that names the event.
 *
 * @param lost accepted but without an outcome, or an outcome that no runs account for
 * @param doubleSettled with two outcomes that differ
 * @param phantom run or settled without having been sent, or under two names
 * @param unexplained run more often than the outcome says, with no fault near
 * @param undelivered settled but not, or not truly, told to the destination
 * @param leaks samples in which events were missing or too many
 * @param duplicates events that ran more often than their outcomes say, explained by a fault or not
 * @param redelivered records that the destination got more than once
 */
public record Verdict(
        List<String> lost,
        List<String> doubleSettled,
        List<String> phantom,
        List<String> unexplained,
        List<String> undelivered,
        List<String> leaks,
        int duplicates,
        int redelivered) {
    /**
     * Everything that must not be.
     *
     * @return empty if the platform kept its promises
     */
    public List<String> violations() {
        return Stream.of(
                        named("lost", lost),
                        named("settled twice", doubleSettled),
                        named("phantom", phantom),
                        named("duplicated without a fault", unexplained),
                        named("not delivered", undelivered),
                        named("not conserved", leaks))
                .flatMap(it -> it)
                .toList();
    }

    private static Stream<String> named(String kind, List<String> findings) {
        return findings.stream().map(it -> kind + ": " + it);
    }
}
