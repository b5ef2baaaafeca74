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
     * Reads both.
     *
     * @return equal to another if the files are
     * @throws IOException if one cannot be read
     */
    PemKeyCertOptions read() throws IOException {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(folder.resolve("tls.crt"))))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(folder.resolve("tls.key"))));
    }
}
