package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProvisionedCallsTest extends ControlCalls {
    private static final String PATH = "/2019-09-30/functions/hello/provisioned-concurrency";
    private static final String LIVE = PATH + "?Qualifier=live";
    private static final String THREE = "{\"ProvisionedConcurrentExecutions\": 3}";
    private static final String INVALID = "InvalidParameterValueException";
    private static final String CONFLICT = "ResourceConflictException";

    @BeforeEach
    void publish() {
        version(1, "c1");
        version(2, "c2");
        alias("live", "{\"version\": 1}");
    }

    @Test
    void itIsAFieldOfTheAliasAndShowsItsStatus() throws Exception {
        JsonObject put = ok(202, "PUT", LIVE, THREE);

        assertThat(put).isEqualTo(new JsonObject("""
                {"RequestedProvisionedConcurrentExecutions": 3, "AvailableProvisionedConcurrentExecutions": 0,
                 "AllocatedProvisionedConcurrentExecutions": 0, "Status": "IN_PROGRESS",
                 "LastModified": "2026-01-02T03:04:05+0000"}
                """));
        Resource alias = resources.get(Kind.ALIAS, "default", "hello.live").orElseThrow();
        assertThat(alias.spec().getInteger("provisionedConcurrency")).isEqualTo(3);

        observed(alias, "{\"requested\": 3, \"allocated\": 3, \"available\": 2, \"state\": \"InProgress\"}");
        JsonObject started = ok(200, "GET", LIVE, "");
        assertThat(started.getString("Status")).isEqualTo("IN_PROGRESS");
        assertThat(started.getInteger("AllocatedProvisionedConcurrentExecutions"))
                .isEqualTo(3);
        assertThat(started.getInteger("AvailableProvisionedConcurrentExecutions"))
                .isEqualTo(2);

        observed(alias, "{\"requested\": 3, \"allocated\": 3, \"available\": 3, \"state\": \"Ready\"}");
        JsonArray listed = ok(200, "GET", PATH + "?List=ALL", "").getJsonArray("ProvisionedConcurrencyConfigs");
        assertThat(listed).hasSize(1);
        assertThat(listed.getJsonObject(0).getString("FunctionArn")).isEqualTo(ARN + ":live");
        assertThat(listed.getJsonObject(0).getString("Status")).isEqualTo("READY");

        assertThat(ok(202, "PUT", LIVE, "{\"ProvisionedConcurrentExecutions\": 2}")
                        .getString("Status"))
                .as("the status tells of the spec before")
                .isEqualTo("IN_PROGRESS");
        ok(204, "DELETE", LIVE, "");
        refused(
                404,
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function",
                "GET",
                LIVE,
                "");
    }

    @Test
    void aFailureSaysWhy() throws Exception {
        ok(202, "PUT", LIVE, THREE);
        Resource alias = resources.get(Kind.ALIAS, "default", "hello.live").orElseThrow();

        observed(alias, """
                {"requested": 3, "state": "Failed", "reason": "HandlerNotLoadable", "message": "no module app"}
                """);
        assertThat(ok(200, "GET", LIVE, "").getString("StatusReason")).isEqualTo("FUNCTION_ERROR_INIT_FAILURE");
        observed(alias, """
                {"requested": 3, "state": "Failed", "reason": "LimitReached", "message": "max is 1"}
                """);

        JsonObject failed = ok(200, "GET", LIVE, "");
        assertThat(failed.getString("Status")).isEqualTo("FAILED");
        assertThat(failed.getString("StatusReason")).isEqualTo("max is 1");
    }

    @Test
    void itIsOfPublishedVersionsAndOfOneOfThemOrItsAlias() throws Exception {
        refused(400, INVALID, "cannot be applied to unpublished", "PUT", PATH + "?Qualifier=$LATEST", THREE);
        refused(400, INVALID, "must be an alias or a published", "GET", PATH + "?Qualifier=$LATEST", "");
        refused(404, "ResourceNotFoundException", "Cannot find alias arn", "PUT", PATH + "?Qualifier=none", THREE);
        refused(404, "ResourceNotFoundException", "Function not found", "PUT", PATH + "?Qualifier=9", THREE);
        refused(
                404,
                "ResourceNotFoundException",
                "Function not found",
                "GET",
                PATH.replace("hello", "no") + "?List=ALL",
                "");
        alias("latest", "{}");
        alias("split", "{\"version\": 1, \"routing\": {\"version\": 2, \"weight\": 10}}");
        refused(400, INVALID, "unpublished", "PUT", PATH + "?Qualifier=latest", THREE);
        refused(400, INVALID, "Alias with weights can not be used", "PUT", PATH + "?Qualifier=split", THREE);

        ok(202, "PUT", LIVE, "{\"ProvisionedConcurrentExecutions\": 1}");
        refused(409, CONFLICT, "Version is pointed by a Provisioned", "PUT", PATH + "?Qualifier=1", THREE);
        ok(202, "PUT", PATH + "?Qualifier=2", "{\"ProvisionedConcurrentExecutions\": 1}");
        alias("two", "{\"version\": 2}");
        refused(409, CONFLICT, "on an already Provisioned version", "PUT", PATH + "?Qualifier=two", THREE);
    }

    @Test
    void itCountsTowardsReservedConcurrency() throws Exception {
        ok(202, "PUT", PATH + "?Qualifier=1", THREE);

        refused(400, INVALID, "greater than the reservedConcurrent", "PUT", PATH + "?Qualifier=2", THREE);
        refused(
                400,
                INVALID,
                "total provisioned concurrency [3]",
                "PUT",
                "/2017-10-31/functions/hello/concurrency",
                "{\"ReservedConcurrentExecutions\": 2}");
        ok(202, "PUT", PATH + "?Qualifier=1", "{\"ProvisionedConcurrentExecutions\": 4}");
    }

    private void observed(Resource resource, String provisioned) {
        Resource now =
                resources.get(resource.kind(), "default", resource.name()).orElseThrow();
        resources.put(
                now.kind(),
                now.name(),
                now.spec(),
                new JsonObject()
                        .put("observedGeneration", now.generation())
                        .put("provisioned", new JsonObject(provisioned)));
    }
}
