package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** What instances' pods get for the other tools of a cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class PodSettings {
    private static final String RESERVED = "(k.matches('^([a-z0-9.-]*[.])?(kubernetes[.]io|k8s[.]io|kappa[.]dev)/')"
            + " && !k.startsWith('app.kubernetes.io/') || k == 'app.kubernetes.io/managed-by')";
    private static final String NOT_RESERVED = "!self.exists(k, " + RESERVED + ")";
    private static final String MESSAGE =
            ": names of kubernetes.io, k8s.io and kappa.dev are set by Kubernetes and Kappa themselves; "
                    + "remove %s'.format([self.filter(k, " + RESERVED + ")[0]])";

    /** Labels of the pods. */
    @ValidationRule(value = NOT_RESERVED, messageExpression = "'spec.pod.labels" + MESSAGE)
    @Size(max = 20)
    public Map<String, String> labels;

    /** Annotations of the pods. */
    @ValidationRule(value = NOT_RESERVED, messageExpression = "'spec.pod.annotations" + MESSAGE)
    @Size(max = 20)
    public Map<String, String> annotations;

    /** Secrets of the same namespace, of the type kubernetes.io/dockerconfigjson, with which a private code.image is pulled. */
    @Size(max = 10)
    public List<String> imagePullSecrets;
}
