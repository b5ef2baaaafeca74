package dev.kappa.identity.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.identity.AccessKey;
import dev.kappa.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessKeySecretsTest {
    private static Map<String, String> data(String... namesAndValues) {
        Map<String, String> data = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            data.put(
                    namesAndValues[i],
                    Base64.getEncoder().encodeToString(namesAndValues[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        return data;
    }

    private static Map<String, String> good() {
        return data(
                "accessKeyId", "AKIA0123456789abcdef",
                "secretAccessKey", "0123456789012345678901234567890123456789",
                "serviceAccountName", "deployer");
    }

    @Test
    void aKeyIsAServiceAccountOfTheSecretsNamespace() {
        AccessKey key = AccessKeySecrets.read("media", good());

        assertThat(key.id()).isEqualTo("AKIA0123456789abcdef");
        assertThat(key.caller())
                .isEqualTo(new Caller(
                        "system:serviceaccount:media:deployer",
                        "",
                        java.util.List.of(
                                "system:serviceaccounts", "system:serviceaccounts:media", "system:authenticated")));
        assertThat(key.toString()).doesNotContain("0123456789012345678901234567890123456789");
    }

    @ParameterizedTest
    @CsvSource({
        "accessKeyId, '', the key accessKeyId is missing",
        "accessKeyId, short, accessKeyId must have 16 to 128",
        "accessKeyId, AKIA/0123456789abcd, accessKeyId must have 16 to 128",
        "secretAccessKey, kappa, secretAccessKey must have 32 characters",
        "serviceAccountName, media:deployer, serviceAccountName must be the name",
        "serviceAccountName, Deployer, serviceAccountName must be the name",
    })
    void whatIsMalformedIsNoKey(String name, String value, String message) {
        Map<String, String> data = good();
        data.putAll(data(name, value));

        assertThatThrownBy(() -> AccessKeySecrets.read("media", data)).hasMessageContaining(message);
    }
}
