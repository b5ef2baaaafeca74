package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Reply;
import dev.kappa.lambda.AwsError;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;

/** A caller of Invoke, who gets an answer as a whole. */
final class InvokeReceiver implements Receiver {
    /** After about so many forwarded events a caller is asked for a new connection: a small part of what they cost. */
    private static final int FORWARDED_A_CONNECTION = 64;

    private final HttpServerResponse response;
    private final String version;

    /**
     * @param response whose head was not written yet
     * @param version what runs
     */
    InvokeReceiver(HttpServerResponse response, String version) {
        this.response = response;
        this.version = version;
    }

    @Override
    public boolean isGone() {
        return response.closed();
    }

    @Override
    public void answered(Answer answer) {
        AnswerWriter.write(response, version, answer);
    }

    @Override
    public void relayed(Reply reply) {
        relay(response, reply);
    }

    @Override
    public void brokeOff(String cause) {
        ErrorWriter.write(response, lost(cause));
    }

    static AwsError lost(String cause) {
        return AwsError.service(
                502,
                "The gateway that ran the event went away (" + cause
                        + "). It may have run: retry it if it is idempotent.");
    }

    static void relay(HttpServerResponse response, Reply reply) {
        if (response.ended() || response.closed()) {
            return;
        }
        Router.copyHead(response, reply);
        if (ThreadLocalRandom.current().nextInt(FORWARDED_A_CONNECTION) == 0) {
            // The caller's next connection may lead to the owner; one that is kept here never would.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(reply.body());
    }
}
