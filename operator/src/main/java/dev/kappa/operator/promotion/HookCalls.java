package dev.kappa.operator.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.operator.http.PlatformClient;
import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.wire.PlatformTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invokes the hooks of rollouts through the gateway, each in its own thread. The event is CodeDeploy's, with more fields; a
 * leader that takes over invokes a hook again that was not seen to end, with the same execution id.
 */
public final class HookCalls {
    private static final Logger LOG = LoggerFactory.getLogger(HookCalls.class);
    private static final Duration LIMIT = Duration.ofMinutes(16);

    private static final RetryPolicy<Attempt> FIVE_TRIES = RetryPolicy.<Attempt>builder()
            .withMaxRetries(4)
            .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(8))
            .handleIf((attempt, thrown) -> thrown == null && attempt.again())
            .build();

    /**
     * One hook of one rollout.
     *
     * @param deploymentId names the rollout
     * @param name preTraffic or postTraffic
     * @param hook a function, or a function, a dot and its alias or version
     * @param namespace of the alias and of the hook
     * @param alias full name of the alias
     * @param from number of blue
     * @param to number of green
     */
    record Call(String deploymentId, String name, String hook, String namespace, String alias, int from, int to) {
        String id() {
            return deploymentId + "-" + name;
        }
    }

    /** What came of one try, and whether another may help. */
    private record Attempt(Hook hook, boolean again) {}

    /** Of an alias that was deleted meanwhile nobody asks any more. */
    private record Outcome(Hook hook, Instant asked) {}

    private final PlatformClient platform;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final String url;
    private final Clock clock;

    /**
     * Calls through a gateway.
     *
     * @param platform calls the gateway
     * @param url base address of the gateway's internal listener
     * @param clock the time
     */
    public HookCalls(PlatformClient platform, String url, Clock clock) {
        this.clock = clock;
        this.platform = platform;
        this.url = url;
    }

    /** How a call ended; the first time, it is begun. */
    Hook outcome(Call call) {
        Instant now = clock.instant();
        AtomicBoolean isNew = new AtomicBoolean();
        Outcome outcome = Objects.requireNonNull(outcomes.compute(call.id(), (id, known) -> {
            isNew.set(known == null);
            return new Outcome(known == null ? new Hook.Pending() : known.hook(), now);
        }));
        if (isNew.get()) {
            outcomes.values().removeIf(it -> it.asked().plus(LIMIT).isBefore(now));
            threads.execute(() -> end(call));
        }
        return outcome.hook();
    }

    private void end(Call call) {
        Hook hook = ended(call);
        outcomes.computeIfPresent(call.id(), (id, known) -> new Outcome(hook, known.asked()));
    }

    /** Drops what is known of a rollout. */
    void forget(String deploymentId) {
        outcomes.keySet().removeIf(id -> id.startsWith(deploymentId + "-"));
    }

    boolean isEmpty() {
        return outcomes.isEmpty();
    }

    private Hook ended(Call call) {
        try {
            return Failsafe.with(FIVE_TRIES).get(() -> attempt(call)).hook();
        } catch (RuntimeException e) {
            LOG.warn("Hook {} cannot be called", call.id(), e);
            return new Hook.Failed("function " + call.hook() + " cannot be called: " + e.getMessage());
        }
    }

    private Attempt attempt(Call call) throws InterruptedException {
        try {
            HttpResponse<String> answer =
                    platform.send(PlatformTokens.GATEWAYS, request(call), BodyHandlers.ofString());
            int status = answer.statusCode();
            return status == 200
                    ? new Attempt(verdict(call, answer), false)
                    : failed(
                            call,
                            "function " + call.hook() + " answered status " + status + ": " + answer.body(),
                            status == 429 || status >= 500 || isOfBefore(answer));
        } catch (IOException e) {
            return failed(call, "the gateway does not answer: " + e, true);
        }
    }

    /** A gateway of the release before, which an upgrade is about to replace, takes no events on this port. */
    private static boolean isOfBefore(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("x-amzn-ErrorType")
                .filter("UnknownOperationException"::equals)
                .isPresent();
    }

    private static Attempt failed(Call call, String problem, boolean again) {
        LOG.info("Hook {}: {}", call.id(), problem);
        return new Attempt(new Hook.Failed(problem), again);
    }

    /** A handler may answer any text: what is no JSON has no fields. */
    private JsonNode read(String body) {
        try {
            JsonNode node = json.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private HttpRequest.Builder request(Call call) throws JsonProcessingException {
        // As a parameter of its own the qualifier may have the length that Lambda gives it, whatever that of the name.
        String target = ResourceNames.function(call.hook()) + "." + call.namespace() + "/invocations"
                + ResourceNames.qualifier(call.hook())
                        .map(qualifier -> "?Qualifier=" + qualifier)
                        .orElse("");
        String event = json.writeValueAsString(Map.of(
                "DeploymentId", call.deploymentId(),
                "LifecycleEventHookExecutionId", call.id(),
                "hook", call.name(),
                "namespace", call.namespace(),
                "alias", call.alias(),
                "from", call.from(),
                "to", call.to()));
        return HttpRequest.newBuilder(URI.create(url + "/2015-03-31/functions/" + target))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event));
    }

    private Hook verdict(Call call, HttpResponse<String> answer) {
        JsonNode body = read(answer.body());
        if (answer.headers().firstValue("X-Amz-Function-Error").isPresent()) {
            return new Hook.Failed("function " + call.hook() + " ended with "
                    + body.path("errorType").asText("an error") + ": "
                    + body.path("errorMessage").asText(answer.body()));
        }
        return body.path("status").asText().equalsIgnoreCase("Failed")
                ? new Hook.Failed("function " + call.hook() + " says Failed: "
                        + body.path("message").asText("without a message"))
                : new Hook.Succeeded();
    }
}
