package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Event source mappings through the API, which are EventSources. */
class MappingCallsTest extends ControlCalls {
    private static final String INVALID = "InvalidParameterValueException";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:Orders_1";

    @BeforeEach
    void alias() {
        version(1, "c1");
        alias("live", "{\"version\": 1}");
    }

    private static String request(String function, String more) {
        return new JsonObject(more)
                .put("FunctionName", function)
                .put("EventSourceArn", QUEUE)
                .encode();
    }

    private Resource only() {
        List<Resource> all = resources.list(Kind.EVENT_SOURCE, "default");
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void told(String state) {
        Resource source = only();
        resources.put(
                Kind.EVENT_SOURCE,
                source.name(),
                source.spec(),
                new JsonObject().put("observedGeneration", source.generation()).put("state", state));
    }

    @Test
    void makesAnEventSourceAndShowsItAsAMapping() throws Exception {
        JsonObject created = ok(202, "POST", MAPPINGS, request("hello:live", """
                {"BatchSize": 20, "MaximumBatchingWindowInSeconds": 5, "FunctionResponseTypes": ["ReportBatchItemFailures"],
                 "FilterCriteria": {"Filters": [{"Pattern": "{\\"body\\": {\\"a\\": [1]}}"}]},
                 "ScalingConfig": {"MaximumConcurrency": 7}}
                """));

        assertThat(only().spec()).isEqualTo(new JsonObject("""
                {"function": "hello.live", "batch": {"size": 20, "window": "5s"}, "reportBatchItemFailures": true,
                 "filters": [{"pattern": "{\\"body\\": {\\"a\\": [1]}}"}], "maxConcurrency": 7,
                 "sqs": {"queue": "QUEUE", "endpoint": "http://queues:9324",
                         "credentials": {"secretRef": {"name": "queue-key"}}}}
                """.replace("QUEUE", QUEUE)));
        assertThat(only().name()).matches("hello-orders-1-[0-9a-z]{8}-[0-9a-f]{8}");
        String uuid = created.getString("UUID");
        assertThat(uuid).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-000000000000");
        assertThat(created.getString("State")).isEqualTo("Creating");
        assertThat(created.getString("FunctionArn")).isEqualTo(ARN + ":live");
        assertThat(created.getString("EventSourceArn")).isEqualTo(QUEUE);
        assertThat(created.getString("StateTransitionReason")).isEqualTo("USER_INITIATED");
        assertThat(created.getValue("LastModified")).isInstanceOf(Number.class);
        assertThat(created.getInteger("BatchSize")).isEqualTo(20);
        assertThat(created.getInteger("MaximumBatchingWindowInSeconds")).isEqualTo(5);
        assertThat(created.getJsonArray("FunctionResponseTypes")).containsExactly("ReportBatchItemFailures");
        assertThat(created.getJsonObject("ScalingConfig").getInteger("MaximumConcurrency"))
                .isEqualTo(7);
        assertThat(created.getJsonObject("FilterCriteria").getJsonArray("Filters"))
                .hasSize(1);
        told("Enabled");
        assertThat(ok(200, "GET", MAPPINGS + "/" + uuid, "")).isEqualTo(created.put("State", "Enabled"));
        refused(
                409,
                "ResourceConflictException",
                "An event source mapping with SQS arn (\" " + QUEUE + " \") and function (\" hello \") already exists."
                        + " Please update or delete the existing mapping with UUID " + uuid,
                "POST",
                MAPPINGS,
                request("hello:live", "{}"));
    }

    @Test
    void changesListsAndDeletesOne() throws Exception {
        String uuid = ok(202, "POST", MAPPINGS, request("hello", "{}")).getString("UUID");
        String one = MAPPINGS + "/" + uuid;
        assertThat(ok(200, "GET", one, "").getInteger("BatchSize")).isEqualTo(10);
        told("Enabled");

        assertThat(ok(202, "PUT", one, "{\"Enabled\": false}").getString("State"))
                .isEqualTo("Disabling");
        told("Disabled");
        assertThat(ok(202, "PUT", one, "{\"Enabled\": true}").getString("State"))
                .isEqualTo("Enabling");
        told("Enabled");
        JsonObject changed =
                ok(202, "PUT", one, "{\"BatchSize\": 5, \"FunctionName\": \"hello:live\", \"ScalingConfig\": {}}");
        assertThat(changed.getString("State")).isEqualTo("Updating");
        assertThat(changed.getString("FunctionArn")).isEqualTo(ARN + ":live");
        assertThat(changed.getInteger("BatchSize")).isEqualTo(5);

        resources.put(
                Kind.EVENT_SOURCE,
                "nightly",
                new JsonObject("{\"function\": \"hello\", \"schedule\": {}}"),
                new JsonObject());
        assertThat(ok(200, "GET", MAPPINGS + "/", "").getJsonArray("EventSourceMappings"))
                .hasSize(1);
        for (String query : List.of("?FunctionName=hello:live", "?EventSourceArn=" + QUEUE)) {
            assertThat(ok(200, "GET", MAPPINGS + query, "").getJsonArray("EventSourceMappings"))
                    .as(query)
                    .hasSize(1);
        }
        for (String query : List.of("?FunctionName=hello", "?EventSourceArn=" + QUEUE + "2")) {
            assertThat(ok(200, "GET", MAPPINGS + query, "").getJsonArray("EventSourceMappings"))
                    .as(query)
                    .isEmpty();
        }
        assertThat(ok(202, "DELETE", one, "").getString("State")).isEqualTo("Deleting");
        refused(404, "ResourceNotFoundException", "does not exist", "GET", one, "");
        refused(404, "ResourceNotFoundException", "does not exist", "GET", MAPPINGS + "/" + "x".repeat(36), "");
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        for (String[] wrong : new String[][] {
            {"Unrecognized event source", "{\"EventSourceArn\": \"arn:aws:kinesis:us-east-1:000000000000:stream/a\"}"},
            {"Function does not exist", "{\"FunctionName\": \"nobody\"}"},
            {"Function does not exist", "{\"FunctionName\": \"hello:7\"}"},
            {"must be greater than 0", "{\"BatchSize\": 11}"},
            {"Invalid filter pattern definition.", "{\"FilterCriteria\": {\"Filters\": [{\"Pattern\": \"[1]\"}]}}"},
            {"StartingPosition is not supported by Kappa", "{\"StartingPosition\": \"LATEST\"}"},
            {
                "DestinationConfig is not",
                "{\"DestinationConfig\": {\"OnFailure\": {\"Destination\": \"" + QUEUE + "\"}}}"
            },
            {"KMSKeyArn is not supported", "{\"KMSKeyArn\": \"arn:aws:kms:us-east-1:000000000000:key/a\"}"}
        }) {
            JsonObject request = new JsonObject(request("hello", "{}")).mergeIn(new JsonObject(wrong[1]));
            refused(400, INVALID, wrong[0], "POST", MAPPINGS, request.encode());
        }
        ok(
                202,
                "POST",
                MAPPINGS,
                request("hello", "{\"DestinationConfig\": {\"OnFailure\": {}}, \"SourceAccessConfigurations\": []}"));
    }

    @ParameterizedTest
    @CsvSource({"create, functions/invocations, hello", "create, eventsources, ''", "get, secrets, queue-key"})
    void asksForTheRightsThatTheBodyNeeds(String verb, String resource, String name) throws Exception {
        api.refused.add(new Access(verb, resource, "default", name));
        api.refused.add(new Access(verb, resource, "default", ""));
        refused(403, "AccessDeniedException", verb + " " + resource, "POST", MAPPINGS, request("hello", "{}"));
        assertThat(resources.list(Kind.EVENT_SOURCE, "default")).isEmpty();
        if (!resource.equals("eventsources")) {
            JsonObject spec = new JsonObject("""
                    {"function": "hello", "sqs": {"queue": "x", "credentials": {"secretRef": {"name": "queue-key"}}}}
                    """);
            Resource source = resources.put(Kind.EVENT_SOURCE, "made", spec, new JsonObject());
            String one = MAPPINGS + "/" + MappingId.of(source, api.accounts);
            refused(403, "AccessDeniedException", verb + " " + resource, "PUT", one, "{\"BatchSize\": 3}");
        }
    }
}
