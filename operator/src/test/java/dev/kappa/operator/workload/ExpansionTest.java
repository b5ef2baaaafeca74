package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.FunctionSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What a user writes arrives in the container as it was written. */
class ExpansionTest {
    @Property
    void whatKubernetesMakesOfAnEscapedTextIsTheText(@ForAll("texts") String text) {
        assertThat(expanded(ContainerEnvironment.escaped(text))).isEqualTo(text);
    }

    @Test
    void aTextThatKubernetesLeavesAloneStaysAsItIs() {
        assertThat(ContainerEnvironment.escaped("cost: 5$, $HOME and $")).isEqualTo("cost: 5$, $HOME and $");
    }

    @Property
    void everyTextOfAUserIsEscapedWhereverItBecomesPartOfAPod(@ForAll("texts") String text) {
        String given = "x" + text;
        FunctionSpec spec = Workloads.spec();
        spec.handler = given;
        spec.environment = List.of(variable(given));
        FunctionSpec image = Workloads.image("app:1");
        image.handler = given;
        image.environment = List.of(variable(given));
        image.code.image.command = List.of(given);
        image.code.image.args = List.of(given, given);

        assertThat(texts(spec, given)).hasSize(2);
        // The shim's and the user's container know the handler.
        assertThat(texts(image, given)).hasSize(6);
    }

    /** What containers see that comes from the text: all of it begins with x. */
    private static List<String> texts(FunctionSpec spec, String given) {
        List<String> texts = new ArrayList<>();
        for (Container container : new DesiredDeployment(Workloads.PLATFORM)
                .of(Workloads.of(spec))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()) {
            texts.addAll(container.getCommand());
            texts.addAll(container.getArgs());
            container.getEnv().stream()
                    .map(EnvVar::getValue)
                    .filter(value -> value != null && value.startsWith("x"))
                    .forEach(texts::add);
        }
        return texts.stream().map(ExpansionTest::expanded).filter(given::equals).toList();
    }

    /** As third_party/forked/golang/expansion of Kubernetes does it, with no variable known. */
    private static String expanded(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            int close = text.indexOf(')', i);
            if (letter != '$' || i + 1 == text.length()) {
                result.append(letter);
            } else if (text.charAt(i + 1) == '$') {
                result.append('$');
                i++;
            } else if (text.charAt(i + 1) == '(' && close > 0) {
                result.append("<value of ").append(text, i + 2, close).append('>');
                i = close;
            } else {
                result.append(letter);
            }
        }
        return result.toString();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("$$$()AB ").ofMaxLength(12);
    }

    private static EnvironmentVariable variable(String value) {
        EnvironmentVariable variable = new EnvironmentVariable();
        variable.name = "GIVEN";
        variable.value = value;
        return variable;
    }
}
