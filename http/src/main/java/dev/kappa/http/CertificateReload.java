package dev.kappa.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a server use a renewed certificate, while its connections go on; one that is no good is told and not used. */
final class CertificateReload {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);

    private final Vertx vertx;
    private final HttpServer server;
    private final TlsFiles files;
    private PemKeyCertOptions used;

    CertificateReload(Vertx vertx, HttpServer server, TlsFiles files, PemKeyCertOptions used) {
        this.vertx = vertx;
        this.server = server;
        this.files = files;
        this.used = used;
    }

    /** Looks now and then, on the event loop of the server. */
    void every(long pauseMs) {
        vertx.setPeriodic(
                pauseMs,
                id -> vertx.executeBlocking(files::read, false)
                        .onSuccess(this::use)
                        .onFailure(e ->
                                LOG.error("The certificate in {} cannot be read, the one before stays", files, e)));
    }

    private void use(PemKeyCertOptions now) {
        if (now.equals(used)) {
            return;
        }
        // Told of a bad one once, until there is another.
        used = now;
        server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(now))
                .onSuccess(v -> LOG.info("The renewed certificate in {} is in use", files))
                .onFailure(e -> LOG.error("The certificate in {} is no good, the one before stays", files, e));
    }

    static PemKeyCertOptions first(TlsFiles files) {
        try {
            return files.read();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the certificate in " + files.folder() + " cannot be read (" + e
                            + "); make the Secret with the keys tls.crt and tls.key",
                    e);
        }
    }
}
