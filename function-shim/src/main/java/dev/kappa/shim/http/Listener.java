package dev.kappa.shim.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Listens on a port, and serves each connection by a thread of its own. */
public final class Listener {
    private static final int BACKLOG = 256;
    private static final long PAUSE_MS = 20;

    private final ServerSocket server = new ServerSocket();
    private final Limits limits;
    private final Watchdog watchdog;
    private final Endpoint endpoint;
    private final Set<Connection> connections = new LinkedHashSet<>();

    /** Answers requests, on the connection's thread or later on another. */
    public interface Endpoint {
        void handle(Exchange exchange) throws IOException;
    }

    /** Binds the port; connections wait until {@link #start}. */
    public Listener(InetSocketAddress address, Limits limits, Watchdog watchdog, Endpoint endpoint) throws IOException {
        this.limits = limits;
        this.watchdog = watchdog;
        this.endpoint = endpoint;
        server.bind(address, BACKLOG);
    }

    /**
     * Takes connections from now on.
     *
     * @param daemon whether the process may end while this listens
     */
    public void start(boolean daemon) {
        Thread.ofPlatform().daemon(daemon).name("listener").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Ends the port and all connections. */
    public void stop() {
        List<Connection> left;
        synchronized (connections) {
            close(server);
            left = new ArrayList<>(connections);
        }
        left.forEach(Connection::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                begin(server.accept());
            } catch (IOException e) {
                pauseUnlessStopped(e); // such as: too many open files
            }
        }
    }

    private void begin(Socket socket) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            Connection connection = new Connection(socket, this, limits, watchdog);
            if (admit(connection)) {
                // all of one name: the JDK's counter of names spins classes for 10 ms of every cold start
                Thread.ofPlatform().daemon().name("connection").start(connection);
            } else {
                close(socket);
            }
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    /** In the place of the oldest whose peer has not proven who it is, if there are too many. */
    private boolean admit(Connection connection) {
        Connection given = null;
        synchronized (connections) {
            if (connections.size() >= limits.connections()) {
                given = connections.stream()
                        .filter(it -> !it.isProven())
                        .findFirst()
                        .orElse(null);
                if (given == null) {
                    return false;
                }
                connections.remove(given);
            }
            if (server.isClosed()) {
                return false;
            }
            connections.add(connection);
        }
        if (given != null) {
            given.close();
        }
        return true;
    }

    void left(Connection connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    void handle(Exchange exchange) throws IOException {
        endpoint.handle(exchange);
    }

    private void pauseUnlessStopped(IOException reason) {
        if (server.isClosed()) {
            return;
        }
        System.err.println("kappa: cannot take a connection: " + reason);
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
