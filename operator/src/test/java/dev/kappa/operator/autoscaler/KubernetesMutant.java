package dev.kappa.operator.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;

/** Breaks a rule of LayersTest. */
public final class KubernetesMutant {
    private KubernetesMutant() {}

    static String breaks(Pod pod) {
        return pod.getKind();
    }
}
