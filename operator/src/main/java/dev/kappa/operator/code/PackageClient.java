package dev.kappa.operator.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.operator.http.PlatformClient;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the gateway whether the store has a package, and has kappa-api store one, which guards against bad zips. */
public final class PackageClient {
    private static final Duration LOOK_UP = Duration.ofSeconds(5);
    private static final Duration UPLOAD = Duration.ofSeconds(60);

    /** The store refused a package for what it is. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private final PlatformClient platform;
    private final ObjectMapper json = new ObjectMapper();
    private final String readUrl;
    private final String storeUrl;

    /**
     * A client.
     *
     * @param platform calls the store
     * @param readUrl base address where packages are looked up, the gateway's
     * @param storeUrl base address where packages are stored, kappa-api's
     */
    public PackageClient(PlatformClient platform, String readUrl, String storeUrl) {
        this.platform = platform;
        this.readUrl = readUrl + Wire.PACKAGES + "/";
        this.storeUrl = storeUrl + Wire.PACKAGES + "/";
    }

    boolean has(String namespace, String sha256) throws IOException, InterruptedException {
        HttpResponse<Void> answer = platform.send(
                PlatformTokens.GATEWAYS,
                request(readUrl + namespace + "/" + sha256, LOOK_UP).method("HEAD", BodyPublishers.noBody()),
                BodyHandlers.discarding());
        return switch (answer.statusCode()) {
            case 200 -> true;
            case 404 -> false;
            default -> throw new IOException("the package store answered " + answer.statusCode());
        };
    }

    /**
     * Stores a package.
     *
     * @return its digest
     * @throws RefusedException if the guards refuse it
     */
    String put(String namespace, byte[] zip) throws IOException, InterruptedException {
        return put(namespace, BodyPublishers.ofByteArray(zip));
    }

    /** As {@link #put(String, byte[])}, from a file. */
    String put(String namespace, Path zip) throws IOException, InterruptedException {
        return put(namespace, BodyPublishers.ofFile(zip));
    }

    private String put(String namespace, BodyPublisher zip) throws IOException, InterruptedException {
        HttpResponse<String> answer = platform.send(
                PlatformTokens.API,
                request(storeUrl + namespace, UPLOAD)
                        .header("Content-Type", "application/zip")
                        .PUT(zip),
                BodyHandlers.ofString());
        JsonNode body = json.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        int status = answer.statusCode();
        if (status == 200 || status == 201) {
            return body.path("sha256").asText();
        }
        String why = body.path("message").asText(body.path("Message").asText("status " + status));
        if (status >= 400 && status < 500) {
            throw new RefusedException(why);
        }
        throw new IOException("the package store answered " + status + ": " + why);
    }

    private static HttpRequest.Builder request(String url, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(timeout);
    }
}
