package dev.kappa.controlplane.logs;

import dev.kappa.controlplane.logs.LogSource.Lines;
import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** FilterLogEvents and GetLogEvents: pages of a function's lines, in the order in which they were printed. */
final class LogEvents {
    private static final int MOST = 10_000;

    private static final String FORWARD = "f/";
    private static final String BACKWARD = "b/";

    private final LogSource source;

    LogEvents(LogSource source) {
        this.source = source;
    }

    JsonObject filter(FunctionRef function, JsonObject call) {
        FilterPattern pattern = new FilterPattern(call.getString("filterPattern", ""));
        JsonArray names = call.getJsonArray("logStreamNames", new JsonArray());
        String prefix = call.getString("logStreamNamePrefix", "");
        Span span = Span.of(call);
        String after = call.getString("nextToken", "");
        Lines read = source.read(function.namespace(), function.function(), since(after, span));
        List<LogLine> lines =
                read.lines().stream().filter(it -> it.id().compareTo(after) > 0).toList();
        List<LogLine> found = lines.stream()
                .filter(span)
                .filter(it -> names.isEmpty() ? it.stream().startsWith(prefix) : names.contains(it.stream()))
                .filter(it -> pattern.matches(it.message()))
                .toList();
        int limit = limit(call);
        JsonArray events = new JsonArray();
        found.stream()
                .limit(limit)
                .forEach(line -> events.add(
                        shown(line).put("logStreamName", line.stream()).put("eventId", line.id())));
        JsonObject answer = new JsonObject().put("events", events).put("searchedLogStreams", new JsonArray());
        if (found.size() > limit) {
            answer.put("nextToken", found.get(limit - 1).id());
        } else if (!read.complete() && !lines.isEmpty() && lines.getLast().timestamp() < span.end()) {
            answer.put("nextToken", lines.getLast().id());
        }
        return answer;
    }

    JsonObject get(FunctionRef function, JsonObject call) {
        String stream = call.getString("logStreamName", "");
        if (source.streams(function.namespace(), function.function()).stream()
                .noneMatch(it -> it.name().equals(stream))) {
            throw LogsRefusal.noStream();
        }
        Span span = Span.of(call);
        String token = call.getString("nextToken", "");
        List<LogLine> lines = of(function, span.start())
                .filter(it -> it.stream().equals(stream))
                .filter(span)
                .toList();
        int limit = limit(call);
        String id = token.length() > 2 ? token.substring(2) : "";
        boolean forward = token.startsWith(FORWARD) || (token.isEmpty() && call.getBoolean("startFromHead", false));
        List<LogLine> rest = lines.stream()
                .filter(it -> token.isEmpty()
                        || (forward ? it.id().compareTo(id) > 0 : it.id().compareTo(id) < 0))
                .toList();
        List<LogLine> part = forward
                ? rest.subList(0, Math.min(limit, rest.size()))
                : rest.subList(Math.max(0, rest.size() - limit), rest.size());
        JsonArray events = new JsonArray();
        part.forEach(line -> events.add(shown(line)));
        return new JsonObject()
                .put("events", events)
                .put(
                        "nextForwardToken",
                        FORWARD + (part.isEmpty() ? id : part.getLast().id()))
                .put(
                        "nextBackwardToken",
                        BACKWARD + (part.isEmpty() ? id : part.getFirst().id()));
    }

    /** All lines, read bit by bit. */
    private Stream<LogLine> of(FunctionRef function, long start) {
        Lines read = source.read(function.namespace(), function.function(), Instant.ofEpochMilli(start));
        Stream<LogLine> lines = read.lines().stream();
        while (!read.complete() && !read.lines().isEmpty()) {
            LogLine last = read.lines().getLast();
            read = source.read(function.namespace(), function.function(), Instant.ofEpochMilli(last.timestamp()));
            if (read.lines().isEmpty() || read.lines().getLast().id().compareTo(last.id()) <= 0) {
                break;
            }
            lines = Stream.concat(
                    lines, read.lines().stream().filter(it -> it.id().compareTo(last.id()) > 0));
        }
        return lines;
    }

    private static Instant since(String after, Span span) {
        return after.isEmpty() ? Instant.ofEpochMilli(span.start()) : LogIds.time(after);
    }

    private static int limit(JsonObject call) {
        int limit = call.getInteger("limit", MOST);
        if (limit < 1 || limit > MOST) {
            throw LogsRefusal.invalid("limit must be from 1 to " + MOST + ", but is " + limit);
        }
        return limit;
    }

    private static JsonObject shown(LogLine line) {
        return new JsonObject()
                .put("timestamp", line.timestamp())
                .put("message", line.message())
                .put("ingestionTime", line.timestamp());
    }

    /** From when to when, in milliseconds since 1970; the end is not in it. */
    private record Span(long start, long end) implements Predicate<LogLine> {
        static Span of(JsonObject call) {
            return new Span(Math.max(0, call.getLong("startTime", 0L)), call.getLong("endTime", Long.MAX_VALUE));
        }

        @Override
        public boolean test(LogLine line) {
            return line.timestamp() >= start && line.timestamp() < end;
        }
    }
}
