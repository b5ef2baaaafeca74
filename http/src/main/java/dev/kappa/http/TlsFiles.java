package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate with its chain and its key, as a Secret of the type {@code kubernetes.io/tls} is mounted.
 *
 * @param folder with the files tls.crt and tls.key
 */
public record TlsFiles(Path folder) {
    /**
     * Reads both. The kubelet swaps the folder behind a link, so the key is looked for where the certificate really is: those of two
     * times do not fit.
     *
     * @return equal to another if the files are
     * @throws IOException if one cannot be read
     */
    PemKeyCertOptions read() throws IOException {
        Path certificate = folder.resolve("tls.crt").toRealPath();
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(certificate.resolveSibling("tls.key"))));
    }
}
