package dev.kappa.controlplane.packages;

import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.lambda.AwsError;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The internal port: the operator stores the code that it made or fetched. */
public final class InternalPackages implements Handler<HttpServerRequest> {
    private final PackageUploads uploads;
    private final PlatformTokens tokens;

    /**
     * The port's handler.
     *
     * @param uploads store packages
     * @param tokens checks callers
     */
    public InternalPackages(PackageUploads uploads, PlatformTokens tokens) {
        this.uploads = uploads;
        this.tokens = tokens;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        String rest = path.startsWith(Wire.PACKAGES + "/") ? path.substring(Wire.PACKAGES.length() + 1) : "";
        if (!tokens.proves(request.getHeader(Wire.PLATFORM), request.getHeader(Wire.TOKEN))) {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    request.response(), AwsError.accessDenied("Only Kappa's own processes may call this port."));
        } else if (HttpMethod.PUT.equals(request.method()) && !rest.isEmpty() && rest.indexOf('/') < 0) {
            uploads.put(request, rest, null);
        } else {
            BodyReader.discard(request, 0);
            ErrorWriter.write(request.response(), AwsError.unknownOperation("Packages are PUT <namespace>"));
        }
    }
}
