package dev.kappa.operator.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.wire.PublicAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTest {
    @Test
    void theSameFilesAreTheSameBytesAndCanBeUnpacked() throws IOException {
        Map<String, String> files = new HashMap<>(Map.of("b.py", "b", "a.py", "ä"));

        byte[] zip = InlineZip.of(files);

        assertThat(InlineZip.of(Map.of("a.py", "ä", "b.py", "b"))).isEqualTo(zip);
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("a.py");
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("ä");
            assertThat(in.getNextEntry().getName()).isEqualTo("b.py");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1", "10.0.0.1", "172.16.9.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "fd12::1", "::ffff:10.0.0.1",
                "64:ff9b::a00:1", "2002:a00:1::", "198.18.0.1"
            })
    void privateAddressesAreRefused(String address) throws IOException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
        assertThatThrownBy(() -> new AddressGuard(List.of()).resolve(address)).hasMessageContaining("privateCodeHosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "151.101.1.6", "2606:4700::1111"})
    void publicAddressesAreNot(String address) throws IOException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void aHostCanBeAllowed() throws IOException {
        assertThat(new AddressGuard(List.of("localhost")).resolve("localhost")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/a.zip",
                "https://user@example.com/a.zip",
                "file:///etc/passwd",
                "https:///a",
                "::"
            })
    void onlyHttpsAddressesAreFetched(String location) {
        assertThatThrownBy(() -> new UrlFetch(new GuardedHttp(new AddressGuard(List.of()))).get(location))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("address");
    }
}
