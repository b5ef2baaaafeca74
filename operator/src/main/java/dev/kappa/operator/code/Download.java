package dev.kappa.operator.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A package that was fetched, in a temporary file, so that many at once take no memory; closing deletes it.
 *
 * @param file where it lies
 * @param sha256 its digest, 64 lower-case hex digits
 */
record Download(Path file, String sha256) implements AutoCloseable {
    private static final int MAX_BYTES = 50 << 20;
    private static final int BLOCK = 64 << 10;

    /**
     * Reads no more than Lambda's limit.
     *
     * @throws IOException if there is more, or reading fails; nothing is left behind then
     */
    static Download of(InputStream in) throws IOException {
        Path file = Files.createTempFile("kappa-code-", ".zip");
        try {
            return new Download(file, copy(in, file));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static String copy(InputStream in, Path file) throws IOException {
        MessageDigest digest = sha256Digest();
        long size = 0;
        byte[] block = new byte[BLOCK];
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                size += n;
                if (size > MAX_BYTES) {
                    throw new IOException("it is larger than 50 MiB");
                }
                out.write(block, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
