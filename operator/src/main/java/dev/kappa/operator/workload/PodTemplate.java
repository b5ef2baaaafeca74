package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.api.v1alpha1.PodSettings;
import dev.kappa.operator.network.PolicyTarget;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pod of an instance: no volume, no probe, nothing that a cold start would wait for. One container, or two if the code
 * is an image: the shim's, and then the user's.
 */
final class PodTemplate {
    static final String CONTAINER = "function";
    private static final String SHIM = "shim";
    private static final long USER = 65532;
    /** On top of the longest event: the shim notices SIGTERM, answers and leaves. */
    private static final int GRACE_SECONDS = 10;
    /** Ends once the Runtime API listens; the kubelet starts the next container after that. */
    private static final String AWAIT = "/var/runtime/await";

    private final Platform platform;
    private final ContainerEnvironment environment;

    PodTemplate(Platform platform) {
        this.platform = platform;
        this.environment = new ContainerEnvironment(platform);
    }

    /** Besides those by which Kappa knows its pods. */
    static Map<String, String> labels(Workload workload) {
        PodSettings settings = workload.spec().pod;
        Map<String, String> labels =
                settings == null || settings.labels == null ? new TreeMap<>() : new TreeMap<>(settings.labels);
        if (PolicyTarget.hasOwn(workload.spec())) {
            labels.put(Labels.NETWORK, DesiredDeployment.OWN);
        }
        if (workload.spec().serviceAccountName != null) {
            labels.put(Labels.ROLE, DesiredDeployment.OWN);
        }
        return labels;
    }

    /** Null for none. */
    static @Nullable Map<String, String> annotations(Workload workload) {
        PodSettings settings = workload.spec().pod;
        Map<String, String> annotations = settings == null || settings.annotations == null
                ? new TreeMap<>()
                : new TreeMap<>(settings.annotations);
        if (workload.isImage()) {
            annotations.put("kubectl.kubernetes.io/default-container", CONTAINER);
        }
        return annotations.isEmpty() ? null : annotations;
    }

    PodSpec of(Workload workload, String revision) {
        FunctionSpec spec = workload.spec();
        PodSpecBuilder pod = new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withServiceAccountName(spec.serviceAccountName)
                // Where extensions listen for telemetry, as Lambda names it; the kubelet writes the file in any case.
                .addNewHostAlias()
                .withIp("127.0.0.1")
                .withHostnames("sandbox.localdomain", "sandbox")
                .endHostAlias()
                .withTerminationGracePeriodSeconds((long) spec.timeoutSeconds + GRACE_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                // The shim sees whether the user's process runs, and ends it at a timeout.
                .withShareProcessNamespace(workload.isImage() ? true : null)
                .withContainers(containers(workload, revision));
        Placement.place(pod, workload);
        return pod.build();
    }

    private List<Container> containers(Workload workload, String revision) {
        if (workload.isImage()) {
            return List.of(sidecar(workload, revision), image(workload));
        }
        ResourceRequirements resources = platform.sizing().of(workload.spec());
        return List.of(shim(CONTAINER, workload, revision, resources)
                .addAllToEnv(environment.ofUser(workload))
                .build());
    }

    private ContainerBuilder shim(String name, Workload workload, String revision, ResourceRequirements resources) {
        return container(name, platform.image(workload.runtime()), resources)
                .addNewPort()
                .withName("shim")
                .withContainerPort(Wire.SHIM_PORT)
                .withProtocol("TCP")
                .endPort()
                .withEnv(environment.ofShim(workload, revision));
    }

    private Container sidecar(Workload workload, String revision) {
        return shim(SHIM, workload, revision, Sizing.ofSidecar())
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand(AWAIT)
                .endExec()
                .endPostStart()
                .endLifecycle()
                .build();
    }

    private Container image(Workload workload) {
        Code.Image image = workload.spec().code.image;
        return container(CONTAINER, image.reference, platform.sizing().of(workload.spec()))
                .withCommand(escaped(image.command))
                .withArgs(escaped(image.args))
                .withWorkingDir(image.workingDir)
                .withEnv(environment.ofImage(workload))
                .withNewLifecycle()
                // Most runtime clients die of SIGTERM: it comes once the event that runs has ended.
                .withNewPreStop()
                .withNewHttpGet()
                .withScheme("HTTP")
                .withPort(new IntOrString(Wire.SHIM_PORT))
                .withPath(Wire.DRAIN)
                .addNewHttpHeader(Wire.TOKEN, InstanceToken.ofKubelet(environment.secret(workload)))
                .endHttpGet()
                .endPreStop()
                .endLifecycle()
                .build();
    }

    private static ContainerBuilder container(String name, String image, ResourceRequirements resources) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withResources(resources)
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext();
    }

    private static List<String> escaped(@Nullable List<String> words) {
        return words == null
                ? List.of()
                : words.stream().map(ContainerEnvironment::escaped).toList();
    }
}
