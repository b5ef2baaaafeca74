package dev.kappa.lambda.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FunctionUrlsTest {
    private static final FunctionUrls PATHS = new FunctionUrls("http://kappa-http:8080/", "", "https");
    private static final FunctionUrls HOSTS = new FunctionUrls("http://kappa-http:8080", "Example.com", "https");

    @Test
    void withoutADomainAnAddressIsAPath() {
        assertThat(PATHS.of("media", "hello", null)).isEqualTo("http://kappa-http:8080/url/media/hello/");
        assertThat(PATHS.of("media", "hello", "live")).isEqualTo("http://kappa-http:8080/url/media/hello:live/");
        assertThat(PATHS.idOf(FunctionUrls.id("media", "hello", null) + ".lambda-url.example.com"))
                .isEmpty();
    }

    @Test
    void withADomainItIsAHost() {
        String id = FunctionUrls.id("media", "hello", "live");

        assertThat(id).matches("[a-z0-9]{32}").isNotEqualTo(FunctionUrls.id("media", "hello", null));
        assertThat(HOSTS.of("media", "hello", "live")).isEqualTo("https://" + id + ".lambda-url.example.com/");
        assertThat(HOSTS.idOf(id.toUpperCase(java.util.Locale.ROOT) + ".LAMBDA-URL.example.COM"))
                .hasValue(id);
    }

    @Test
    void otherHostsAreNone() {
        String id = FunctionUrls.id("media", "hello", null);

        assertThat(HOSTS.idOf("")).isEmpty();
        assertThat(HOSTS.idOf("example.com")).isEmpty();
        assertThat(HOSTS.idOf(id + ".lambda-url.example.org")).isEmpty();
        assertThat(HOSTS.idOf("x" + id + ".lambda-url.example.com")).isEmpty();
        assertThat(HOSTS.idOf(id + ".lambda-url.example.com.evil")).isEmpty();
    }
}
