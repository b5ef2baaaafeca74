package dev.kappa.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hears that the shim of a bare Deployment listens: the next thing that it does is to ask this address for its code. Pod
 * status would tell up to a second later, when the kubelet looks.
 */
final class Doorbell implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Long> rings = new LinkedBlockingQueue<>();

    Doorbell() throws IOException {
        server = new ServerSocket(0);
        Thread.ofPlatform().daemon().name("doorbell").start(this::listen);
    }

    String url() {
        String address = System.getenv("POD_IP");
        return "http://" + address + ":" + server.getLocalPort();
    }

    /** Forgets who rang so far. */
    void clear() {
        rings.clear();
    }

    /** When the next one rings, {@link System#nanoTime()}. */
    long await() throws InterruptedException {
        Long at = rings.poll(60, TimeUnit.SECONDS);
        if (at == null) {
            throw new IllegalStateException("no bare Deployment asked for its code within 60 s");
        }
        return at;
    }

    private void listen() {
        while (!server.isClosed()) {
            try (Socket caller = server.accept()) {
                rings.add(System.nanoTime());
                caller.setSoLinger(true, 0);
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
