package dev.kappa.shim;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds which types a class gives to the parameters of a generic interface, however far up it implements it. */
final class HandlerTypes {
    private final Class<?> sought;
    private final Map<TypeVariable<?>, Type> bound = new HashMap<>();

    private HandlerTypes(Class<?> sought) {
        this.sought = sought;
    }

    /** The type arguments, {@code Object} where the class leaves them open. */
    static Type[] argumentsOf(Class<?> implementation, Class<?> sought) {
        Type[] found = new HandlerTypes(sought).find(implementation);
        if (found == null) {
            throw new IllegalArgumentException(implementation + " is no " + sought);
        }
        return found;
    }

    private Type @Nullable [] find(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                bound.put(raw.getTypeParameters()[i], resolve(arguments[i]));
            }
            return findIn(raw);
        }
        return type instanceof Class<?> plain ? findIn(plain) : null;
    }

    private Type @Nullable [] findIn(Class<?> type) {
        if (type == sought) {
            TypeVariable<?>[] parameters = type.getTypeParameters();
            Type[] found = new Type[parameters.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = resolve(parameters[i]);
            }
            return found;
        }
        for (Type up : type.getGenericInterfaces()) {
            Type[] found = find(up);
            if (found != null) {
                return found;
            }
        }
        Type up = type.getGenericSuperclass();
        return up == null ? null : find(up);
    }

    private Type resolve(Type type) {
        return type instanceof TypeVariable<?> variable ? bound.getOrDefault(variable, Object.class) : type;
    }
}
