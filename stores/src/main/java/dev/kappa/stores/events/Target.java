package dev.kappa.stores.events;

/** Where the record of an ended asynchronous event goes. */
public sealed interface Target {
    /**
     * A function of the same namespace.
     *
     * @param name its name
     * @param qualifier {@code $LATEST}, an alias or a version
     */
    record Function(String name, String qualifier) implements Target {
        @Override
        public String words() {
            return "function " + name + (qualifier.equals("$LATEST") ? "" : "." + qualifier);
        }
    }

    /**
     * A NATS subject.
     *
     * @param subject without wildcards
     */
    record Nats(String subject) implements Target {
        @Override
        public String words() {
            return "NATS subject " + subject;
        }
    }

    /**
     * A web hook.
     *
     * @param location an http(s) address
     * @param cloudEvents whether it gets a CloudEvent
     */
    record Url(String location, boolean cloudEvents) implements Target {
        @Override
        public String words() {
            return "url " + location;
        }
    }

    /**
     * Names the target in messages.
     *
     * @return kind and name
     */
    String words();
}
