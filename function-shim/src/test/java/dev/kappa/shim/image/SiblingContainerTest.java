package dev.kappa.shim.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiblingContainerTest {
    @ParameterizedTest
    @CsvSource({
        "/../b, /, true",
        "/, /, false",
        "/../../../system.slice/containerd.service, /, false",
        "/../../x/b, /, false",
        "/kubepods/pod1/b, /kubepods/pod1/a, true",
        "/kubepods/pod1/a, /kubepods/pod1/a, false",
        "/kubepods/pod2/b, /kubepods/pod1/a, false",
        "'', /, false",
        "'', /kubepods/pod1/a, false"
    })
    void onlyAContainerOfTheSamePodIsASibling(String group, String mine, boolean sibling) {
        assertThat(SiblingContainer.isSibling(group, mine)).isEqualTo(sibling);
    }
}
