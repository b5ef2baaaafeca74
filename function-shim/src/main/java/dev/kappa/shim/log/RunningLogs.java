package dev.kappa.shim.log;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes what a process prints to the events that it runs: all of it if there is one, else line by line by the request
 * id in its second column, where Lambda's runtimes write it; a line without one goes with the line before.
 */
public final class RunningLogs {
    private final Map<String, EventLog> tails = new LinkedHashMap<>();
    private @Nullable EventLog last;

    public synchronized void enter(String requestId, EventLog tail) {
        tails.put(requestId, tail);
        last = tail;
    }

    /** What one process prints after its only event ended is still of that event. */
    public synchronized void leave(String requestId) {
        EventLog left = tails.remove(requestId);
        if (last == left && !tails.isEmpty()) {
            last = null;
        }
    }

    /** Whether several events run, so that only whole lines tell whose they are. */
    public synchronized boolean shared() {
        return tails.size() > 1;
    }

    public synchronized void write(Logs logs, byte[] block, int from, int length) {
        if (length == 0) {
            return;
        }
        if (tails.size() < 2) {
            logs.write(tails.isEmpty() ? last : tails.values().iterator().next(), block, from, length);
            return;
        }
        int start = from;
        int end = from + length;
        for (int i = from; i < end; i++) {
            if (block[i] == '\n' || i == end - 1) {
                last = tails.getOrDefault(secondColumn(block, start, i + 1), last);
                logs.write(last, block, start, i + 1 - start);
                start = i + 1;
            }
        }
    }

    private static String secondColumn(byte[] block, int from, int to) {
        int first = tab(block, from, to);
        int second = tab(block, first + 1, to);
        return second >= to ? "" : new String(block, first + 1, second - first - 1, StandardCharsets.UTF_8);
    }

    private static int tab(byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != '\t') {
            at++;
        }
        return at;
    }
}
