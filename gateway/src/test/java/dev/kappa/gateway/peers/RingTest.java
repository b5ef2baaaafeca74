package dev.kappa.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final Peer A = new Peer("gateway-a", "10.0.0.1");
    private static final Peer B = new Peer("gateway-b", "10.0.0.2");
    private static final Peer C = new Peer("gateway-c", "10.0.0.3");
    private static final List<FunctionKey> FUNCTIONS = IntStream.range(0, 3000)
            .mapToObj(i -> new FunctionKey("ns" + i % 7, "fn" + i))
            .toList();

    @Test
    void ownsEverythingWhenAlone() {
        Ring ring = new Ring(A);

        assertThat(FUNCTIONS).allMatch(ring::owns);
    }

    @Test
    void ownsNothingWhileOthersAreReadyAndItIsNot() {
        Ring ring = new Ring(A);
        ring.replace(List.of(B, C));

        assertThat(FUNCTIONS).noneMatch(ring::owns);
    }

    @Test
    void spreadsFunctionsEvenlyAndAlikeOnAllGateways() {
        Ring ofA = new Ring(A);
        Ring ofB = new Ring(B);
        ofA.replace(List.of(A, B, C));
        ofB.replace(List.of(C, B, A));

        Map<Peer, Long> shares = FUNCTIONS.stream().collect(Collectors.groupingBy(ofA::owner, Collectors.counting()));
        assertThat(shares.values()).hasSize(3).allMatch(share -> share > 850 && share < 1150);
        assertThat(FUNCTIONS).allMatch(function -> ofA.owner(function).equals(ofB.owner(function)));
    }

    @Test
    void movesOnlyTheFunctionsOfTheOneThatLeaves() {
        Ring ring = new Ring(A);
        ring.replace(List.of(A, B, C));
        Map<FunctionKey, Peer> before = FUNCTIONS.stream().collect(Collectors.toMap(Function.identity(), ring::owner));

        ring.replace(List.of(A, B));

        assertThat(FUNCTIONS)
                .allMatch(function ->
                        C.equals(before.get(function)) || ring.owner(function).equals(before.get(function)));
    }
}
