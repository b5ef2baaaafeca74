package dev.kappa.operator.http;

import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;

/**
 * Calls the gateways and kappa-api by the names of their Services; both sides prove themselves.
 *
 * @param http the process's client
 * @param tokens of this operator
 */
public record PlatformClient(HttpClient http, PlatformTokens tokens) {
    /**
     * Sends a request.
     *
     * @param service who is meant, as {@link PlatformTokens#GATEWAYS}
     * @param request without what proves the operator
     * @param body reads the answer
     * @return the answer of who is meant
     * @throws IOException if nobody answers, or somebody else
     */
    public <T> HttpResponse<T> send(String service, HttpRequest.Builder request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        Shown shown = tokens.to(service);
        request.header(Wire.PLATFORM, shown.token());
        if (shown.old() != null) {
            request.header(Wire.TOKEN, shown.old());
        }
        HttpResponse<T> answer = http.send(request.build(), body);
        if (!shown.isAnsweredBy(answer.headers().firstValue(Wire.PROOF).orElse(null))) {
            throw new IOException("who answered for " + service + " does not prove to be of this installation");
        }
        return answer;
    }
}
