package dev.kappa.shim;

import java.lang.reflect.Proxy;

/**
 * Runs something on SIGTERM instead of the JVM's own exit: a shutdown hook would let the hooks of the handler's
 * libraries close what its running events still need. By reflection, since javac warns of {@code sun.misc} in any case.
 */
final class Sigterm {
    private Sigterm() {}

    static void then(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Sigterm.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            Thread.ofPlatform().name("drain").start(action);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal (module jdk.unsupported)", e);
        }
    }
}
