package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.DnsLabels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions and aliases that callers name otherwise than Kubernetes does. */
class NameCallsTest extends ControlCalls {
    private static final String NAME = "MyStack-Hello_1";
    private static final String LABEL = DnsLabels.ofFunction(NAME);
    private static final String NAMED = ARN.replace("hello", NAME);

    @BeforeEach
    void named() {
        JsonObject spec = spec().put("functionName", NAME);
        resources.put(Kind.FUNCTION, LABEL, spec, status(1, "c1", 1));
        JsonObject snapshot = new JsonObject()
                .put("codeSha256", SHA256)
                .put("configSha256", "c1")
                .put("function", spec);
        resources.put(
                Kind.VERSION,
                LABEL + ".1",
                new JsonObject().put("function", LABEL).put("number", 1).put("snapshot", snapshot),
                status(1, "c1", 0));
    }

    @Test
    void aFunctionIsFoundByBothNamesAndShownByThatOfCallers() throws Exception {
        for (String path : List.of("/" + NAME, "/" + LABEL)) {
            JsonObject shown = ok(200, "GET", path + "/configuration", "");
            assertThat(shown.getString("FunctionName")).isEqualTo(NAME);
            assertThat(shown.getString("FunctionArn")).isEqualTo(NAMED);
        }
        assertThat(ok(200, "GET", "/" + NAME + ":1/configuration", "").getString("FunctionArn"))
                .isEqualTo(NAMED + ":1");
        assertThat(ok(200, "GET", "", "").getJsonArray("Functions").encode()).contains("\"" + NAMED + "\"");
        assertThat(ok(200, "GET", "/" + NAME + "/versions", "").encode()).contains(NAMED + ":$LATEST", NAMED + ":1");
        refused(
                404,
                "ResourceNotFoundException",
                "Function not found: " + ARN.replace("hello", "mystack-hello_1"),
                "GET",
                "/mystack-hello_1",
                "");
    }

    @Test
    void aVersionIsPublishedAndDeletedByThatName() throws Exception {
        assertThat(ok(201, "POST", "/" + NAME + "/versions", "{}").getString("FunctionArn"))
                .isEqualTo(NAMED + ":1");
        ok(204, "DELETE", "/" + NAME + "?Qualifier=1", "");
        assertThat(resources.get(Kind.VERSION, "default", LABEL + ".1")).isEmpty();
    }

    @Test
    void anAliasHasANameOfItsOwnToo() throws Exception {
        String aliases = "/" + NAME + "/aliases";

        JsonObject created = ok(201, "POST", aliases, "{\"Name\": \"PROD\", \"FunctionVersion\": \"1\"}");

        assertThat(created.getString("AliasArn")).isEqualTo(NAMED + ":PROD");
        Resource alias = resources.list(Kind.ALIAS, "default").getFirst();
        assertThat(alias.name()).isEqualTo(LABEL + "." + DnsLabels.ofQualifier("PROD"));
        assertThat(alias.spec())
                .isEqualTo(new JsonObject()
                        .put("function", LABEL)
                        .put("version", 1)
                        .put("aliasName", "PROD"));
        assertThat(ok(200, "GET", aliases + "/PROD", "")).isEqualTo(created);
        assertThat(ok(200, "GET", aliases, ""))
                .isEqualTo(new JsonObject().put("Aliases", new JsonArray().add(created)));
        assertThat(ok(200, "GET", "/" + NAME + "/configuration?Qualifier=PROD", "")
                        .getString("FunctionArn"))
                .isEqualTo(NAMED + ":PROD");
        refused(409, "ResourceConflictException", "[PROD]", "DELETE", "/" + NAME + "?Qualifier=1", "");
        refused(
                409,
                "ResourceConflictException",
                "Alias already exists: " + NAMED + ":PROD",
                "POST",
                aliases,
                "{\"Name\": \"PROD\", \"FunctionVersion\": \"1\"}");
        refused(404, "ResourceNotFoundException", NAMED + ":Prod", "GET", aliases + "/Prod", "");
        ok(204, "DELETE", aliases + "/PROD", "");
        assertThat(resources.list(Kind.ALIAS, "default")).isEmpty();
    }

    @Test
    void aDestinationIsShownAsItWasGiven() throws Exception {
        ok(201, "POST", "/" + NAME + "/aliases", "{\"Name\": \"PROD\", \"FunctionVersion\": \"1\"}");
        for (String destination : List.of(NAMED, NAMED + ":PROD", NAMED + ":1")) {
            JsonObject given = new JsonObject()
                    .put("OnSuccess", new JsonObject().put("Destination", destination))
                    .put("OnFailure", new JsonObject());
            JsonObject shown = ok(
                    200,
                    "PUT",
                    "/2019-09-25/functions/hello/event-invoke-config",
                    new JsonObject().put("DestinationConfig", given).encode());
            assertThat(shown.getJsonObject("DestinationConfig")).isEqualTo(given);
        }
        refused(
                400,
                "InvalidParameterValueException",
                "destination for itself",
                "PUT",
                "/2019-09-25/functions/" + LABEL + "/event-invoke-config",
                "{\"DestinationConfig\": {\"OnSuccess\": {\"Destination\": \"" + NAMED + "\"}}}");
    }

    @Test
    void aNameThatDoesNotBelongToTheResourceIsNotShown() throws Exception {
        function(spec().put("functionName", NAME), status(1, "c1", 0));

        assertThat(ok(200, "GET", "/hello/configuration", "").getString("FunctionName"))
                .isEqualTo("hello");
    }
}
