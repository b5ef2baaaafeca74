package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Has the shim that it runs in load and call a handler of every shape, so that the AOT cache knows all of them, and then does
 * what the event says.
 */
public final class Trainee implements RequestHandler<Map<String, Object>, Object> {
    private static final String ORDER = "{\"item\":\"tea\",\"count\":3}";
    private static final String BASKET =
            "{\"owner\":\"Ada\",\"number\":3,\"orders\":[" + ORDER + "],\"prices\":{\"eur\":1.5},\"urgent\":true}";

    private final Actor actor = new Actor();
    private boolean trained;

    /** A bean with a property of every common type. */
    public static final class Basket {
        private String owner = "";
        private long number;
        private List<Shapes.Order> orders = List.of();
        private Map<String, Double> prices = Map.of();
        private Boolean urgent = false;

        public String getOwner() {
            return owner;
        }

        public void setOwner(String owner) {
            this.owner = owner;
        }

        public long getNumber() {
            return number;
        }

        public void setNumber(long number) {
            this.number = number;
        }

        public List<Shapes.Order> getOrders() {
            return orders;
        }

        public void setOrders(List<Shapes.Order> orders) {
            this.orders = orders;
        }

        public Map<String, Double> getPrices() {
            return prices;
        }

        public void setPrices(Map<String, Double> prices) {
            this.prices = prices;
        }

        public Boolean getUrgent() {
            return urgent;
        }

        public void setUrgent(Boolean urgent) {
            this.urgent = urgent;
        }
    }

    /** What a handler of today answers. */
    public record Receipt(
            String owner, long number, boolean urgent, List<Shapes.Order> orders, Map<String, Double> prices) {}

    /** A method of a bean, which answers a record. */
    public Receipt receipt(Basket basket, Context context) {
        return new Receipt(
                context.getFunctionName(),
                basket.getNumber(),
                basket.getUrgent(),
                basket.getOrders(),
                basket.getPrices());
    }

    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        if (!trained) {
            trained = true;
            train(context);
        }
        return actor.handleRequest(event, context);
    }

    private static void train(Context context) {
        String shapes = Shapes.class.getName();
        call(Trainee.class.getName() + "::receipt", BASKET, context);
        call(shapes + "$Orders", ORDER, context);
        call(shapes + "$Streams", ORDER, context);
        call(shapes + "::bean", ORDER, context);
        call(shapes + "::withContext", "\"tea\"", context);
        call(shapes + "::primitive", "2", context);
        call(shapes + "::sum", "[1,2]", context);
        call(shapes + "::nothing", ORDER, context);
        call(shapes + "::streams", ORDER, context);
    }

    /** By reflection: the function's loader cannot use what the shim's own package keeps to itself. */
    private static void call(String handler, String payload, Context context) {
        try {
            Class<?> type = Class.forName("dev.kappa.shim.java.HandlerLoader");
            Constructor<?> constructor = type.getDeclaredConstructor(Path.class, Path.class);
            constructor.setAccessible(true);
            Method load = type.getDeclaredMethod("load", String.class);
            load.setAccessible(true);
            Object loader = constructor.newInstance(Path.of(System.getenv("LAMBDA_TASK_ROOT")), Path.of("/opt"));
            Object loaded = load.invoke(loader, handler);
            Method handle = Class.forName("dev.kappa.shim.java.Handler")
                    .getMethod(
                            "handle", byte[].class, Context.class, Class.forName("dev.kappa.shim.core.StreamedAnswer"));
            handle.setAccessible(true);
            handle.invoke(loaded, payload.getBytes(StandardCharsets.UTF_8), context, null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot train with " + handler, e);
        }
    }
}
