package dev.kappa.controlplane.sts;

import dev.kappa.identity.Session;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Answers in the XML of AWS's Query protocol. */
final class StsAnswers {
    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final Pattern NO_XML = Pattern.compile("[^\\u0020-\\uD7FF\\uE000-\\uFFFD]");

    /**
     * An answer.
     *
     * @param action which was called
     * @param content what stands in its result, as XML
     */
    record Result(String action, String content) {}

    private StsAnswers() {}

    static Result assumed(String action, Session session, String arn) {
        return new Result(
                action,
                credentials(session) + "<AssumedRoleUser>"
                        + element("AssumedRoleId", session.key().id() + ":" + session.name()) + element("Arn", arn)
                        + "</AssumedRoleUser>");
    }

    static Result assumedByToken(Session session, String arn, String subject) {
        Result assumed = assumed("AssumeRoleWithWebIdentity", session, arn);
        return new Result(
                assumed.action(),
                assumed.content() + element("SubjectFromWebIdentityToken", subject) + element("Audience", "kappa"));
    }

    static Result session(Session session) {
        return new Result("GetSessionToken", credentials(session));
    }

    static Result identity(String arn, String userId) {
        return new Result(
                "GetCallerIdentity",
                element("Arn", arn) + element("UserId", userId) + element("Account", arn.split(":", -1)[4]));
    }

    private static String credentials(Session session) {
        return "<Credentials>" + element("AccessKeyId", session.key().id())
                + element("SecretAccessKey", session.secretAccessKey())
                + element("SessionToken", session.token())
                + element("Expiration", session.until().toString())
                + "</Credentials>";
    }

    private static String element(String name, String text) {
        String escaped = NO_XML.matcher(text).replaceAll("?");
        return "<" + name + ">"
                + escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</" + name + ">";
    }

    static void write(HttpServerResponse response, String requestId, Result result) {
        end(
                response,
                200,
                "<" + result.action() + "Response xmlns=\"" + NAMESPACE + "\"><" + result.action() + "Result>"
                        + result.content() + "</" + result.action() + "Result><ResponseMetadata>"
                        + element("RequestId", requestId) + "</ResponseMetadata></" + result.action() + "Response>");
    }

    static void refuse(HttpServerResponse response, String requestId, StsRefusal refusal) {
        end(
                response,
                refusal.status(),
                "<ErrorResponse xmlns=\"" + NAMESPACE + "\"><Error>"
                        + element("Type", refusal.status() < 500 ? "Sender" : "Receiver")
                        + element("Code", refusal.code()) + element("Message", String.valueOf(refusal.getMessage()))
                        + "</Error>" + element("RequestId", requestId) + "</ErrorResponse>");
    }

    private static void end(HttpServerResponse response, int status, String xml) {
        if (response.ended() || response.closed()) {
            return;
        }
        // By it an SDK corrects its clock.
        response.putHeader(
                        HttpHeaders.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/xml")
                .setStatusCode(status)
                .end(xml);
    }
}
