package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PermissionCallsTest extends ControlCalls {
    private static final String POLICY = "/2015-03-31/functions/hello/policy";
    private static final String INVALID = "InvalidParameterValueException";
    private static final String NOT_FOUND = "ResourceNotFoundException";

    @BeforeEach
    void others() {
        version(1, "c1");
        alias("live", "{\"version\": 1}");
    }

    private static String statement(String id, String principal, String more) {
        return "{\"StatementId\": \"" + id + "\", \"Action\": \"lambda:InvokeFunction\", \"Principal\": \"" + principal
                + "\"" + more + "}";
    }

    private JsonArray permissions() {
        return resources
                .get(Kind.FUNCTION, "default", "hello")
                .orElseThrow()
                .spec()
                .getJsonArray("permissions", new JsonArray());
    }

    @Test
    void addsShowsAndRemovesStatements() throws Exception {
        refused(404, NOT_FOUND, "The resource you requested does not exist.", "GET", POLICY, "");
        JsonObject added = ok(
                201,
                "POST",
                POLICY,
                statement(
                        "bucket",
                        "s3.amazonaws.com",
                        ", \"SourceArn\": \"arn:aws:s3:::pictures\", \"SourceAccount\": \"123456789012\""));
        ok(201, "POST", POLICY, statement("films", "123456789012", ""));

        assertThat(added.getString("Statement"))
                .isEqualTo("{\"Sid\":\"bucket\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},"
                        + "\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"" + ARN + "\",\"Condition\":"
                        + "{\"StringEquals\":{\"AWS:SourceAccount\":\"123456789012\"},"
                        + "\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:s3:::pictures\"}}}");
        assertThat(permissions().getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("statementId", "films")
                        .put("action", "lambda:InvokeFunction")
                        .put("principal", "123456789012"));
        JsonObject policy = new JsonObject(ok(200, "GET", POLICY, "").getString("Policy"));
        assertThat(policy.getString("Id")).isEqualTo("default");
        assertThat(policy.getJsonArray("Statement").getJsonObject(1).getJsonObject("Principal"))
                .isEqualTo(new JsonObject().put("AWS", "arn:aws:iam::123456789012:root"));

        ok(204, "DELETE", POLICY + "/bucket", "");
        refused(404, NOT_FOUND, "Statement bucket is not found in resource policy.", "DELETE", POLICY + "/bucket", "");
        ok(204, "DELETE", POLICY + "/films", "");
        refused(404, NOT_FOUND, "No policy is associated", "DELETE", POLICY + "/films", "");
        assertThat(permissions()).isEmpty();
    }

    @Test
    void eachQualifierHasItsOwn() throws Exception {
        ok(201, "POST", POLICY, statement("one", "*", ""));
        JsonObject added = ok(201, "POST", POLICY + "?Qualifier=live", statement("one", "*", ""));

        assertThat(new JsonObject(added.getString("Statement")).getString("Resource"))
                .isEqualTo(ARN + ":live");
        assertThat(permissions().getJsonObject(1).getString("qualifier")).isEqualTo("live");
        ok(204, "DELETE", POLICY + "/one", "");
        refused(404, NOT_FOUND, "does not exist", "GET", POLICY, "");
        assertThat(ok(200, "GET", POLICY + "?Qualifier=live", "").getString("Policy"))
                .contains(ARN + ":live");
        refused(
                404,
                NOT_FOUND,
                "Function not found: " + ARN + ":other",
                "POST",
                POLICY + "?Qualifier=other",
                statement("one", "*", ""));
        refused(
                400,
                INVALID,
                "We currently do not support adding policies for $LATEST.",
                "POST",
                POLICY + "?Qualifier=$LATEST",
                statement("two", "*", ""));
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        ok(201, "POST", POLICY, statement("one", "*", ""));

        refused(
                409,
                "ResourceConflictException",
                "The statement id (one) provided already exists.",
                "POST",
                POLICY,
                statement("one", "123456789012", ""));
        refused(400, INVALID, "The provided principal was invalid.", "POST", POLICY, statement("two", "ada", ""));
        refused(
                400,
                INVALID,
                "PrincipalOrgID is a condition that no call meets",
                "POST",
                POLICY,
                statement("two", "*", ", \"PrincipalOrgID\": \"o-1234567890\""));
        refused(400, "ValidationException", "'statementId'", "POST", POLICY, statement("a b", "*", ""));
        refused(
                404,
                NOT_FOUND,
                "Function not found",
                "POST",
                POLICY.replace("hello", "absent"),
                statement("one", "*", ""));
    }

    @Test
    void aStaleRevisionIsRefused() throws Exception {
        ok(201, "POST", POLICY, statement("one", "*", ""));
        String revision = ok(200, "GET", POLICY, "").getString("RevisionId");
        ok(201, "POST", POLICY, statement("two", "*", ", \"RevisionId\": \"" + revision + "\""));

        refused(
                412,
                "PreconditionFailedException",
                "Call the GetPolicy API",
                "DELETE",
                POLICY + "/one?RevisionId=" + revision,
                "");
        String now = ok(200, "GET", POLICY, "").getString("RevisionId");
        ok(204, "DELETE", POLICY + "/one?RevisionId=" + now, "");
    }
}
