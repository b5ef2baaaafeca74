package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.http.FunctionUrls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UrlCallsTest extends ControlCalls {
    private static final String URL = "/2021-10-31/functions/hello/url";
    private static final String NOT_FOUND = "ResourceNotFoundException";
    private static final JsonObject CORS = new JsonObject("""
            {"AllowCredentials": true, "AllowHeaders": ["x-a"], "AllowMethods": ["*"], "AllowOrigins": ["https://a.example"],
             "ExposeHeaders": [], "MaxAge": 60}
            """);

    private JsonObject written() {
        return resources
                .get(Kind.FUNCTION, "default", "hello")
                .orElseThrow()
                .spec()
                .getJsonObject("url");
    }

    @Test
    void aUrlIsAFieldOfTheFunction() throws Exception {
        refused(404, NOT_FOUND, "The resource you requested does not exist.", "GET", URL, "");

        JsonObject made = ok(
                201,
                "POST",
                URL,
                new JsonObject().put("AuthType", "NONE").put("Cors", CORS).encode());

        assertThat(made.getString("FunctionUrl"))
                .isEqualTo("http://urls.test" + FunctionUrls.path("default", "hello", null) + "/");
        assertThat(made.getString("FunctionArn")).isEqualTo(ARN);
        assertThat(made.getString("AuthType")).isEqualTo("NONE");
        assertThat(made.getString("InvokeMode")).isEqualTo("BUFFERED");
        assertThat(made.getJsonObject("Cors")).isEqualTo(CORS);
        assertThat(made.getString("CreationTime")).matches("\\d{4}-.*T.*\\.\\d{6}Z");
        assertThat(written()).isEqualTo(new JsonObject("""
                {"authType": "NONE", "cors": {"allowCredentials": true, "allowHeaders": ["x-a"], "allowMethods": ["*"],
                 "allowOrigins": ["https://a.example"], "exposeHeaders": [], "maxAge": 60}}
                """));
        refused(409, "ResourceConflictException", "FunctionUrlConfig exists", "POST", URL, "{\"AuthType\": \"NONE\"}");

        JsonObject changed = ok(200, "PUT", URL, "{\"InvokeMode\": \"RESPONSE_STREAM\", \"Cors\": {\"MaxAge\": 1}}");

        assertThat(changed.getString("AuthType")).isEqualTo("NONE");
        assertThat(changed.getJsonObject("Cors")).isEqualTo(new JsonObject().put("MaxAge", 1));
        assertThat(ok(200, "GET", URL, "")).isEqualTo(changed);
        assertThat(written().getString("invokeMode")).isEqualTo("RESPONSE_STREAM");
        assertThat(ok(200, "PUT", URL, "{\"Cors\": {}}").containsKey("Cors")).isFalse();
        ok(204, "DELETE", URL, "");
        assertThat(written()).isNull();
        refused(404, NOT_FOUND, "does not exist", "DELETE", URL, "");
        refused(404, NOT_FOUND, "does not exist", "PUT", URL, "{}");
    }

    @Test
    void anAliasHasOneOfItsOwn() throws Exception {
        alias("live", "{\"version\": 1}");
        ok(201, "POST", URL, "{\"AuthType\": \"AWS_IAM\"}");

        JsonObject made = ok(201, "POST", URL + "?Qualifier=live", "{\"AuthType\": \"NONE\"}");

        assertThat(made.getString("FunctionArn")).isEqualTo(ARN + ":live");
        assertThat(made.getString("FunctionUrl")).endsWith("/url/default/hello:live/");
        JsonArray listed = ok(200, "GET", URL + "s", "").getJsonArray("FunctionUrlConfigs");
        assertThat(listed.stream().map(it -> ((JsonObject) it).getString("FunctionArn")))
                .containsExactly(ARN, ARN + ":live");
        JsonObject page = ok(200, "GET", URL + "s?MaxItems=1", "");
        assertThat(page.getJsonArray("FunctionUrlConfigs")).hasSize(1);
        assertThat(page.getString("NextMarker")).isNotEmpty();
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        refused(400, "ValidationException", "'authType'", "POST", URL, "{}");
        refused(400, "ValidationException", "'authType'", "POST", URL, "{\"AuthType\": \"SOME\"}");
        refused(400, "ValidationException", "'qualifier'", "POST", URL + "?Qualifier=1", "{\"AuthType\": \"NONE\"}");
        refused(404, NOT_FOUND, ARN + ":other", "POST", URL + "?Qualifier=other", "{\"AuthType\": \"NONE\"}");
        refused(404, NOT_FOUND, "Function not found", "GET", URL.replace("hello", "absent"), "");
        refused(400, "ValidationException", "'functionName'", "GET", URL.replace("hello", "hello:$LATEST"), "");
    }
}
