package dev.kappa.shim;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The part of a gateway that a shim calls: one code package and the hello. */
final class FakeGateway implements AutoCloseable {
    static final String SECRET = "secret";
    static final String POD = "pod-a";

    /** What is answered to instances that ask for credentials of their role, after the first try. */
    static final String CREDENTIALS = "{\"AccessKeyId\":\"ASIA1\",\"Token\":\"sealed\"}";

    private final HttpServer server;
    private final byte[] code;
    private final BlockingQueue<Map<?, ?>> hellos = new LinkedBlockingQueue<>();
    private final Set<Map<?, ?>> taken = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Map<?, ?>> farewells = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<?, ?>> asked = new LinkedBlockingQueue<>();

    FakeGateway(byte[] code) throws IOException {
        this.code = code.clone();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(Wire.PACKAGES + "/default/" + sha256(), exchange -> {
            boolean known = isShown(exchange);
            answer(exchange, known ? 200 : 403, this.code);
        });
        server.createContext(Wire.HELLO, exchange -> {
            takeOnce(ShimProcess.json(exchange.getRequestBody().readAllBytes()));
            answer(exchange, 200, new byte[0]);
        });
        server.createContext(Wire.FAREWELL, exchange -> {
            farewells.add(ShimProcess.json(exchange.getRequestBody().readAllBytes()));
            answer(exchange, 200, new byte[0]);
        });
        server.createContext(Wire.CREDENTIALS, exchange -> {
            boolean known = isShown(exchange);
            asked.add(ShimProcess.json(exchange.getRequestBody().readAllBytes()));
            answer(
                    exchange,
                    !known ? 403 : asked.size() == 1 ? 503 : 200,
                    CREDENTIALS.getBytes(StandardCharsets.UTF_8));
        });
        server.start();
    }

    /** What both sides show now. */
    static String token() {
        return InstanceToken.of(SECRET, POD, System.currentTimeMillis() / 1000);
    }

    private static boolean isShown(HttpExchange exchange) {
        return InstanceToken.proves(
                SECRET,
                POD,
                String.valueOf(exchange.getRequestHeaders().getFirst(Wire.TOKEN)),
                System.currentTimeMillis() / 1000);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A shim says hello again when the answer took too long for it, as on a busy machine. */
    private void takeOnce(Map<?, ?> hello) {
        if (taken.add(hello)) {
            hellos.add(hello);
        }
    }

    /** The next hello that nobody asked for yet. */
    Map<?, ?> hello() throws InterruptedException {
        return next(hellos, "hello");
    }

    /** The next farewell that nobody asked for yet. */
    Map<?, ?> farewell() throws InterruptedException {
        return next(farewells, "farewell");
    }

    /** Who asked for credentials, each time. */
    List<Map<?, ?>> asked() {
        return List.copyOf(asked);
    }

    boolean hasNoHello() {
        return hellos.isEmpty();
    }

    boolean hasNoFarewell() {
        return farewells.isEmpty();
    }

    private static Map<?, ?> next(BlockingQueue<Map<?, ?>> calls, String what) throws InterruptedException {
        Map<?, ?> call = calls.poll(60, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no " + what + " within 60 s");
        }
        return call;
    }

    static byte[] zip(Map<String, String> files) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return zipOfBytes(bytes);
    }

    /** A package of files of any kind. */
    static byte[] zipOfBytes(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A package of this module's classes, as a Java function would have them. */
    static byte[] zipOf(Class<?>... classes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                zip.putNextEntry(new ZipEntry(name));
                try (var in = type.getResourceAsStream("/" + name)) {
                    java.util.Objects.requireNonNull(in).transferTo(zip);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
