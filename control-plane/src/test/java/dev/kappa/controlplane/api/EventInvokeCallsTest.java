package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventInvokeCallsTest extends ControlCalls {
    private static final String CONFIG = "/2019-09-25/functions/hello/event-invoke-config";
    private static final String INVALID = "InvalidParameterValueException";
    private static final String NOT_FOUND = "ResourceNotFoundException";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:failed.hello";

    @BeforeEach
    void others() {
        version(1, "c1");
        alias("live", "{\"version\": 1}");
        resources.put(Kind.FUNCTION, "report", spec(), status(1, "c1", 0));
    }

    private static String destinations(String onSuccess, String onFailure) {
        return new JsonObject()
                .put(
                        "DestinationConfig",
                        new JsonObject()
                                .put("OnSuccess", new JsonObject().put("Destination", onSuccess))
                                .put("OnFailure", new JsonObject().put("Destination", onFailure)))
                .encode();
    }

    private JsonObject async(Kind kind, String name) {
        return resources.get(kind, "default", name).orElseThrow().spec().getJsonObject("async");
    }

    @Test
    void putsReadsAndDeletes() throws Exception {
        String report = ARN.replace("hello", "report");

        JsonObject put = ok(200, "PUT", CONFIG, destinations(report, QUEUE));

        assertThat(put)
                .isEqualTo(new JsonObject(destinations(report, QUEUE))
                        .put("LastModified", 1_767_323_045.0)
                        .put("FunctionArn", ARN + ":$LATEST")
                        .put("MaximumRetryAttempts", 2)
                        .put("MaximumEventAgeInSeconds", 21_600));
        assertThat(async(Kind.FUNCTION, "hello"))
                .isEqualTo(
                        new JsonObject(
                                "{\"onSuccess\": {\"function\": \"report\"}, \"onFailure\": {\"nats\": {\"subject\": \"failed.hello\"}}}"));
        assertThat(ok(200, "GET", CONFIG + "?Qualifier=$LATEST", "")).isEqualTo(put);
        ok(204, "DELETE", CONFIG, "");
        for (String method : List.of("GET", "DELETE", "POST")) {
            refused(404, NOT_FOUND, "The function " + ARN + ":$LATEST doesn't have", method, CONFIG, "");
        }
    }

    @Test
    void putReplacesAndUpdateMerges() throws Exception {
        ok(200, "PUT", CONFIG, "{\"MaximumRetryAttempts\": 0, \"MaximumEventAgeInSeconds\": 90}");
        ok(200, "POST", CONFIG, destinations("", QUEUE));
        JsonObject updated = ok(200, "POST", CONFIG, "{\"MaximumRetryAttempts\": 1}");

        assertThat(updated.getInteger("MaximumRetryAttempts")).isEqualTo(1);
        assertThat(updated.getInteger("MaximumEventAgeInSeconds")).isEqualTo(90);
        assertThat(updated.getJsonObject("DestinationConfig").encode())
                .isEqualTo("{\"OnSuccess\":{},\"OnFailure\":{\"Destination\":\"" + QUEUE + "\"}}");

        ok(200, "POST", CONFIG, destinations("", ""));
        assertThat(async(Kind.FUNCTION, "hello").fieldNames()).containsOnly("maxRetryAttempts", "maxEventAge");
        ok(200, "PUT", CONFIG, destinations("", QUEUE));
        assertThat(async(Kind.FUNCTION, "hello").fieldNames()).containsOnly("onFailure");
    }

    @Test
    void keepsOneForEachQualifierAndListsThem() throws Exception {
        ok(200, "PUT", CONFIG + "?Qualifier=live", "{\"MaximumRetryAttempts\": 0}");
        ok(200, "PUT", CONFIG + "?Qualifier=1", "{\"MaximumRetryAttempts\": 1}");

        assertThat(async(Kind.ALIAS, "hello.live").getInteger("maxRetryAttempts"))
                .isZero();
        assertThat(async(Kind.VERSION, "hello.1").getInteger("maxRetryAttempts"))
                .isEqualTo(1);
        JsonObject first = ok(200, "GET", CONFIG + "/list?MaxItems=1", "");
        assertThat(arns(first)).containsExactly(ARN + ":1");
        assertThat(arns(ok(200, "GET", CONFIG + "/list?Marker=" + first.getString("NextMarker"), "")))
                .containsExactly(ARN + ":live");
        refused(400, "ValidationException", "equal to 50", "GET", CONFIG + "/list?MaxItems=51", "");
        refused(
                404,
                NOT_FOUND,
                "Function not found: " + ARN + ":2",
                "PUT",
                CONFIG + "?Qualifier=2",
                destinations("", ""));
    }

    private static List<String> arns(JsonObject page) {
        return page.getJsonArray("FunctionEventInvokeConfigs").stream()
                .map(it -> ((JsonObject) it).getString("FunctionArn"))
                .toList();
    }

    @Test
    void saysWhichDestinationsThereAre() throws Exception {
        String report = ARN.replace("hello", "report");
        refused(400, INVALID, "destination for itself", "PUT", CONFIG, destinations(ARN + ":live", ""));
        refused(400, INVALID, report + ":7 does not exist", "PUT", CONFIG, destinations(report + ":7", ""));
        refused(400, INVALID, report + ":dead does not exist", "PUT", CONFIG, destinations(report + ":dead", ""));
        for (String arn : List.of(
                "arn:aws:sns:us-east-1:000000000000:topic",
                "arn:aws:sqs:eu-west-1:000000000000:queue",
                "arn:aws:s3:::b")) {
            refused(
                    400,
                    INVALID,
                    "is none that Kappa has: give the ARN of a function, or arn:aws:sqs:us-east-1:000000000000:<subject>",
                    "PUT",
                    CONFIG,
                    destinations("", arn));
        }
        refused(
                400,
                "ValidationException",
                "at 'destinationConfig.onFailure.destination'",
                "PUT",
                CONFIG,
                destinations("", "https://hook"));
        refused(
                400,
                "ValidationException",
                "Value '3' at 'maximumRetryAttempts'",
                "PUT",
                CONFIG,
                "{\"MaximumRetryAttempts\": 3}");
        refused(400, "ValidationException", "equal to 60", "POST", CONFIG, "{\"MaximumEventAgeInSeconds\": 59}");
        refused(400, INVALID, "at least one of error handling or destination", "PUT", CONFIG, "{}");
        refused(
                400,
                "SerializationException",
                "STRING_VALUE can not be converted to an Integer",
                "PUT",
                CONFIG,
                "{\"MaximumRetryAttempts\": \"1\"}");
        assertThat(resources
                        .get(Kind.FUNCTION, "default", "hello")
                        .orElseThrow()
                        .spec()
                        .containsKey("async"))
                .isFalse();
    }

    @Test
    void showsWhatKubectlWrote() throws Exception {
        function(
                spec().put("deadLetter", new JsonObject("{\"function\": \"report.live\"}"))
                        .put(
                                "async",
                                new JsonObject(
                                        "{\"maxEventAge\": \"5m\", \"onFailure\": {\"url\": {\"location\": \"https://hook\"}}}")),
                status(2, "c1", 0));

        JsonObject shown = ok(200, "GET", CONFIG, "");

        assertThat(shown.getInteger("MaximumEventAgeInSeconds")).isEqualTo(300);
        assertThat(shown.getJsonObject("DestinationConfig")
                        .getJsonObject("OnFailure")
                        .getString("Destination"))
                .isEqualTo("https://hook");
        assertThat(ok(200, "GET", "/hello/configuration", "")
                        .getJsonObject("DeadLetterConfig")
                        .getString("TargetArn"))
                .isEqualTo(ARN.replace("hello", "report:live"));
    }
}
