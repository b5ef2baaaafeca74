package dev.kappa.lambda.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** AWS's own vectors; see src/test/resources/sigv4. */
class VectorTest {
    private static final Path CASES = Path.of("src/test/resources/sigv4");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static void verify(Path folder, String way) throws IOException {
        TextHead head = TextHead.of(Files.readAllBytes(folder.resolve(way + "-signed-request.txt")));
        PresentedSignature signature = PresentedSignature.of(head).orElseThrow();
        String canonical =
                Files.readString(folder.resolve(way + "-canonical-request.txt"), StandardCharsets.ISO_8859_1);
        String hash = SigningKey.payloadHash(head.body().getBytes(StandardCharsets.ISO_8859_1));
        // Where the body is not signed, the vectors name the digest of nothing.
        assertThat(canonical).endsWith(hash);

        String leftOut = way.equals("query") ? SignatureReader.SIGNATURE : "";
        assertThat(CanonicalRequest.of(head, signature.signedHeaders(), leftOut, hash))
                .isEqualTo(canonical);
        SigningKey key = SigningKey.derive(SECRET, signature.credential());
        assertThat(signature.isBy(key, head, hash)).isTrue();
        assertThat(signature.isBy(SigningKey.derive(SECRET + "x", signature.credential()), head, hash))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSignatureInTheHeaderHolds(Path folder) throws IOException {
        verify(folder, "header");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSignatureInTheQueryHolds(Path folder) throws IOException {
        if (!Files.readString(folder.resolve("context.json")).contains("\"omit_session_token\": true")) {
            verify(folder, "query");
        }
    }
}
