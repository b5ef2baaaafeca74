package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One handler of every shape that Lambda knows. */
public final class Shapes {
    /** A bean as Java handlers have them. */
    public static final class Order {
        private String item = "";
        private int count;

        public String getItem() {
            return item;
        }

        public void setItem(String item) {
            this.item = item;
        }

        public int getCount() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }
    }

    /** Leaves a type open for its subclass. */
    public abstract static class Base<T> implements RequestHandler<T, T> {
        @Override
        public T handleRequest(T event, Context context) {
            return event;
        }
    }

    /** Gets its type from below. */
    public static final class Orders extends Base<Order> {}

    /** Uses its types inside of others. */
    public abstract static class Listed<T, R> implements RequestHandler<List<? extends T>, Map<String, R>> {
        @Override
        public Map<String, R> handleRequest(List<? extends T> events, Context context) {
            return Map.of("total", total(events));
        }

        abstract R total(List<? extends T> events);
    }

    /** Gives the types of a base class in another order than that declares them. */
    public abstract static class Swapped<R, T> extends Listed<T, R> {}

    /** Gets its types over two classes. */
    public static final class Counted extends Swapped<Integer, Order> {
        @Override
        Integer total(List<? extends Order> orders) {
            return orders.stream().mapToInt(Order::getCount).sum();
        }
    }

    /** An interface that fixes one type and wraps the other. */
    public interface Grouping<E> extends RequestHandler<E, Map<String, int[]>> {
        @Override
        default Map<String, int[]> handleRequest(E event, Context context) {
            return group(event);
        }

        Map<String, int[]> group(E event);
    }

    /** Gets its type from an interface. */
    public static final class Typed implements Grouping<Order> {
        @Override
        public Map<String, int[]> group(Order order) {
            return Map.of(order.getItem(), new int[] {order.getCount()});
        }
    }

    /** Leaves its type open, but for a bound. */
    public static final class Bounded<T extends Order> implements RequestHandler<T, Integer> {
        @Override
        public Integer handleRequest(T order, Context context) {
            return order.getCount();
        }
    }

    /** Has methods with its types in lists and arrays, and with one that names itself. */
    public abstract static class Methods<T extends Order, C extends Comparable<C>> {
        public int sum(List<T> orders) {
            return orders.stream().mapToInt(Order::getCount).sum();
        }

        public int many(T[] orders) {
            return Arrays.stream(orders).mapToInt(Order::getCount).sum();
        }

        public T echo(T order) {
            return order;
        }

        public int preset(T order, Context context) {
            return order.getCount();
        }
    }

    /** Inherits its methods. */
    public static final class Deep extends Methods<Order, String> {}

    /** Not public, so that javac makes a bridge in each public class below. */
    abstract static class Hidden<T extends Order> {
        public int count(T order) {
            return order.getCount();
        }
    }

    /** Has a bridge only. */
    public static final class Bridged extends Hidden<Order> {}

    /** Works on the bytes. */
    public static final class Streams implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            in.transferTo(out);
        }
    }

    public Order bean(Order order) {
        order.setCount(order.getCount() + 1);
        return order;
    }

    public String withContext(String text, Context context) {
        return text + " " + context.getFunctionName();
    }

    public static int primitive(int number) {
        return number * 2;
    }

    public long sum(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).sum();
    }

    public void nothing(Order order) {}

    public void streams(InputStream in, OutputStream out, Context context) throws IOException {
        in.transferTo(out);
    }
}
