package dev.kappa.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenAuthenticatorTest {
    private static Caller caller(@Nullable String authorization) {
        return new OpenAuthenticator()
                .authenticate(new RequestHead() {
                    @Override
                    public String method() {
                        return "POST";
                    }

                    @Override
                    public String target() {
                        return "/";
                    }

                    @Override
                    public @Nullable String header(String name) {
                        return name.equals("Authorization") ? authorization : null;
                    }
                })
                .toCompletableFuture()
                .join();
    }

    @Test
    void aCallerIsTheAccessKeyOfItsSignature() {
        assertThat(caller("AWS4-HMAC-SHA256 Credential=AKIA1/20260101/us-east-1/lambda/aws4_request, Signature=0"))
                .isEqualTo(new Caller("AKIA1"));
    }

    @Test
    void whoShowsNothingIsAnonymous() {
        assertThat(caller(null)).isEqualTo(Caller.ANONYMOUS);
        assertThat(caller("Bearer x")).isEqualTo(Caller.ANONYMOUS);
    }
}
