package dev.kappa.shim;

import dev.kappa.shim.core.Settings;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Brings the function's code from the gateway into the task root, once a container. */
final class CodePackage {
    private static final long MAX_UNPACKED = 250L << 20;
    private static final long GIVE_UP_MS = 10_000;

    private final Settings settings;

    CodePackage(Settings settings) {
        this.settings = settings;
    }

    /**
     * Fetches, verifies and unpacks; does nothing if a predecessor in this container did.
     *
     * @throws IOException with a sentence for the function's owner
     */
    void unpack(String sha256) throws IOException, InterruptedException {
        Files.createDirectories(settings.stateDir());
        Path done = settings.stateDir().resolve("code-" + sha256);
        if (Files.exists(done)) {
            return;
        }
        Path zip = settings.stateDir().resolve("package.zip"); // a name by chance costs 6 ms of every cold start
        try {
            fetch(sha256, zip);
            Files.createDirectories(settings.taskRoot());
            extract(zip, settings.taskRoot());
        } finally {
            Files.deleteIfExists(zip);
        }
        Files.createFile(done);
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
        call.setRequestProperty(Wire.TOKEN, settings.token());
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

    /**
     * Unpacks below {@code root} and nowhere else; links in the archive become plain files.
     *
     * @throws IOException if a name leaves the root or the content is larger than 250 MiB
     */
    static void extract(Path zip, Path root) throws IOException {
        long left = MAX_UNPACKED;
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path target = target(root, entry.getName());
                if (!target.startsWith(root)) {
                    throw new IOException("the code package has an entry outside of it: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    left -= write(file, entry, target, left);
                }
            }
        }
    }

    private static Path target(Path root, String name) throws IOException {
        try {
            return root.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("the code package has an entry that cannot be a file: " + e.getMessage(), e);
        }
    }

    private static long write(ZipFile file, ZipEntry entry, Path target, long left) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.deleteIfExists(target); // never through a link that something left here
        byte[] block = new byte[16_384];
        long size = 0;
        boolean program = false;
        try (InputStream in = file.getInputStream(entry);
                OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.readNBytes(block, 0, block.length); n > 0; n = in.readNBytes(block, 0, block.length)) {
                program |= size == 0 && isProgram(block, n);
                size += n;
                if (size > left) {
                    throw new IOException("the code package unpacks to more than 250 MiB");
                }
                out.write(block, 0, n);
            }
        }
        if (program) { // the JDK does not tell the mode bits of an entry
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return size;
    }

    private static boolean isProgram(byte[] head, int length) {
        boolean script = length > 2 && head[0] == '#' && head[1] == '!';
        boolean elf = length > 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
        return script || elf;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
