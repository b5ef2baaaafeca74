package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

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
