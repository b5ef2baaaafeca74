package dev.kappa.e2e.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP API's function with annotations, AWS's events, Jackson and SLF4J, all in its package. */
public final class SampleApi {
    private static final Logger LOG = LoggerFactory.getLogger(SampleApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the caller sends. */
    public record Order(
            @JsonProperty("order_id") String id,
            @JsonProperty("amount") int amount) {}

    @Logged(service = "orders")
    public APIGatewayProxyResponseEvent order(APIGatewayProxyRequestEvent request, Context context)
            throws JsonProcessingException, NoSuchMethodException {
        String service = SampleApi.class
                .getMethod("order", APIGatewayProxyRequestEvent.class, Context.class)
                .getAnnotation(Logged.class)
                .service();
        Order order = JSON.readValue(request.getBody(), Order.class);
        LOG.info("{} got {} for {}", service, order.id(), context.getFunctionName());
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(201)
                .withHeaders(Map.of("x-service", service))
                .withBody(JSON.writeValueAsString(Map.of("doubled", order.amount() * 2)));
    }
}
