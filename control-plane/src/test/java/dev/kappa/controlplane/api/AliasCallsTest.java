package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AliasCallsTest extends ControlCalls {
    private static final String ALIASES = "/hello/aliases";
    private static final String LIVE = "/hello/aliases/live";
    private static final String NOT_FOUND = "ResourceNotFoundException";
    private static final String INVALID = "InvalidParameterValueException";

    @BeforeEach
    void versions() {
        version(1, "c1");
        version(2, "c2");
    }

    private JsonObject create() throws Exception {
        return ok(201, "POST", ALIASES, """
                {"Name": "live", "FunctionVersion": "1", "Description": "what callers use",
                 "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.07}}}
                """);
    }

    private JsonObject specOfLive() {
        return resources
                .get(Kind.ALIAS, "default", "hello.live")
                .orElseThrow()
                .spec()
                .copy();
    }

    @Test
    void createsReadsAndDeletes() throws Exception {
        JsonObject created = create();

        assertThat(created)
                .isEqualTo(new JsonObject("""
                        {"AliasArn": "ARN:live", "Name": "live", "FunctionVersion": "1", "Description": "what callers use",
                         "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.07}}}
                        """.replace("ARN", ARN)).put("RevisionId", created.getString("RevisionId")));
        assertThat(specOfLive()).isEqualTo(new JsonObject("""
                        {"function": "hello", "version": 1, "description": "what callers use",
                         "routing": {"version": 2, "weight": 7.0}}
                        """));
        assertThat(ok(200, "GET", LIVE, "")).isEqualTo(created);
        refused(
                409,
                "ResourceConflictException",
                "Alias already exists: " + ARN + ":live",
                "POST",
                ALIASES,
                "{\"Name\": \"live\", \"FunctionVersion\": \"1\"}");
        ok(204, "DELETE", LIVE, "");
        ok(204, "DELETE", LIVE, "");
        refused(404, NOT_FOUND, "Cannot find alias arn: " + ARN + ":live", "GET", LIVE, "");
    }

    @Test
    void updatesWhatIsGivenAndNothingElse() throws Exception {
        create();

        ok(200, "PUT", LIVE, "{\"Description\": \"other\"}");
        assertThat(specOfLive().getString("description")).isEqualTo("other");
        assertThat(specOfLive().getJsonObject("routing").getInteger("version")).isEqualTo(2);

        JsonObject moved = ok(200, "PUT", LIVE, "{\"FunctionVersion\": \"2\", \"RoutingConfig\": {}}");
        assertThat(moved.getString("FunctionVersion")).isEqualTo("2");
        assertThat(moved.containsKey("RoutingConfig")).isFalse();
        assertThat(specOfLive().containsKey("routing")).isFalse();
        assertThat(ok(200, "PUT", LIVE, "{}")).isEqualTo(moved);
    }

    @Test
    void letsOneOfTwoWritersWithTheSameRevisionWin() throws Exception {
        String revision = create().getString("RevisionId");
        resources.beforeWrite = name -> {
            resources.beforeWrite = other -> {};
            JsonObject theirs = specOfLive().put("description", "theirs");
            resources.put(Kind.ALIAS, "hello.live", theirs, new JsonObject());
        };

        refused(
                412,
                "PreconditionFailedException",
                "The Revision Id provided does not match",
                "PUT",
                LIVE,
                "{\"Description\": \"mine\", \"RevisionId\": \"" + revision + "\"}");
        assertThat(specOfLive().getString("description")).isEqualTo("theirs");
    }

    @Test
    void writesAgainAfterTheOperatorsStatus() throws Exception {
        String revision = create().getString("RevisionId");
        resources.beforeWrite = name -> {
            resources.beforeWrite = other -> {};
            resources.put(Kind.ALIAS, "hello.live", specOfLive(), new JsonObject().put("observedGeneration", 1));
        };

        JsonObject updated = ok(200, "PUT", LIVE, "{\"Description\": \"mine\", \"RevisionId\": \"" + revision + "\"}");

        assertThat(updated.getString("Description")).isEqualTo("mine");
        assertThat(updated.getString("RevisionId")).isNotEqualTo(revision);
    }

    @Test
    void refusesWhatLambdaRefuses() throws Exception {
        refused(400, "ValidationException", "Value '12' at 'name'", "POST", ALIASES, alias("12", "1", ""));
        refused(
                400,
                "ValidationException",
                "2 validation errors detected: Value null at 'name'",
                "POST",
                ALIASES,
                "{}");
        refused(400, "ValidationException", "Value '1.2' at 'functionVersion'", "POST", ALIASES, alias("a", "1.2", ""));
        refused(
                400,
                "ValidationException",
                "Value '{2=1.5}' at 'routingConfig",
                "POST",
                ALIASES,
                alias("a", "1", "\"2\": 1.5"));
        refused(
                400,
                "ValidationException",
                "Value '{x=0.5}' at 'routingConfig",
                "POST",
                ALIASES,
                alias("a", "1", "\"x\": 0.5"));
        refused(400, INVALID, "greater than 1", "POST", ALIASES, alias("a", "1", "\"2\": 0.5, \"3\": 0.1"));
        refused(400, INVALID, "Function version 1 is already included", "POST", ALIASES, alias("a", "1", "\"1\": 0.5"));
        refused(400, INVALID, "more than 1 version", "POST", ALIASES, alias("a", "$LATEST", "\"1\": 0.5"));
        refused(404, NOT_FOUND, "Function not found: " + ARN + ":3", "POST", ALIASES, alias("a", "3", ""));
        refused(
                404,
                NOT_FOUND,
                "Function not found: " + ARN + ":99999999999",
                "POST",
                ALIASES,
                alias("a", "99999999999", ""));
        refused(404, NOT_FOUND, "Function not found: " + ARN + ":3", "POST", ALIASES, alias("a", "1", "\"3\": 0.5"));
        refused(404, NOT_FOUND, "function:nobody", "POST", "/nobody/aliases", alias("a", "1", ""));
        refused(404, NOT_FOUND, "Cannot find alias arn", "PUT", LIVE, "{}");
        refused(400, INVALID, "without a qualifier", "POST", "/hello:1/aliases", alias("a", "1", ""));
        assertThat(resources.list(Kind.ALIAS, "default")).isEmpty();

        create();
        refused(400, INVALID, "Function version 2 is already included", "PUT", LIVE, "{\"FunctionVersion\": \"2\"}");
    }

    @Test
    void anAliasMayPointToLatest() throws Exception {
        JsonObject created = ok(201, "POST", ALIASES, alias("newest", "$LATEST", ""));
        assertThat(created.getString("FunctionVersion")).isEqualTo("$LATEST");
        assertThat(resources
                        .get(Kind.ALIAS, "default", "hello.newest")
                        .orElseThrow()
                        .spec()
                        .encode())
                .isEqualTo("{\"function\":\"hello\"}");
        assertThat(ok(200, "GET", "/hello/configuration?Qualifier=newest", "").getString("Version"))
                .isEqualTo("$LATEST");
        assertThat(ok(200, "GET", ALIASES + "?FunctionVersion=$LATEST", "").getJsonArray("Aliases"))
                .hasSize(1);

        ok(200, "PUT", ALIASES + "/newest", "{\"FunctionVersion\": \"2\"}");
        ok(204, "DELETE", "/hello?Qualifier=1", "");
        ok(200, "PUT", ALIASES + "/newest", "{\"FunctionVersion\": \"$LATEST\"}");
        assertThat(ok(200, "GET", ALIASES + "/newest", "").getString("FunctionVersion"))
                .isEqualTo("$LATEST");
        refused(
                400,
                INVALID,
                "more than 1 version",
                "PUT",
                ALIASES + "/newest",
                "{\"RoutingConfig\": {\"AdditionalVersionWeights\": {\"2\": 0.5}}}");
        ok(204, "DELETE", "/hello?Qualifier=2", "");
    }

    private static String alias(String name, String version, String weights) {
        return """
                {"Name": "NAME", "FunctionVersion": "VERSION", "RoutingConfig": {"AdditionalVersionWeights": {WEIGHTS}}}
                """.replace("NAME", name).replace("VERSION", version).replace("WEIGHTS", weights);
    }

    @Test
    void listsPageByPageAndByVersion() throws Exception {
        alias("c", "{\"version\": 2}");
        alias("a", "{\"version\": 1}");
        alias("b", "{\"version\": 1, \"routing\": {\"version\": 2, \"weight\": 50}}");

        JsonObject first = ok(200, "GET", ALIASES + "?MaxItems=2", "");

        assertThat(names(first)).containsExactly("a", "b");
        assertThat(names(ok(200, "GET", ALIASES + "?Marker=" + first.getString("NextMarker"), "")))
                .containsExactly("c");
        assertThat(names(ok(200, "GET", ALIASES + "?FunctionVersion=2", ""))).containsExactly("b", "c");
    }

    private static List<String> names(JsonObject page) {
        return page.getJsonArray("Aliases").stream()
                .map(it -> ((JsonObject) it).getString("Name"))
                .toList();
    }

    @Test
    void showsWhereARolloutStandsAndLeavesTheWeightsToIt() throws Exception {
        resources.put(
                Kind.ALIAS,
                "hello.live",
                new JsonObject("{\"function\": \"hello\", \"version\": 2, \"rollout\": {\"strategy\": \"AllAtOnce\"}}"),
                new JsonObject("{\"version\": 1, \"routing\": {\"version\": 2, \"weight\": 10.0}}"));

        JsonObject shown = ok(200, "GET", LIVE, "");

        assertThat(shown.getString("FunctionVersion")).isEqualTo("1");
        assertThat(shown.getJsonObject("RoutingConfig").encode())
                .isEqualTo("{\"AdditionalVersionWeights\":{\"2\":0.1}}");
        refused(
                400,
                INVALID,
                "has spec.rollout",
                "PUT",
                LIVE,
                "{\"RoutingConfig\": {\"AdditionalVersionWeights\": {\"2\": 0.5}}}");
        ok(200, "PUT", LIVE, "{\"FunctionVersion\": \"1\", \"RoutingConfig\": {}}");
        assertThat(specOfLive().getInteger("version")).isEqualTo(1);
    }
}
