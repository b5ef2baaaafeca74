package dev.kappa.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.VertxConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests as Vert.x does, and refuses what another server on the way could read otherwise, so that no request is smuggled:
 * RFC 9112, sections 3.2, 5.2, 6.1 and 6.3. It also ends requests that do not come on, while the one who reads the body asks for
 * it, and connections whose other end does not take what is answered.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
    private static final String NAME = "httpDecoder";
    private static final int PROGRESS_BYTES = 1024;

    private final Patience patience;
    /** Whether a request's head began and did not end. */
    private boolean head;
    /** Whether a request's body did. */
    private boolean body;
    /** Whether the last byte of the head ended a line. */
    private boolean line;

    private @Nullable String problem;
    private long since;
    private long bytes;
    private @Nullable Future<?> watch;
    private final TakenAnswers answers = new TakenAnswers();

    /**
     * How long the other end of a connection may take.
     *
     * @param request for a head, and for the next kilobyte of a body
     * @param answer for the next kilobyte of an answer
     */
    record Patience(Duration request, Duration answer) {}

    private StrictDecoder(HttpServerOptions options, Patience patience) {
        super(options);
        this.patience = patience;
    }

    /**
     * Reads a new connection strictly.
     *
     * @param connection of which nothing was read yet
     * @param options of its server
     * @param patience how long the other end may take
     */
    static void guard(HttpConnection connection, HttpServerOptions options, Patience patience) {
        ((VertxConnection) connection).channel().pipeline().replace(NAME, NAME, new StrictDecoder(options, patience));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        long pause = Math.max(1, patience.request().toMillis() / 4);
        watch = context.executor().scheduleWithFixedDelay(() -> look(context), pause, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        super.handlerRemoved0(context);
        if (watch != null) {
            watch.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (watch != null) {
            watch.cancel(false);
        }
        super.channelInactive(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        int start = in.readerIndex();
        int found = out.size();
        if (!head && !body) {
            head = true;
            line = false;
            since = System.nanoTime();
        }
        boolean inHead = head;
        super.decode(context, in, out);
        if (inHead) {
            readHead(in, start);
        } else {
            bytes += in.readerIndex() - start;
        }
        for (int i = found; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest request) {
                head = false;
                body = true;
                since = System.nanoTime();
                bytes = 0;
                check(request);
            }
            if (out.get(i) instanceof LastHttpContent) {
                body = false;
            }
        }
    }

    /** Netty puts a folded line behind the one before it; others take it for a field of its own. */
    private void readHead(ByteBuf in, int start) {
        int end = in.readerIndex();
        int at = start;
        while (at < end) {
            if (line && (in.getByte(at) == ' ' || in.getByte(at) == '\t')) {
                problem = "a folded header field";
            }
            int feed = in.indexOf(at, end, (byte) '\n');
            line = feed >= 0;
            at = line ? feed + 1 : end;
        }
    }

    /** Both lengths: Netty would drop one. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        problem = "Content-Length together with Transfer-Encoding";
    }

    private void check(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> coding = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (!coding.isEmpty()
                && !(coding.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.getFirst()))) {
            problem = "the transfer coding " + String.join(", ", coding) + ", where only chunked is known";
        } else if (!coding.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            problem = "a transfer coding in HTTP/1.0";
        } else if (hosts.size() > 1) {
            problem = "several Hosts";
        } else if (hosts.isEmpty() && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            problem = "no Host";
        }
        if (headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE); // in a list the server does not see it
        }
        if (problem != null && request.decoderResult().isSuccess()) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("The request has " + problem)));
        }
    }

    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (body && (!context.channel().config().isAutoRead() || bytes >= PROGRESS_BYTES)) {
            since = now;
            bytes = 0;
        }
        boolean stopped = (head || body) && now - since > patience.request().toNanos();
        if (stopped
                || answers.stalled(context.channel(), now) > patience.answer().toNanos()) {
            // Without an answer, which could be taken for that of an earlier request.
            var _ = context.close();
        }
    }
}
