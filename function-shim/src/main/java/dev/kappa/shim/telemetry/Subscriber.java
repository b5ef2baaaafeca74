package dev.kappa.shim.telemetry;

import dev.kappa.shim.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends records to one extension in batches, by a thread of its own. It keeps two batches at most: what comes while it is that
 * far behind is dropped and counted.
 */
final class Subscriber {
    private static final int TRIES = 3;
    private static final long PAUSE_MS = 200;
    private static final int CONNECT_MS = 1_000;
    private static final int ANSWER_MS = 5_000;
    private static final String BEHIND =
            "Consumer seems to have fallen behind as it has not acknowledged receipt of logs.";

    private final String name;
    private final Subscription wanted;
    private final ArrayDeque<byte[]> records = new ArrayDeque<>();
    private long bytes;
    private long flushAt;
    private boolean sending;
    private boolean over;
    private boolean flushing;
    private long droppedRecords;
    private long droppedBytes;

    Subscriber(String name, Subscription wanted) {
        this.name = name;
        this.wanted = wanted;
    }

    void start() {
        Thread.ofPlatform().daemon().name("telemetry").start(this::run);
    }

    String name() {
        return name;
    }

    /** Takes a record, if it is of a type that was asked for. */
    void offer(Telemetry.Event event) {
        byte[] record = event.shownTo(wanted);
        if (record != null) {
            offer(record);
        }
    }

    private synchronized void offer(byte[] record) {
        boolean full = records.size() >= 2 * wanted.maxItems() || bytes + record.length > 2L * wanted.maxBytes();
        if (over || (full && !records.isEmpty())) {
            droppedRecords++;
            droppedBytes += record.length;
            return;
        }
        if (records.isEmpty()) {
            flushAt = System.nanoTime() + wanted.timeoutMs() * 1_000_000L;
        }
        records.add(record);
        bytes += record.length;
        if (records.size() == 1 || isBatchFull()) {
            notifyAll();
        }
    }

    private boolean isBatchFull() {
        return records.size() >= wanted.maxItems() || bytes >= wanted.maxBytes();
    }

    /** Sends what there is without waiting for more. */
    synchronized void flush() {
        flushing = !records.isEmpty();
        notifyAll();
    }

    /** Waits until all is sent, for so long at most. */
    synchronized void awaitSent(long limitMs) throws InterruptedException {
        long end = System.nanoTime() + limitMs * 1_000_000;
        for (long left = limitMs; (sending || !records.isEmpty()) && left > 0; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    synchronized void end() {
        over = true;
        notifyAll();
    }

    private void run() {
        try {
            for (List<byte[]> batch = next(); !batch.isEmpty(); batch = next()) {
                send(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a batch; an empty one is the end. */
    private synchronized List<byte[]> next() throws InterruptedException {
        sending = false;
        notifyAll();
        while (!isDue()) {
            if (over) {
                return List.of();
            }
            long left = records.isEmpty() ? 0 : (flushAt - System.nanoTime()) / 1_000_000 + 1;
            wait(Math.max(0, left));
        }
        List<byte[]> batch = new ArrayList<>();
        long size = 0;
        for (byte[] record = records.peek(); record != null; record = records.peek()) {
            if (!batch.isEmpty() && (batch.size() >= wanted.maxItems() || size + record.length > wanted.maxBytes())) {
                break;
            }
            batch.add(records.remove());
            size += record.length;
        }
        bytes -= size;
        flushAt = System.nanoTime() + wanted.timeoutMs() * 1_000_000L;
        flushing &= !records.isEmpty();
        sending = true;
        addWhatWasDropped(batch);
        return batch;
    }

    private boolean isDue() {
        return !records.isEmpty() && (flushing || isBatchFull() || System.nanoTime() - flushAt >= 0);
    }

    private void addWhatWasDropped(List<byte[]> batch) {
        if (droppedRecords > 0 && wanted.types().contains(Telemetry.PLATFORM)) {
            batch.add(Telemetry.event(
                    "platform.logsDropped",
                    new Json()
                            .put("droppedBytes", droppedBytes)
                            .put("droppedRecords", droppedRecords)
                            .put("reason", BEHIND)
                            .toString()));
        }
        droppedRecords = 0;
        droppedBytes = 0;
    }

    private void send(List<byte[]> batch) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                if (wanted.tcp()) {
                    sendLines(batch);
                } else {
                    post(batch);
                }
                return;
            } catch (IOException e) {
                if (tried == TRIES) {
                    drop(batch);
                    return;
                }
                Thread.sleep(PAUSE_MS * tried);
            }
        }
    }

    private synchronized void drop(List<byte[]> batch) {
        droppedRecords += batch.size();
        batch.forEach(record -> droppedBytes += record.length);
    }

    private void post(List<byte[]> batch) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write('[');
        for (byte[] record : batch) {
            if (body.size() > 1) {
                body.write(',');
            }
            body.write(record);
        }
        body.write(']');
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        URI uri = URI.create("http://" + host + ":" + wanted.port() + wanted.path());
        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
        call.setConnectTimeout(CONNECT_MS);
        call.setReadTimeout(ANSWER_MS);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(body.size());
        call.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = call.getOutputStream()) {
            body.writeTo(out);
        }
        int status = call.getResponseCode();
        try (InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
            if (in != null) {
                in.skip(Long.MAX_VALUE);
            }
        }
        if (status >= 400) {
            throw new IOException("status " + status);
        }
    }

    private void sendLines(List<byte[]> batch) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), wanted.port())) {
            OutputStream out = socket.getOutputStream();
            for (byte[] record : batch) {
                out.write(record);
                out.write("\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
