package dev.kappa.gateway.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends one request after another over kept connections for some time, each connection with a thread of its own; where there
 * are several servers, a new connection leads to any of them, as those of a Service do.
 */
record Load(List<InetSocketAddress> servers, String path, int connections, String body) {
    /**
     * What came of it.
     *
     * @param perSecond answers a second
     * @param events answers
     * @param p50Us the middle time of an answer, microseconds
     * @param p99Us that of the slowest hundredth
     */
    record Result(double perSecond, long events, double p50Us, double p99Us) {}

    Result run(long millis) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        long until = start + millis * 1_000_000;
        List<FutureTask<long[]>> tasks = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            FutureTask<long[]> task = new FutureTask<>(() -> connection(until));
            tasks.add(task);
            Thread.ofPlatform().start(task);
        }
        List<long[]> all = new ArrayList<>();
        for (FutureTask<long[]> task : tasks) {
            all.add(task.get());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] took = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(took.length / seconds, took.length, at(took, 0.5), at(took, 0.99));
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1000.0;
    }

    private long[] connection(long until) throws IOException {
        byte[] request = request();
        long[] took = new long[1024];
        int count = 0;
        for (boolean left = true; left; ) {
            InetSocketAddress server = servers.get(ThreadLocalRandom.current().nextInt(servers.size()));
            try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                MessageReader reader = new MessageReader(socket.getInputStream());
                boolean kept = true;
                for (long now = System.nanoTime(); kept && now < until; ) {
                    socket.getOutputStream().write(request);
                    if (!reader.next() || reader.status() != 200) {
                        throw new IOException("answered: " + reader.text());
                    }
                    long end = System.nanoTime();
                    took = count == took.length ? Arrays.copyOf(took, 2 * count) : took;
                    took[count++] = end - now;
                    now = end;
                    kept = !reader.closes();
                }
                left = !kept;
            }
        }
        return Arrays.copyOf(took, count);
    }

    private byte[] request() {
        return ("POST " + path + " HTTP/1.1\r\nHost: " + PathIdentity.HOST
                        + "\r\nContent-Type: application/json\r\nX-Amz-Date: " + PathIdentity.DATE
                        + "\r\nAuthorization: "
                        + PathIdentity.authorization(path, body) + "\r\nUser-Agent: path\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
