package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.UpdateAliasResponse;

/** Versions and aliases through AWS's own client, by several of them at once. */
class ControlIT {

    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    /** The function answers its number; it may still be about to change when this returns. */
    private static void code(String name, String spec, int answer) {
        Functions.python(name, spec, "def handler(event, context):\n    return " + answer);
    }

    private static PublishVersionResponse publish(String name) {
        return lambda.publishVersion(it -> it.functionName(name));
    }

    private static String answer(String name) {
        return Functions.invoke(lambda, name, "{}").payload().asUtf8String();
    }

    @Test
    void aPublishedVersionIsWhatTheFunctionWas() throws Exception {
        code("published", "timeoutSeconds: 5", 1);
        PublishVersionResponse first =
                lambda.publishVersion(it -> it.functionName("published").description("the first"));
        assertThat(first.version()).isEqualTo("1");
        assertThat(first.description()).isEqualTo("the first");
        assertThat(first.functionArn()).endsWith(":function:published:1");
        assertThat(first.codeSize()).isPositive();

        code("published", "timeoutSeconds: 5", 2);
        PublishVersionResponse second = publish("published");
        assertThat(second.version()).isEqualTo("2");
        assertThat(second.codeSha256()).isNotEqualTo(first.codeSha256());
        assertThat(publish("published").version()).isEqualTo("2");

        lambda.waiter()
                .waitUntilPublishedVersionActive(
                        it -> it.functionName("published").qualifier("2"));
        assertThat(answer("published:1")).isEqualTo("1");
        assertThat(answer("published:2")).isEqualTo("2");
        assertThat(lambda.listVersionsByFunctionPaginator(
                                it -> it.functionName("published").maxItems(1))
                        .versions())
                .extracting(it -> it.version())
                .containsExactly("$LATEST", "1", "2");
    }

    @Test
    void aNumberIsNotUsedAgainAfterItsVersionWasDeleted() {
        code("renumbered", "timeoutSeconds: 5", 1);
        assertThat(publish("renumbered").version()).isEqualTo("1");
        lambda.deleteFunction(it -> it.functionName("renumbered").qualifier("1"));

        assertThat(publish("renumbered").version()).isEqualTo("2");
        assertThatThrownBy(() -> lambda.getFunctionConfiguration(
                        it -> it.functionName("renumbered").qualifier("1")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void manyPublishersGetOneNumberForOneContent() throws Exception {
        code("crowded", "timeoutSeconds: 5", 1);
        Functions.waitUntilReady("Function", "crowded");

        Set<String> versions = atOnce(8, () -> publish("crowded").version()).stream()
                .map(ControlIT::result)
                .collect(Collectors.toSet());

        assertThat(versions).containsExactly("1");
        assertThat(lambda.listVersionsByFunction(it -> it.functionName("crowded"))
                        .versions())
                .hasSize(2);
    }

    @Test
    void publishersOfChangingContentGetTheNumberOfTheirContent() throws Exception {
        code("changing", "timeoutSeconds: 5", 0);
        Functions.waitUntilReady("Function", "changing");
        List<PublishVersionResponse> published = new ArrayList<>();
        for (int content = 1; content <= 4; content++) {
            code("changing", "timeoutSeconds: 5", content);
            atOnce(3, () -> publish("changing")).forEach(it -> published.add(result(it)));
        }

        List<String> numbers = published.stream()
                .map(PublishVersionResponse::version)
                .distinct()
                .toList();
        List<String> contents = published.stream()
                .map(PublishVersionResponse::codeSha256)
                .distinct()
                .toList();
        assertThat(numbers).containsExactly("1", "2", "3", "4");
        assertThat(contents).hasSize(4);
        for (String number : numbers) {
            assertThat(answer("changing:" + number)).isEqualTo(number);
        }
    }

    @Test
    void oneOfManyUpdatesOfTheSameRevisionWins() throws Exception {
        code("contended", "timeoutSeconds: 5", 1);
        publish("contended");
        for (int round = 0; round < 5; round++) {
            String name = "live-" + round;
            String revision = lambda.createAlias(
                            it -> it.functionName("contended").name(name).functionVersion("1"))
                    .revisionId();

            List<Future<UpdateAliasResponse>> updates = atOnce(
                    4,
                    () -> lambda.updateAlias(it -> it.functionName("contended")
                            .name(name)
                            .description(Thread.currentThread().getName())
                            .revisionId(revision)));

            List<Future<UpdateAliasResponse>> won = updates.stream()
                    .filter(it -> it.state() == Future.State.SUCCESS)
                    .toList();
            assertThat(won).hasSize(1);
            assertThat(lambda.getAlias(it -> it.functionName("contended").name(name))
                            .description())
                    .isEqualTo(result(won.getFirst()).description());
            updates.stream()
                    .filter(it -> it.state() == Future.State.FAILED)
                    .forEach(it -> assertThat(it.exceptionNow()).isInstanceOf(PreconditionFailedException.class));
        }
    }

    @Test
    void aliasesMoveEventsAndKeepVersions() throws Exception {
        code("aliased", "timeoutSeconds: 5", 1);
        publish("aliased");
        code("aliased", "timeoutSeconds: 5", 2);
        publish("aliased");
        lambda.createAlias(it -> it.functionName("aliased").name("live").functionVersion("1"));
        Functions.waitUntilReady("Alias", "aliased.live");
        assertThat(answer("aliased:live")).isEqualTo("1");

        assertThatThrownBy(() ->
                        lambda.deleteFunction(it -> it.functionName("aliased").qualifier("1")))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("[live]");

        lambda.updateAlias(it -> it.functionName("aliased")
                .name("live")
                .routingConfig(to -> to.additionalVersionWeights(Map.of("2", 0.25))));
        Functions.waitUntilReady("Alias", "aliased.live");
        Thread.sleep(1000);
        long second = IntStream.range(0, 100)
                .filter(i -> answer("aliased:live").equals("2"))
                .count();
        assertThat(second).isBetween(20L, 30L);

        lambda.updateAlias(it -> it.functionName("aliased")
                .name("live")
                .functionVersion("2")
                .routingConfig(to -> to.additionalVersionWeights(Map.of())));
        lambda.deleteFunction(it -> it.functionName("aliased").qualifier("1"));
        Functions.waitUntilGone("Version", "aliased.1");
        assertThat(answer("aliased:live")).isEqualTo("2");
    }

    @Test
    void aFunctionWithoutItsCodeTellsSo() {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: codeless, namespace: default}
                spec:
                  runtime: python3.13
                  handler: app.handler
                  code: {package: {sha256: DIGEST}}
                """.replace("DIGEST", "0".repeat(64)));
        Functions.waitFor(
                "Function", "codeless", it -> Functions.ready(it, "status").equals("False"));

        GetFunctionConfigurationResponse answer = lambda.getFunctionConfiguration(it -> it.functionName("codeless"));

        assertThat(answer.state()).isEqualTo(State.FAILED);
        assertThat(answer.stateReason()).contains("0".repeat(64));
        assertThatThrownBy(() -> publish("codeless"))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("its code is not there");
        assertThatThrownBy(() ->
                        lambda.publishVersion(it -> it.functionName("codeless").revisionId("stale")))
                .isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void theCodeThatTheCallerMeansIsPublished() {
        code("meant", "timeoutSeconds: 5", 1);
        String sha256 = publish("meant").codeSha256();
        code("meant", "timeoutSeconds: 5", 2);

        assertThatThrownBy(() ->
                        lambda.publishVersion(it -> it.functionName("meant").codeSha256(sha256)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("is different from current CodeSHA256 in $LATEST");
    }

    @Test
    void asynchronousEventsEndAsTheirConfigurationSays() throws Exception {
        Functions.python("eventful", "", "def handler(event, context):\n    raise ValueError('as asked')");
        Functions.waitUntilReady("Function", "eventful");
        lambda.putFunctionEventInvokeConfig(
                it -> it.functionName("eventful").maximumRetryAttempts(0).maximumEventAgeInSeconds(60));
        // As long as gateways may take to hear of it.
        Thread.sleep(1000);

        String id = lambda.invoke(it ->
                        it.functionName("eventful").invocationType("Event").payload(SdkBytes.fromUtf8String("{}")))
                .responseMetadata()
                .requestId();

        JsonNode story = Events.outcome("eventful", id);
        assertThat(story.path("invocations").asInt()).isEqualTo(1);
    }

    private static <T> List<Future<T>> atOnce(int callers, Callable<T> call) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            return threads.invokeAll(
                    IntStream.range(0, callers).mapToObj(i -> call).toList());
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a call failed", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
