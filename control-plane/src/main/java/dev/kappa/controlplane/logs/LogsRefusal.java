package dev.kappa.controlplane.logs;

import dev.kappa.lambda.AwsError;

/** A call is refused with an error of CloudWatch Logs. */
final class LogsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;

    private LogsRefusal(int status, String type, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
    }

    static LogsRefusal invalid(String message) {
        return new LogsRefusal(400, "InvalidParameterException", message);
    }

    static LogsRefusal noGroup() {
        return new LogsRefusal(400, "ResourceNotFoundException", "The specified log group does not exist.");
    }

    static LogsRefusal noStream() {
        return new LogsRefusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");
    }

    static LogsRefusal unknown(String operation) {
        return new LogsRefusal(
                400,
                "UnknownOperationException",
                operation + " of CloudWatch Logs is not served by Kappa; there are FilterLogEvents, GetLogEvents,"
                        + " DescribeLogGroups and DescribeLogStreams.");
    }

    static LogsRefusal unavailable(String message) {
        return new LogsRefusal(503, "ServiceUnavailableException", message);
    }

    /** The same by the names that this service has. */
    static LogsRefusal of(AwsError error) {
        String message = error.body().getOrDefault("message", error.body().getOrDefault("Message", ""));
        return switch (error.type()) {
            case "TooManyRequestsException" -> new LogsRefusal(400, "ThrottlingException", message);
            case "ServiceException" -> unavailable(message);
            default -> new LogsRefusal(error.status(), error.type(), message);
        };
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }
}
