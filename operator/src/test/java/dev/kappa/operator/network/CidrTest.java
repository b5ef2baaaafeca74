package dev.kappa.operator.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 169.254.0.0/16, true",
        "169.254.0.0/16, 169.254.169.254/32, true",
        "169.254.169.254/32, 169.254.0.0/16, false",
        "10.0.0.0/8, 10.43.0.1/32, true",
        "10.43.0.1/32, 10.43.0.1/32, true",
        "10.44.0.0/16, 10.43.0.1/32, false",
        "::/0, 169.254.0.0/16, false",
        "::/0, fe80::/10, true",
        "fd00:ec2::/32, fd00:ec2::254/128, true",
        "10.20.30.40/8, 10.1.1.1/32, true"
    })
    void contains(String range, String other, boolean whether) {
        assertThat(Cidr.of(range).contains(Cidr.of(other))).isEqualTo(whether);
    }
}
