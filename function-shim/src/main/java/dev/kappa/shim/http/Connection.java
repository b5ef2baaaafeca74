package dev.kappa.shim.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: its thread reads requests and has them handled, one after the other, and reads on while an answer is still
 * to come, so that whoever has the answer writes it and wakes nobody.
 */
final class Connection implements Runnable {
    private static final long LINGER_MS = 2_000;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final Listener listener;
    private final Limits limits;
    private final Deadlines deadlines;
    private final Input input;
    private final Output output;
    private final ArrayDeque<Exchange> pending = new ArrayDeque<>();
    private volatile boolean proven;
    private @Nullable Thread thread;
    private boolean broken;
    private boolean ended;

    Connection(Socket socket, Listener listener, Limits limits, Watchdog watchdog) throws IOException {
        this.socket = socket;
        this.listener = listener;
        this.limits = limits;
        this.deadlines = new Deadlines(watchdog, this::closeSocket); // without the lock: a write may hold it
        this.input = new Input(socket.getInputStream());
        this.output = new Output(socket.getOutputStream());
    }

    Limits limits() {
        return limits;
    }

    boolean isLocal() {
        return socket.getInetAddress().isLoopbackAddress();
    }

    boolean isProven() {
        return proven;
    }

    void proven() {
        proven = true;
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        deadlines.begin();
        try {
            serve();
        } catch (BadRequest e) {
            refuse(e);
        } catch (IOException e) {
            // It is the peer's to end the connection. Whoever has an answer for it hears of that.
        } finally {
            deadlines.end();
            close();
            listener.left(this);
        }
    }

    private void serve() throws IOException {
        for (Head head = nextHead(); head != null; head = nextHead()) {
            Exchange exchange = new Exchange(this, head, new Body(input, limits, head.length()));
            enqueue(exchange);
            listener.handle(exchange);
            if (head.last() || !exchange.isOver() || hasEnded()) {
                break;
            }
        }
        awaitAnswers();
        linger();
    }

    private @Nullable Head nextHead() throws IOException {
        if (input.isEmpty()) {
            flushBeforeWaiting();
            deadlines.reading(proven ? 0 : limits.idleMs());
            if (!input.more(limits.headBytes())) {
                forgetWhoeverCanBeTold();
                return null;
            }
        }
        if (!input.hasHead()) {
            flushBeforeWaiting();
            deadlines.reading(limits.headMs());
            do {
                if (!input.more(limits.headBytes())) {
                    throw new IOException("a head that does not end");
                }
            } while (!input.hasHead());
        }
        deadlines.read();
        return input.head(limits);
    }

    /** An answer that may wait does so while a request that came behind it waits. */
    private synchronized void flushBeforeWaiting() throws IOException {
        Exchange newest = pending.peekLast();
        if (newest != null && newest.reply() != null) {
            flush();
        }
    }

    private synchronized void enqueue(Exchange exchange) throws IOException {
        if (pending.size() >= limits.requests()) {
            flush();
            awaitFewerThan(limits.requests());
        }
        if (ended) {
            throw new IOException("a request behind the last answer");
        }
        pending.add(exchange);
    }

    private synchronized void awaitAnswers() throws IOException {
        flush();
        awaitFewerThan(1);
    }

    private void awaitFewerThan(int requests) throws IOException {
        try {
            while (pending.size() >= requests && !broken) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (broken) {
            throw new IOException("the connection broke");
        }
    }

    void answer(Exchange exchange, Reply reply) throws IOException {
        synchronized (this) {
            if (exchange.reply() != null) {
                throw new IllegalStateException("there is an answer already");
            }
            if (broken || exchange.isForgotten()) {
                throw new IOException("the connection broke");
            }
            boolean own = Thread.currentThread() == thread;
            if (exchange.head().last() || (own && !exchange.isOver())) {
                reply.last();
            }
            exchange.reply(reply);
            if (!own || !reply.mayWait() || input.isEmpty() || reply.isLast()) {
                flush();
            }
        }
    }

    void begin(Exchange exchange, Reply head) throws IOException {
        synchronized (this) {
            if (broken || exchange.reply() != null || pending.peek() != exchange) {
                throw new IOException("the connection broke, or it is not this answer's turn");
            }
            if (exchange.head().last()) {
                head.last();
            }
        }
        output.write(head.headInChunks()); // nobody else writes to it before the end of this answer
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            deadlines.writing(limits.answerMs());
            output.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            output.write(bytes, offset, length);
            output.write(LINE_END);
            output.flush();
        } catch (IOException e) {
            breakOff();
            throw e;
        } finally {
            deadlines.written();
        }
    }

    private synchronized void breakOff() {
        broken = true;
        notifyAll();
    }

    /** Writes the answers that are there, up to the first that is not. */
    private void flush() throws IOException {
        Exchange oldest = pending.peek();
        if (oldest == null || oldest.reply() == null) {
            return;
        }
        try {
            deadlines.writing(limits.answerMs());
            Reply reply = oldest.reply();
            while (reply != null && oldest != null) {
                write(reply, oldest.method().equals("HEAD"));
                pending.poll();
                oldest.written();
                oldest = ended ? null : pending.peek();
                reply = oldest == null ? null : oldest.reply();
            }
            output.flush();
            if (ended) {
                socket.shutdownOutput();
                deadlines.reading(LINGER_MS); // for the peer to end it too
            }
        } catch (IOException e) {
            broken = true;
            throw e;
        } finally {
            deadlines.written();
            notifyAll();
        }
    }

    private void write(Reply reply, boolean headOnly) throws IOException {
        output.write(reply.head());
        if (!headOnly) {
            output.write(reply.body());
        }
        ended |= reply.isLast();
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    void beginBody(Exchange exchange) throws IOException {
        if (exchange.hasBodyToCome()) {
            deadlines.reading(limits.bodyMs());
            if (exchange.head().awaitsContinue() && input.isEmpty()) {
                tellToContinue(exchange);
            }
        }
    }

    private synchronized void tellToContinue(Exchange exchange) throws IOException {
        if (pending.peek() == exchange) {
            output.write(CONTINUE);
            output.flush();
        }
    }

    void endBody() {
        deadlines.read();
    }

    private void refuse(BadRequest reason) {
        try {
            answer(
                    unanswered(),
                    Reply.text(reason.status(), String.valueOf(reason.getMessage()))
                            .last());
            awaitAnswers();
            linger();
        } catch (IOException | IllegalStateException e) {
            // The peer went away, or has its answer.
        }
    }

    private synchronized Exchange unanswered() {
        Exchange newest = pending.peekLast();
        if (newest == null || newest.reply() != null) {
            newest = new Exchange(this, Head.NONE, new Body(input, limits, 0));
            pending.add(newest);
        }
        return newest;
    }

    /** Reads for a while what the peer still sends: closing at once would reset it before it has read the answer. */
    private void linger() throws IOException {
        deadlines.reading(LINGER_MS);
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
        while (input.more(Integer.MAX_VALUE)) {
            input.skip(Integer.MAX_VALUE);
        }
    }

    synchronized void whenBroken(Exchange exchange, Runnable action) {
        exchange.broken(action);
    }

    /** The peer sends nothing more, so that nobody waits for an answer that can still go elsewhere. */
    private void forgetWhoeverCanBeTold() {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            pending.removeIf(exchange -> {
                Runnable action = exchange.reply() == null ? exchange.broken() : null;
                if (action != null) {
                    told.add(action);
                    exchange.forget();
                }
                return action != null;
            });
        }
        told.forEach(Runnable::run);
    }

    /** Ends the connection at once. */
    void close() {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            broken = true;
            for (Exchange exchange : pending) {
                Runnable action = exchange.broken();
                if (action != null) {
                    told.add(action);
                }
            }
            pending.clear();
            notifyAll();
        }
        closeSocket();
        told.forEach(Runnable::run);
    }

    /** Without the lock, which whoever writes may hold. */
    void cut() {
        closeSocket();
    }

    private void closeSocket() {
        Listener.close(socket);
    }
}
