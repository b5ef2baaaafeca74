package dev.kappa.shim;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Copies what a child prints to the pod's log and to the event that it runs. */
final class OutputPump {
    private static final long DRAIN_LIMIT_NS = 20_000_000;
    private static final long END_LIMIT_MS = 200;

    private final Process process;
    private final Logs logs;
    private final Thread thread;
    private final @Nullable InputStream pipe;
    private final RunningLogs running = new RunningLogs();
    private volatile boolean copying;

    OutputPump(Process process, Logs logs) {
        this.process = process;
        this.logs = logs;
        this.pipe = secondEnd(process);
        this.thread = Thread.ofPlatform().daemon().name("output").start(this::copy);
    }

    /** What comes from now on may be of this event. */
    void enter(String requestId, LogTail log) {
        running.enter(requestId, log);
    }

    void leave(String requestId) {
        running.leave(requestId);
    }

    /** Waits, for 20 ms at most, until all is copied that the child wrote before it answered. */
    void drain() {
        InputStream in = pipe;
        if (in == null) {
            return;
        }
        try {
            long start = System.nanoTime();
            while ((in.available() > 0 || copying) && System.nanoTime() - start < DRAIN_LIMIT_NS) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            copying = false; // the child is gone; awaitEnd has copied the rest
        }
    }

    void awaitEnd() {
        try {
            thread.join(END_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy() {
        byte[] block = new byte[8_192];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                copying = true;
                running.write(logs, block, n);
                copying = false;
            }
        } catch (IOException e) {
            copying = false; // the stream closes under us when the process ends
        } finally {
            close();
        }
    }

    private void close() {
        copying = false;
        InputStream in = pipe;
        if (in == null) {
            return;
        }
        try {
            in.close();
        } catch (IOException e) {
            logs.line("kappa: cannot close the output of a child: " + e.getMessage());
        }
    }

    /** Opens the pipe a second time: a blocked read on the process' own stream would block available() as well. */
    private static @Nullable InputStream secondEnd(Process process) {
        try {
            return new FileInputStream("/proc/" + process.pid() + "/fd/1");
        } catch (IOException e) {
            return null;
        }
    }
}
