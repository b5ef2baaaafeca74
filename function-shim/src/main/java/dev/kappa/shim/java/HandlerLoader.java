package dev.kappa.shim.java;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Loads {@code package.Class} or {@code package.Class::method} from the task root. */
public final class HandlerLoader {
    private final ClassLoader loader;
    private final Serializers serializers;

    /** A loader of the classes below {@code taskRoot}, the jars in its {@code lib}, and those in {@code java/lib} of the layers. */
    public HandlerLoader(Path taskRoot, Path layersRoot) throws IOException {
        loader = new URLClassLoader(classPath(taskRoot, layersRoot), HandlerLoader.class.getClassLoader());
        serializers = new Serializers(loader);
    }

    public ClassLoader classLoader() {
        return loader;
    }

    /**
     * Loads the class, creates its instance and picks its method.
     *
     * @throws Throwable whatever the function's class throws while it is initialised
     */
    public Handler load(String handler) throws Throwable {
        int colons = handler.indexOf("::");
        String className = colons < 0 ? handler : handler.substring(0, colons);
        Class<?> type = classNamed(className);
        if (colons >= 0) {
            return ofMethod(type, handler.substring(colons + 2));
        }
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return ofStream((RequestStreamHandler) instance(type));
        }
        if (RequestHandler.class.isAssignableFrom(type)) {
            return ofRequestHandler(type);
        }
        throw new IllegalArgumentException("Class " + className + " does not implement RequestHandler or"
                + " RequestStreamHandler; implement one or name a method, " + className + "::method");
    }

    private Class<?> classNamed(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw name.equals(e.getMessage()) ? new ClassNotFoundException("Class not found: " + name, e) : e;
        }
    }

    private static Object instance(Class<?> type) throws Throwable {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw causeOf(e);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    "Class " + type.getName() + " has no public zero-argument constructor", e);
        }
    }

    private static Handler ofStream(RequestStreamHandler handler) {
        return (payload, context, stream) -> {
            HandlerOutput out = new HandlerOutput(stream);
            handler.handleRequest(new ByteArrayInputStream(payload), out, context);
            return out.rest();
        };
    }

    @SuppressWarnings("unchecked") // the reader makes values of the type that the class declares
    private Handler ofRequestHandler(Class<?> type) throws Throwable {
        Type[] types = HandlerTypes.argumentsOf(type, RequestHandler.class);
        Function<byte[], @Nullable Object> reader = serializers.reader(types[0]);
        Function<@Nullable Object, byte[]> writer = serializers.writer(types[1]);
        RequestHandler<@Nullable Object, @Nullable Object> handler =
                (RequestHandler<@Nullable Object, @Nullable Object>) instance(type);
        return (payload, context, stream) -> writer.apply(handler.handleRequest(reader.apply(payload), context));
    }

    private Handler ofMethod(Class<?> type, String name) throws Throwable {
        Method method = methodNamed(type, name);
        Object target = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
        List<Class<?>> parameters = List.of(method.getParameterTypes());
        boolean withContext = !parameters.isEmpty() && parameters.getLast() == Context.class;
        int own = parameters.size() - (withContext ? 1 : 0);
        if (own == 2 && parameters.get(0) == InputStream.class && parameters.get(1) == OutputStream.class) {
            return (payload, context, stream) -> {
                HandlerOutput out = new HandlerOutput(stream);
                invoke(method, target, arguments(withContext, context, new ByteArrayInputStream(payload), out));
                return out.rest();
            };
        }
        if (own > 1) {
            throw new IllegalArgumentException("Method " + type.getName() + "::" + name
                    + " must take an event, an event and a Context, or InputStream, OutputStream and a Context");
        }
        Method declared = declared(type, method);
        Function<@Nullable Object, byte[]> writer =
                serializers.writer(HandlerTypes.resolve(type, declared.getGenericReturnType()));
        if (own == 0) {
            return (payload, context, stream) -> writer.apply(invoke(method, target, arguments(withContext, context)));
        }
        Function<byte[], @Nullable Object> reader =
                serializers.reader(HandlerTypes.resolve(type, declared.getGenericParameterTypes()[0]));
        return (payload, context, stream) ->
                writer.apply(invoke(method, target, arguments(withContext, context, reader.apply(payload))));
    }

    private static Method methodNamed(Class<?> type, String name) throws NoSuchMethodException {
        Method best = null;
        for (Method method : type.getMethods()) {
            boolean better = method.getName().equals(name) && (best == null || isBetter(method, best));
            best = better ? method : best;
        }
        if (best == null) {
            throw new NoSuchMethodException(
                    "No public method named " + name + " with an appropriate signature on class " + type.getName());
        }
        return best;
    }

    private static boolean isBetter(Method method, Method than) {
        return method.isBridge() == than.isBridge() ? rank(method) > rank(than) : than.isBridge();
    }

    /** What the source declares: javac makes a bridge in a public class for a method of a base class that is not public. */
    private static Method declared(Class<?> type, Method method) {
        for (Class<?> at = type; method.isBridge() && at != null; at = at.getSuperclass()) {
            for (Method candidate : at.getDeclaredMethods()) {
                if (!candidate.isBridge()
                        && candidate.getName().equals(method.getName())
                        && Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes())) {
                    return candidate;
                }
            }
        }
        return method;
    }

    /** Of overloads the longest wins, and of those one with a context. */
    private static int rank(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        boolean withContext = parameters.length > 0 && parameters[parameters.length - 1] == Context.class;
        return 2 * parameters.length + (withContext ? 1 : 0);
    }

    private static @Nullable Object[] arguments(boolean withContext, Context context, @Nullable Object... own) {
        if (!withContext) {
            return own;
        }
        @Nullable Object[] all = Arrays.copyOf(own, own.length + 1);
        all[own.length] = context;
        return all;
    }

    private static @Nullable Object invoke(Method method, @Nullable Object target, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw causeOf(e);
        }
    }

    private static Throwable causeOf(InvocationTargetException e) {
        Throwable cause = e.getCause();
        return cause == null ? e : cause;
    }

    private static URL[] classPath(Path taskRoot, Path layersRoot) throws IOException {
        List<URL> urls = new ArrayList<>();
        Files.createDirectories(taskRoot);
        urls.add(taskRoot.toUri().toURL());
        addJars(taskRoot.resolve("lib"), urls);
        addJars(layersRoot.resolve("java/lib"), urls);
        return urls.toArray(URL[]::new);
    }

    private static void addJars(Path lib, List<URL> urls) throws IOException {
        if (!Files.isDirectory(lib)) {
            return;
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, "*.jar")) {
            files.forEach(jars::add);
        }
        jars.sort(Comparator.naturalOrder());
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
    }
}
