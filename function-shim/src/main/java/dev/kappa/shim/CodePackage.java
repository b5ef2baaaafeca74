package dev.kappa.shim;

import dev.kappa.shim.core.Settings;
import dev.kappa.shim.core.Tokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Brings the function's code and layers from the gateway to where handlers look for them, once a container. */
final class CodePackage {
    private static final long GIVE_UP_MS = 10_000;

    private final Settings settings;
    private final Tokens tokens;

    CodePackage(Settings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /**
     * Fetches, verifies and unpacks code and layers; does nothing if a predecessor in this container did.
     *
     * @throws IOException with a sentence for the function's owner
     */
    void unpack(String sha256) throws IOException, InterruptedException {
        Files.createDirectories(settings.stateDir());
        Path done = settings.stateDir().resolve("code-" + sha256);
        if (Files.exists(done)) {
            return;
        }
        Unpacking unpacking = new Unpacking();
        unpack(unpacking, sha256, settings.taskRoot());
        List<String> layers = settings.layers();
        for (int i = 0; i < layers.size(); i++) {
            try {
                unpack(unpacking, layers.get(i), settings.layersRoot());
            } catch (IOException e) {
                throw new IOException("spec.layers[" + i + "] (" + layers.get(i) + "): " + e.getMessage(), e);
            }
        }
        unpacking.seal();
        Files.createFile(done);
    }

    private void unpack(Unpacking unpacking, String sha256, Path root) throws IOException, InterruptedException {
        Path zip = settings.stateDir().resolve("package.zip"); // a name by chance costs 6 ms of every cold start
        try {
            fetch(sha256, zip);
            Files.createDirectories(root);
            unpacking.extract(zip, root);
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    private void fetch(String sha256, Path target) throws IOException, InterruptedException {
        URI uri = URI.create(settings.gateway() + Wire.PACKAGES + "/" + settings.namespace() + "/" + sha256);
        long giveUp = System.currentTimeMillis() + GIVE_UP_MS;
        for (long pause = 50; ; pause = Math.min(1_000, pause * 2)) {
            try {
                fetchOnce(uri, sha256, target);
                return;
            } catch (IOException e) {
                if (System.currentTimeMillis() > giveUp) {
                    throw new IOException("cannot fetch code package " + sha256 + ": " + e.getMessage(), e);
                }
                Thread.sleep(pause);
            }
        }
    }

    private void fetchOnce(URI uri, String sha256, Path target) throws IOException {
        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
        call.setConnectTimeout(1_000);
        call.setReadTimeout(10_000);
        call.setRequestProperty(Wire.TOKEN, tokens.own());
        call.setRequestProperty(Wire.INSTANCE, settings.function() + "/" + settings.version() + "/" + settings.pod());
        call.setRequestProperty("Connection", "close"); // else the hello after it first waits to see if it is alive
        int status = call.getResponseCode();
        if (status != 200) {
            call.disconnect();
            throw new IOException("the gateway answered " + status);
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(call.getInputStream(), digest);
                OutputStream out = Files.newOutputStream(target)) {
            in.transferTo(out);
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(sha256)) {
            throw new IOException("its content has the digest " + actual);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
