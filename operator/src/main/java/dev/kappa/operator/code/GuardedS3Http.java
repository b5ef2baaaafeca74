package dev.kappa.operator.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Lets AWS's S3 client ask through the guards that every fetch of code goes through; it asks for objects only, so that requests are empty. */
final class GuardedS3Http implements SdkHttpClient {
    /** The connection's own; the host is set from the address, as it was signed. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("host", "connection", "content-length", "expect", "upgrade");

    private final GuardedHttp http;

    GuardedS3Http(GuardedHttp http) {
        this.http = http;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                try {
                    return ask(request.httpRequest());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("the operator stops", e);
                }
            }

            @Override
            public void abort() {
                // The answer's head and body have limits of their own.
            }
        };
    }

    private HttpExecuteResponse ask(SdkHttpRequest request) throws IOException, InterruptedException {
        GuardedHttp.Answer answer = http.send(request.getUri(), builder -> headers(request, builder));
        SdkHttpFullResponse.Builder response = SdkHttpFullResponse.builder().statusCode(answer.status());
        answer.headers().map().forEach(response::putHeader);
        InputStream body = answer.body();
        return HttpExecuteResponse.builder()
                .response(response.build())
                .responseBody(AbortableInputStream.create(body, () -> close(body)))
                .build();
    }

    private static HttpRequest.Builder headers(SdkHttpRequest request, HttpRequest.Builder builder) {
        request.forEachHeader((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        return builder.method(request.method().name(), BodyPublishers.noBody());
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
    }

    @Override
    public void close() {}
}
