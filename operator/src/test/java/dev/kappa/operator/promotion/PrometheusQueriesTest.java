package dev.kappa.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.operator.rollout.Observation.Judgement;
import dev.kappa.operator.rollout.QueryAlarm;
import dev.kappa.operator.rollout.QueryAlarm.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Prometheus may answer, by the format that its documentation gives; PrometheusIT meets a real one. */
class PrometheusQueriesTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "";
    private volatile String asked = "";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/prefix/api/v1/query", exchange -> {
            asked = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        http.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vector | []                                                                                 | tells nothing: it has no data
            vector | [{'metric':{},'value':[1,'NaN']}]                                                  | tells nothing: it has no data
            vector | [{'metric':{},'value':[1,'0.1']}]                                                  | fine
            vector | [{'metric':{'a':'b'},'value':[1,'0.1']},{'metric':{},'value':[1,'0.3']}]           | is 0.3000, above 0.2000
            vector | [{'metric':{},'value':[1,'+Inf']}]                                                 | is Infinity, above 0.2000
            scalar | [1,'0.2']                                                                          | fine
            scalar | [1,'7']                                                                            | is 7.000, above 0.2000
            matrix | []                                                                                 | answers a matrix where a number or a vector is needed
            string | [1,'x']                                                                            | answers a string where
            """)
    void numbersAreJudgedAndEverythingElseTellsNothing(String type, String result, String expected) throws Exception {
        body = "{'status':'success','data':{'resultType':'TYPE','result':RESULT}}"
                .replace("TYPE", type)
                .replace("RESULT", result)
                .replace('\'', '"');

        assertThat(text(answer("a > b{x=\"y\"}"))).contains(expected);
        assertThat(asked).isEqualTo("query=a > b{x=\"y\"}");
    }

    @Test
    void aRefusalIsNamed() throws Exception {
        status = 400;
        body = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}";
        assertThat(text(answer("sum(")))
                .contains(" tells nothing: Prometheus at http://")
                .contains("answers status 400: bad_data, parse error");

        status = 503;
        body = "<html>";
        assertThat(text(answer("up"))).contains("answers status 503 and no JSON");
    }

    @Test
    void aPrometheusThatDoesNotAnswerTellsNothing() throws Exception {
        server.stop(0);

        assertThat(text(answer("up"))).contains("does not answer: java.net.ConnectException");
        assertThat(text(new PrometheusQueries(http, "", Clock.systemUTC()).ask("up", Instant.now())))
                .contains("operator.prometheusUrl");
    }

    @Test
    void anAnswerFromBeforeTheStepTellsNothing() {
        Instant now = Instant.now();
        Answer answer = new Answer.Values(List.of(0.0), now.minusSeconds(1));

        assertThat(new QueryAlarm("up", 0).judge(answer, now)).isInstanceOf(Judgement.Silent.class);
        assertThat(new QueryAlarm("up", 0).judge(answer, now.minusSeconds(1))).isInstanceOf(Judgement.Fine.class);
        assertThat(new QueryAlarm("sum(x)", -1).judge(answer, now.minusSeconds(1)))
                .isEqualTo(new Judgement.Breached("the Prometheus query sum(x) is 0.000, above -1.000"));
    }

    @Test
    void anOldAnswerIsNone() throws Exception {
        body = "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"0\"]}}";
        PrometheusQueries queries = queries();
        assertThat(answer(queries, "up")).isInstanceOf(Answer.Values.class);

        assertThat(text(queries.ask("up", Instant.now().plusSeconds(20)))).contains("older than 15 s");
    }

    @Test
    void placeholdersAreReplaced() {
        Map<String, String> names =
                Map.of("namespace", "media", "function", "hello", "version", "2", "previousVersion", "1");

        assertThat(Alarms.filled("a{f=~\"$function$\",v=\"$version\",b=\"$previousVersion\",x=\"$versions\"}", names))
                .isEqualTo("a{f=~\"hello$\",v=\"2\",b=\"1\",x=\"$versions\"}");
    }

    private PrometheusQueries queries() {
        return new PrometheusQueries(
                http, "http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/", Clock.systemUTC());
    }

    private Answer answer(String query) throws InterruptedException {
        return answer(queries(), query);
    }

    private static Answer answer(PrometheusQueries queries, String query) {
        return Awaitility.await("an answer to " + query)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> queries.ask(query, Instant.now()),
                        answer -> !(answer instanceof Answer.Unavailable none)
                                || !none.why().equals("it was not asked yet"));
    }

    private static String text(Answer answer) {
        return switch (new QueryAlarm("up", 0.2).judge(answer, Instant.EPOCH)) {
            case Judgement.Fine fine -> "fine";
            case Judgement.Silent silent -> silent.message();
            case Judgement.Breached breached -> breached.message();
        };
    }
}
