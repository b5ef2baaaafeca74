package dev.kappa.gateway.path;

import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.metrics.Meters;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.http.HttpPorts;
import dev.kappa.wire.Hello;
import io.vertx.core.Vertx;
import java.util.List;

/** A gateway in a process of its own, without Kubernetes and NATS, that knows one function and one instance of it. */
public final class PathGateway {
    private static final int CAPACITY = 64;

    private PathGateway() {}

    /**
     * Prints its public port once it listens, and serves until it is ended.
     *
     * @param args its name, its address, its public and its internal port; the owner's name, address and instance's port
     */
    public static void main(String[] args) throws Exception {
        Vertx vertx = HttpPorts.vertx();
        int internalPort = Integer.parseInt(args[3]);
        int publicPort = Integer.parseInt(args[2]);
        TestGateway gateway = Boolean.getBoolean("kappa.path.open")
                ? new TestGateway(vertx, args[0], args[1], publicPort, internalPort, internalPort, HttpPorts.LOOPS)
                : new TestGateway(
                        vertx,
                        args[0],
                        args[1],
                        publicPort,
                        internalPort,
                        internalPort,
                        HttpPorts.LOOPS,
                        PathIdentity.authenticator(),
                        PathIdentity.authorizer());
        gateway.listeners.add(new Meters(System::currentTimeMillis));
        gateway.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        gateway.ring.replace(List.of(new Peer(args[4], args[5])));
        if (args[0].equals(args[4])) {
            int port = Integer.parseInt(args[6]);
            long now = System.currentTimeMillis();
            gateway.dispatcher.hello(
                    new Hello(
                            "default",
                            "hello",
                            "$LATEST",
                            "r1",
                            "pod-1",
                            "127.0.0.1:" + port,
                            CAPACITY,
                            now - 50,
                            now - 20,
                            now,
                            null,
                            null),
                    new InstanceAddress("127.0.0.1", port, "pod-1"));
        }
        System.out.println("ports " + args[2]);
    }
}
