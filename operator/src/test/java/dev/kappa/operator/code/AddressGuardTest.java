package dev.kappa.operator.code;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressGuardTest {
    @Test
    void aNameWithoutAddressIsToldInWords() {
        AddressGuard guard = new AddressGuard(List.of(), host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> guard.resolve("minio.example"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("the name minio.example has no address");
    }
}
