package dev.kappa.shim.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections and their threads: answers from elsewhere, deadlines, how many there may be, and how they end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n";

    private final BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
    private final List<Listener> started = new ArrayList<>();

    private int listen(Limits limits, Listener.Endpoint endpoint) throws IOException {
        Listener listener = new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits, new Watchdog(), endpoint);
        listener.start(true);
        started.add(listener);
        return listener.port();
    }

    private static Limits limits(long deadlineMs, int connections, int requests) {
        return new Limits(8_192, 20, 64 << 20, deadlineMs, deadlineMs, deadlineMs, deadlineMs, connections, requests);
    }

    @AfterEach
    void stop() {
        started.forEach(Listener::stop);
    }

    private Exchange next() throws InterruptedException {
        Exchange exchange = arrived.poll(20, TimeUnit.SECONDS);
        assertThat(exchange).isNotNull();
        return exchange;
    }

    @Test
    void answersOfAnyThreadLeaveInTheOrderOfTheRequests() throws Exception {
        try (RawClient client = new RawClient(listen(limits(60_000, 10, 3), arrived::add))) {
            client.send(GET.formatted("1") + GET.formatted("2") + GET.formatted("3") + GET.formatted("4"));
            Exchange first = next();
            Exchange second = next();
            Exchange third = next();
            assertThat(arrived.poll(100, TimeUnit.MILLISECONDS))
                    .as("more than may wait")
                    .isNull();

            third.answer(Reply.text(200, "three"));
            second.answer(Reply.text(200, "two"));
            first.answer(Reply.text(200, "one"));

            assertThat(client.answer()).endsWith("one\n");
            assertThat(client.answer()).endsWith("two\n");
            assertThat(client.answer()).endsWith("three\n");
            next().answer(Reply.text(200, "four"));
            assertThat(client.answer()).endsWith("four\n");
            assertThatThrownBy(() -> first.answer(Reply.of(200))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void onlyAnAnswerThatMayWaitStaysWhileARequestBehindItWaits() throws Exception {
        int port = listen(limits(60_000, 10, 3), exchange -> {
            if (exchange.path().equals("/now")) {
                exchange.answer(Reply.text(200, "now").withTheNext());
            } else if (exchange.path().equals("/urgent")) {
                exchange.answer(Reply.text(200, "urgent"));
            } else {
                arrived.add(exchange);
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send(GET.formatted("now"));
            assertThat(client.answer()).endsWith("now\n");
            client.send(GET.formatted("urgent") + GET.formatted("later"));
            assertThat(client.answer()).endsWith("urgent\n");
            next().answer(Reply.text(200, "later"));
            assertThat(client.answer()).endsWith("later\n");
            client.send(GET.formatted("now") + GET.formatted("later"));
            next().answer(Reply.text(200, "later"));
            assertThat(client.answer()).endsWith("now\n");
            assertThat(client.answer()).endsWith("later\n");
        }
    }

    @Test
    void whoeverWaitsHearsThatThePeerIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        int port = listen(limits(60_000, 10, 3), exchange -> {
            exchange.whenBroken(gone::countDown);
            arrived.add(exchange);
        });
        try (RawClient client = new RawClient(port)) {
            client.send(GET.formatted("1"));
            Exchange waiting = next();
            client.finish();

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> waiting.answer(Reply.of(200))).isInstanceOf(IOException.class);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whoSentAllAndReadsOnGetsItsAnswer() throws Exception {
        try (RawClient client = new RawClient(listen(limits(60_000, 10, 1), arrived::add))) {
            client.send(GET.formatted("1")).finish();
            Exchange exchange = next();
            Thread.sleep(50);
            exchange.answer(Reply.text(200, "late"));
            assertThat(client.rest()).endsWith("late\n");
        }
    }

    @Test
    void aSlowHeadAndASlowBodyEndTheConnection() throws Exception {
        int port = listen(limits(200, 10, 1), exchange -> {
            exchange.proven();
            exchange.answer(Reply.text(200, new String(exchange.body(), StandardCharsets.ISO_8859_1)));
        });
        try (RawClient head = new RawClient(port);
                RawClient body = new RawClient(port);
                RawClient silent = new RawClient(port);
                RawClient known = new RawClient(port)) {
            known.send(GET.formatted("1"));
            known.answer();
            head.send("GET / HT");
            body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");

            assertThat(head.rest()).isEmpty();
            assertThat(body.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
            known.send(GET.formatted("1"));
            assertThat(known.answer()).as("who proved itself may be silent").startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void anAnswerThatNobodyReadsEndsTheConnection() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        int port = listen(limits(200, 10, 1), exchange -> {
            try {
                exchange.answer(Reply.json(200, new byte[64 << 20]));
            } catch (IOException e) {
                failed.countDown();
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send(GET.formatted("1"));
            assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aNewConnectionTakesThePlaceOfOneThatProvedNothing() throws Exception {
        int port = listen(limits(60_000, 3, 1), exchange -> {
            if (exchange.path().equals("/known")) {
                exchange.proven();
            }
            exchange.answer(Reply.text(200, "ok"));
        });
        List<RawClient> strangers = new ArrayList<>();
        try (RawClient known = new RawClient(port)) {
            known.send(GET.formatted("known"));
            known.answer();
            for (int i = 0; i < 20; i++) {
                RawClient stranger = new RawClient(port);
                strangers.add(stranger);
                assertThat(stranger.send(GET.formatted("x")).answer()).startsWith("HTTP/1.1 200");
            }
            assertThat(known.send(GET.formatted("known")).answer()).startsWith("HTTP/1.1 200");
            assertThat(strangers.getFirst().rest()).isEmpty();
        } finally {
            for (RawClient stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void largeBodiesGoBothWays() throws Exception {
        int port = listen(limits(60_000, 10, 1), exchange -> exchange.answer(Reply.json(200, exchange.body())));
        String large = "0123456789abcdef".repeat(400_000);
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
                assertThat(client.answer()).endsWith(large);
            }
        }
    }
}
