package dev.kappa.shim.java;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which types a class gives to the type variables of all that it extends and implements. */
public final class HandlerTypes {
    private final Map<TypeVariable<?>, Type> bound = new HashMap<>();
    private final Set<TypeVariable<?>> resolving = new HashSet<>();

    private HandlerTypes(Class<?> implementation) {
        bind(implementation);
    }

    /** The type arguments of a generic interface; where the class leaves one open, the bound of its variable. */
    public static Type[] argumentsOf(Class<?> implementation, Class<?> sought) {
        if (!sought.isAssignableFrom(implementation)) {
            throw new IllegalArgumentException(implementation + " is no " + sought);
        }
        HandlerTypes types = new HandlerTypes(implementation);
        return types.resolved(sought.getTypeParameters());
    }

    /** A type that a method of the class or of a class above it declares, without variables. */
    public static Type resolve(Class<?> implementation, Type declared) {
        return declared instanceof Class<?> ? declared : new HandlerTypes(implementation).resolve(declared);
    }

    private void bind(Class<?> type) {
        Type above = type.getGenericSuperclass();
        if (above != null) {
            bindAbove(above);
        }
        for (Type implemented : type.getGenericInterfaces()) {
            bindAbove(implemented);
        }
    }

    private void bindAbove(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                bound.putIfAbsent(raw.getTypeParameters()[i], arguments[i]);
            }
            bind(raw);
        } else if (type instanceof Class<?> plain) {
            bind(plain);
        }
    }

    private Type[] resolved(Type[] types) {
        Type[] resolved = new Type[types.length];
        for (int i = 0; i < types.length; i++) {
            resolved[i] = resolve(types[i]);
        }
        return resolved;
    }

    private Type resolve(Type type) {
        if (type instanceof TypeVariable<?> variable) {
            return ofVariable(variable);
        }
        if (type instanceof ParameterizedType generic) {
            return new Generic(
                    generic.getRawType(), generic.getOwnerType(), resolved(generic.getActualTypeArguments()));
        }
        if (type instanceof GenericArrayType array) {
            Type component = resolve(array.getGenericComponentType());
            return component instanceof Class<?> plain ? plain.arrayType() : new ArrayOf(component);
        }
        if (type instanceof WildcardType wildcard) {
            Type[] lower = wildcard.getLowerBounds();
            return resolve(lower.length > 0 ? lower[0] : wildcard.getUpperBounds()[0]);
        }
        return type;
    }

    private Type ofVariable(TypeVariable<?> variable) {
        if (!resolving.add(variable)) {
            return Object.class; // its bound names itself, as T extends Comparable<T> does
        }
        Type known = bound.get(variable);
        Type type = resolve(known == null ? variable.getBounds()[0] : known);
        resolving.remove(variable);
        return type;
    }

    /** A generic class with its arguments. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Generic(Type raw, @Nullable Type owner, Type[] arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return owner;
        }
    }

    /** An array of what is no plain class. */
    private record ArrayOf(Type component) implements GenericArrayType {
        @Override
        public Type getGenericComponentType() {
            return component;
        }
    }
}
