package dev.kappa.shim.java;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JSON to a handler's types and back, the way Lambda's Java runtime chooses it. */
public final class Serializers {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final ClassLoader loader;
    private final @Nullable CustomPojoSerializer custom;

    /**
     * @param loader the function's class loader; a {@link CustomPojoSerializer} that it provides wins
     */
    public Serializers(ClassLoader loader) {
        this.loader = loader;
        this.custom = ServiceLoader.load(CustomPojoSerializer.class, loader)
                .findFirst()
                .orElse(null);
    }

    /** A reader of payloads into values of the type. */
    public Function<byte[], @Nullable Object> reader(Type type) {
        PojoSerializer<Object> serializer = serializer(type);
        return payload -> {
            try {
                return payload.length == 0 ? null : serializer.fromJson(new ByteArrayInputStream(payload));
            } catch (RuntimeException e) {
                throw new IllegalPayloadException(e);
            }
        };
    }

    /** A writer of values of the type. */
    public Function<@Nullable Object, byte[]> writer(Type type) {
        if (type == void.class || type == Void.class) {
            return value -> NULL.clone();
        }
        PojoSerializer<Object> serializer = serializer(type);
        return value -> {
            if (value == null) {
                return NULL.clone();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            serializer.toJson(value, out);
            return out.toByteArray();
        };
    }

    @SuppressWarnings("unchecked") // the serializer of a class is used for values of that class only
    private PojoSerializer<Object> serializer(Type type) {
        CustomPojoSerializer own = custom;
        if (own != null) {
            return new Custom(own, type);
        }
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            return (PojoSerializer<Object>) LambdaEventSerializers.serializerFor(event, loader);
        }
        if (type instanceof Class<?> plain) {
            return (PojoSerializer<Object>) JacksonFactory.getInstance().getSerializer(plain);
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    private record Custom(CustomPojoSerializer serializer, Type type) implements PojoSerializer<Object> {
        @Override
        public Object fromJson(InputStream in) {
            return serializer.fromJson(in, type);
        }

        @Override
        public Object fromJson(String text) {
            return serializer.fromJson(text, type);
        }

        @Override
        public void toJson(Object value, OutputStream out) {
            serializer.toJson(value, out, type);
        }
    }

    /** The event does not fit the handler's type. */
    public static final class IllegalPayloadException extends RuntimeException {
        IllegalPayloadException(Throwable cause) {
            super("An error occurred during JSON parsing", cause);
        }
    }
}
