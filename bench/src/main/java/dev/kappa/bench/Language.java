package dev.kappa.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A language, with an echo handler and the plainest server that does the same.
 *
 * @param name for rows and resources
 * @param runtime of the function
 * @param handler of the function
 * @param code of the function's spec, YAML; {@code DIGEST} stands for the package of {@link #javaPackage}
 * @param server files of the plain server by name, in one folder
 * @param command that starts the plain server in the runtime's image
 */
record Language(
        String name, String runtime, String handler, String code, Map<String, byte[]> server, List<String> command) {
    /** Where the files of a plain server are in its pod. */
    static final String FOLDER = "/plain";

    private static final int SEATS = 16;

    static List<Language> all() {
        return List.of(
                new Language(
                        "node",
                        "nodejs20",
                        "index.handler",
                        "{inline: {index.mjs: \"export const handler = async (event) => event;\"}}",
                        Map.of("server.mjs", file("/plain/server.mjs")),
                        List.of("node", FOLDER + "/server.mjs")),
                new Language(
                        "python",
                        "python3.13",
                        "app.handler",
                        "{inline: {app.py: \"def handler(event, context): return event\"}}",
                        Map.of("server.py", file("/plain/server.py")),
                        List.of("python3", FOLDER + "/server.py")),
                java());
    }

    static Language java() {
        return new Language(
                "java",
                "java25",
                "dev.kappa.bench.Echo::handle",
                "{package: {sha256: DIGEST}}",
                Map.of("PlainServer.class", file("PlainServer.class")),
                java("PlainServer"));
    }

    /** The files of {@link RuntimeLoop}, which runs in the image of any runtime. */
    static Map<String, byte[]> loop() {
        return Map.of("RuntimeLoop.class", file("RuntimeLoop.class"));
    }

    static List<String> loopCommand(String handler) {
        return java("RuntimeLoop '" + handler + "'");
    }

    /** Starts a class of this package: it wants a folder of its name, which a ConfigMap cannot make. */
    private static List<String> java(String program) {
        return List.of(
                "sh",
                "-c",
                "mkdir -p /tmp/dev/kappa/bench && cp " + FOLDER
                        + "/* /tmp/dev/kappa/bench && exec /usr/lib/kappa/jdk/bin/java -cp /tmp dev.kappa.bench."
                        + program);
    }

    /** The function's spec. */
    String spec(String digest) {
        return "{runtime: " + runtime + ", handler: \"" + handler + "\", memory: 512Mi, timeoutSeconds: 30, "
                + "concurrency: {perInstance: " + SEATS + "}, scaling: {min: 1, max: 1}, code: "
                + code.replace("DIGEST", digest) + "}";
    }

    /** A package with the Java handler. */
    static byte[] javaPackage() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("dev/kappa/bench/Echo.class"));
            zip.write(file("Echo.class"));
        }
        return bytes.toByteArray();
    }

    private static byte[] file(String name) {
        try (InputStream in = Language.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this program was built without " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
