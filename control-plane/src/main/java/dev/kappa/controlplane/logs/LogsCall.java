package dev.kappa.controlplane.logs;

import dev.kappa.http.CallWatch;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.RequestIds;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call, from its head to its answer and its line in the audit log. */
final class LogsCall {
    /** What an unknown caller may name a call has no place in the log. */
    private static final Set<String> OPERATIONS =
            Set.of("FilterLogEvents", "GetLogEvents", "DescribeLogGroups", "DescribeLogStreams");

    private final HttpServerRequest request;
    private final String operation;
    private final CallWatch watch;
    private volatile @Nullable Caller caller;
    private volatile String group = "";

    LogsCall(HttpServerRequest request, String operation, CallWatch watch) {
        this.request = request;
        this.operation = operation;
        this.watch = watch;
        request.response().putHeader("x-amzn-RequestId", RequestIds.next());
    }

    String operation() {
        return operation;
    }

    void by(Caller known) {
        caller = known;
    }

    Caller caller() {
        return Objects.requireNonNull(caller);
    }

    void about(String name) {
        group = name;
    }

    void answered(JsonObject answer) {
        end(200, answer);
        record(null, null);
    }

    void refused(Throwable failure) {
        LogsRefusal refusal = LogsApi.refusal(failure);
        request.response().putHeader("x-amzn-ErrorType", refusal.type());
        end(refusal.status(), new JsonObject().put("__type", refusal.type()).put("message", refusal.getMessage()));
        record(refusal.getMessage(), refusal.type());
    }

    private void end(int status, JsonObject body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        // By it an SDK corrects its clock.
        response.putHeader(
                        HttpHeaders.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-amz-json-1.1")
                .setStatusCode(status)
                .end(body.toBuffer());
    }

    private void record(@Nullable String reason, @Nullable String error) {
        String action = "logs:" + (OPERATIONS.contains(operation) ? operation : "");
        watch.record(request, caller, action, Action.Kind.READ, group, reason, error);
    }
}
