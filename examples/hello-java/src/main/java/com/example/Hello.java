package com.example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Greets. */
public final class Hello implements RequestHandler<Hello.Request, Hello.Response> {
    /** The event; a bean, since Lambda's serializer writes records but cannot read them. */
    public static final class Request {
        private String name = "world";

        /** Who is greeted. */
        public String getName() {
            return name;
        }

        /**
         * Sets who is greeted.
         *
         * @param name any
         */
        public void setName(String name) {
            this.name = name;
        }
    }

    /**
     * The answer.
     *
     * @param message the greeting
     * @param version version of the function
     * @param requestId id of the event
     */
    public record Response(String message, String version, String requestId) {}

    @Override
    public Response handleRequest(Request request, Context context) {
        return new Response(
                "Hello, " + request.getName() + ", from Java!",
                context.getFunctionVersion(),
                context.getAwsRequestId());
    }
}
