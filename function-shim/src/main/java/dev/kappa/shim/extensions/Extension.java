package dev.kappa.shim.extensions;

import dev.kappa.shim.core.Json;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One extension, and where it is in its life; guarded by {@link Extensions}. */
final class Extension {
    static final String INVOKE = "INVOKE";
    static final String SHUTDOWN = "SHUTDOWN";

    /** In the words of Lambda. */
    enum State {
        STARTED("Started"),
        REGISTERED("Registered"),
        READY("Ready"),
        RUNNING("Running"),
        INIT_ERROR("InitError"),
        EXIT_ERROR("ExitError"),
        LAUNCH_ERROR("LaunchError"),
        EXITED("Exited");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final String name;
    private final boolean external;
    private final String id = UUID.randomUUID().toString();
    private List<String> events = List.of();
    private State state = State.STARTED;
    private @Nullable String errorType;
    private @Nullable Exchange waiting;
    private byte @Nullable [] pending;

    /**
     * @param external whether it is a process of its own
     */
    Extension(String name, boolean external) {
        this.name = name;
        this.external = external;
    }

    String name() {
        return name;
    }

    boolean isExternal() {
        return external;
    }

    String id() {
        return id;
    }

    List<String> events() {
        return events;
    }

    State state() {
        return state;
    }

    boolean wants(String event) {
        return events.contains(event);
    }

    void registered(List<String> wanted) {
        events = List.copyOf(wanted);
        state = State.REGISTERED;
    }

    void failed(State how, @Nullable String type) {
        state = how;
        errorType = type;
    }

    /** Whether it may ask for an event now. */
    boolean mayAsk() {
        return state == State.REGISTERED || state == State.RUNNING || (state == State.READY && waiting == null);
    }

    /** It asks for an event: the one that it could not be given before, else it waits. */
    void asks(Exchange exchange) throws IOException {
        byte[] event = pending;
        if (event == null) {
            state = State.READY;
            waiting = exchange;
        } else {
            pending = null;
            exchange.answer(reply(event));
        }
    }

    /** Whoever waited is gone; it may ask again. */
    void gone(Exchange exchange) {
        if (exchange.equals(waiting)) {
            waiting = null;
        }
    }

    /** Gives it an event, at once if it waits. */
    void give(byte[] event) {
        Exchange by = waiting;
        waiting = null;
        state = State.RUNNING;
        if (by == null) {
            pending = event;
            return;
        }
        try {
            by.answer(reply(event));
        } catch (IOException | IllegalStateException e) {
            pending = event; // its connection broke: it asks again, or its process has ended
        }
    }

    /** Nothing comes any more. */
    void end() {
        Exchange by = waiting;
        waiting = null;
        if (by != null) {
            by.abort();
        }
    }

    /** What became of it, as the Telemetry API has it. */
    Json record() {
        Json record =
                new Json().put("name", name).put("state", state.toString()).put("events", events);
        return errorType == null ? record : record.put("errorType", errorType);
    }

    /** The same as a line of the log. */
    String line() {
        String error = errorType == null ? "" : "\tError Type: " + errorType;
        return "EXTENSION\tName: " + name + "\tState: " + state + "\tEvents: [" + String.join(", ", events) + "]"
                + error;
    }

    private static Reply reply(byte[] event) {
        return Reply.json(200, event)
                .with("Lambda-Extension-Event-Identifier", UUID.randomUUID().toString());
    }
}
