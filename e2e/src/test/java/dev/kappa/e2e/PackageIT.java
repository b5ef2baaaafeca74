package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Packages go through the gateway; a bad one leaves nothing behind. */
class PackageIT {
    private static final Path JAR = Path.of("../examples/hello-java/target/hello-java.jar");

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
    }

    @Test
    void anUploadedJarAnswers() throws Exception {
        String jar = "hello-java";
        String digest = Packages.upload(Files.readAllBytes(JAR));
        String manifest = Files.readString(Path.of("../examples/hello-java/function.yaml"));

        Functions.apply(manifest.replaceAll("0{64}", digest));
        Functions.waitUntilReady("Function", jar);

        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, jar, "{\"name\": \"Ada\"}")
                            .payload()
                            .asUtf8String())
                    .startsWith("{\"message\":\"Hello, Ada, from Java!\",\"version\":\"$LATEST\"");
        }
    }

    @Test
    void aCorruptPackageIsRefusedAndNotKept() throws Exception {
        byte[] zip = Packages.zip("app.py", "pass".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        zip[zip.length / 2] ^= 0x55;

        assertRefused(zip, "corrupt");
    }

    @Test
    void aSlippingPackageIsRefusedAndNotKept() throws Exception {
        assertRefused(Packages.zip("../../etc/passwd", new byte[] {1}), "slip");
    }

    @Test
    void aBombIsRefusedAndNotKept() throws Exception {
        assertRefused(Packages.zip("zeros", new byte[300 << 20]), "bomb");
    }

    private static void assertRefused(byte[] zip, String function) throws Exception {
        HttpResponse<String> answer = Packages.offer(zip);

        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body()).contains("essage");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {runtime: python3.13, handler: app.handler, code: {package: {sha256: DIGEST}}}
                """.replace("NAME", function).replace("DIGEST", digest(zip)));
        Functions.waitFor(
                "Function", function, it -> Functions.ready(it, "reason").equals("PackageNotFound"));
    }

    private static String digest(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
