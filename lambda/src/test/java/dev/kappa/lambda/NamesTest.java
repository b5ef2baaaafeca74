package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private final Accounts accounts = new Accounts("us-east-1", "default");

    @BeforeEach
    void knowMedia() {
        accounts.know("media");
    }

    private Optional<FunctionRef> resolve(String written) {
        return FunctionName.parse(written)
                .flatMap(name -> accounts.resolve(name, Optional.ofNullable(name.qualifier())));
    }

    @ParameterizedTest
    @CsvSource({
        "hello, default, hello,",
        "hello:3, default, hello, 3",
        "hello:live, default, hello, live",
        "hello:$LATEST, default, hello, $LATEST",
        "hello.media, media, hello,",
        "hello.media:live, media, hello, live",
        "function:hello, default, hello,",
        "000000000000:function:hello:2, default, hello, 2",
        "arn:aws:lambda:us-east-1:000000000000:function:hello, default, hello,",
        "arn:aws:lambda:eu-west-1:000000000000:function:hello:live, default, hello, live",
    })
    void resolvesEveryForm(String written, String namespace, String function, String qualifier) {
        assertThat(resolve(written)).contains(new FunctionRef(namespace, function, qualifier));
    }

    @Test
    void resolvesTheArnOfAnotherNamespace() {
        String arn = accounts.arn(new FunctionRef("media", "hello", "live"));

        assertThat(arn).matches("arn:aws:lambda:us-east-1:\\d{12}:function:hello:live");
        assertThat(resolve(arn)).contains(new FunctionRef("media", "hello", "live"));
    }

    @Test
    void keepsTheAccountOfANamespaceStable() {
        assertThat(accounts.account("media"))
                .isEqualTo(new Accounts("x", "y").account("media"))
                .isNotEqualTo(accounts.account("other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456789012:function:hello", "000000000000:function:hello.media"})
    void knowsNoNamespaceOfAForeignOrContradictingAccount(String written) {
        assertThat(FunctionName.parse(written)).isPresent();
        assertThat(resolve(written)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello world", "hello:", "hello:a:b:c", "hello/x", "arn:aws:s3:::bucket", "h\u00e4llo"})
    void refusesWhatIsNoName(String written) {
        assertThat(FunctionName.parse(written)).isEmpty();
    }
}
