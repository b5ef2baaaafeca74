package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** During an upgrade a process of the last release meets resources that have the fields of the next one. */
class UnknownFieldsTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            classes = {
                FunctionSpec.class,
                FunctionStatus.class,
                VersionSpec.class,
                AliasSpec.class,
                AliasStatus.class,
                LayerSpec.class
            })
    void aFieldOfALaterReleaseIsLeftOut(Class<?> part) throws Exception {
        Set<Class<?>> types = new HashSet<>();
        collect(json.constructType(part), types);

        for (Class<?> type : types) {
            assertThat(json.readValue("{\"ofALaterRelease\": {\"a\": [1]}}", type))
                    .as(type.getName())
                    .isNotNull();
        }
    }

    /** The types of Kappa that a part of a resource is made of. */
    private void collect(JavaType type, Set<Class<?>> types) {
        if (type.isContainerType()) {
            collect(type.getContentType(), types);
        } else if (type.getRawClass().getPackage().equals(FunctionSpec.class.getPackage())
                && types.add(type.getRawClass())) {
            for (BeanPropertyDefinition property :
                    json.getDeserializationConfig().introspect(type).findProperties()) {
                collect(property.getPrimaryType(), types);
            }
        }
    }
}
