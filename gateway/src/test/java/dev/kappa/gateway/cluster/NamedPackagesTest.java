package dev.kappa.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.PublishedLayer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NamedPackagesTest {
    @Test
    void layersThatAFunctionAsksForAndThoseThatItRunsAreNamed() {
        Set<String> named = new TreeSet<>();

        NamedPackages.of(Serialization.unmarshal("""
                metadata: {namespace: media, name: a}
                spec:
                  code: {s3: {bucket: b, key: k}}
                  layers: [{package: {sha256: one}}, {url: {location: 'https://x', sha256: two}}, {s3: {bucket: b, key: l}}]
                status: {codeSha256: code, layers: [{sha256: three}]}
                """, Function.class), named);

        assertThat(named).containsExactly("media/code", "media/one", "media/three", "media/two");
    }

    @Test
    void layersThatAVersionFrozeAreNamed() {
        Set<String> named = new TreeSet<>();

        NamedPackages.of(Serialization.unmarshal("""
                metadata: {namespace: media, name: a.1}
                spec:
                  function: a
                  number: 1
                  snapshot: {codeSha256: code, layers: [{sha256: one, s3: {source: 's3://b/l', versionId: v}}],
                    function: {code: {s3: {bucket: b, key: k}}}}
                """, FunctionVersion.class), named);

        assertThat(named).containsExactly("media/code", "media/one");
    }

    @Test
    void versionsOfALayerAreNamed() {
        Set<String> named = new TreeSet<>();

        NamedPackages.of(Serialization.unmarshal("""
                metadata: {namespace: media, name: common}
                spec:
                  lastVersion: 3
                  versions: {"1": {package: {sha256: one}}, "3": {package: {sha256: three}}}
                """, PublishedLayer.class), named);

        assertThat(named).containsExactly("media/one", "media/three");
    }
}
