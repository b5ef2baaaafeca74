package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/** What a user declares of a function; the limits are Lambda's. */
@ValidationRule(
        value = "has(self.code.image) || (has(self.runtime) && has(self.handler))",
        messageExpression = "'spec.runtime and spec.handler: both are required unless spec.code.image is given, but "
                + "runtime is %s and handler is %s'"
                + ".format([has(self.runtime) ? self.runtime : 'missing', "
                + "has(self.handler) ? self.handler : 'missing'])")
@ValidationRule(
        value = "!(has(self.code.image) && has(self.runtime))",
        messageExpression = "'spec.runtime: not together with spec.code.image, which brings its own; remove %s'"
                + ".format([self.runtime])")
@ValidationRule(
        value = "!has(self.code.image) || !has(self.concurrency) || !has(self.concurrency.perInstance)"
                + " || self.concurrency.perInstance == 1",
        messageExpression = "'spec.concurrency.perInstance: must be 1 with spec.code.image, whose process runs one "
                + "event at a time, but is %s'.format([string(self.concurrency.perInstance)])")
@ValidationRule(
        value = "!(has(self.code.image) && has(self.layers))",
        messageExpression = "'spec.layers: not together with spec.code.image; put their files into %s'"
                + ".format([self.code.image.reference])")
@ValidationRule(
        value = "!has(self.memory) || !quantity(string(self.memory)).isLessThan(quantity('128Mi')) &&"
                + " !quantity(string(self.memory)).isGreaterThan(quantity('10240Mi'))",
        messageExpression = "'spec.memory: must be between 128Mi and 10240Mi, but is %s'.format([string(self.memory)])")
@ValidationRule(
        value =
                "!has(self.ephemeralStorage) || !quantity(string(self.ephemeralStorage)).isLessThan(quantity('512Mi')) &&"
                        + " !quantity(string(self.ephemeralStorage)).isGreaterThan(quantity('10240Mi'))",
        messageExpression = "'spec.ephemeralStorage: must be between 512Mi and 10240Mi, but is %s'"
                + ".format([string(self.ephemeralStorage)])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class FunctionSpec {
    /**
     * The name that callers of Lambda's API use, where it cannot be that of the resource: with capitals or underscores. What
     * metadata.name has to be then, a readable name with a hash of this one, the condition of a wrong one tells.
     */
    @Size(min = 1, max = Limits.LAMBDA_FUNCTION_NAME)
    @Pattern("^[a-zA-Z0-9_-]+$")
    public String functionName;

    /** What the function is for. */
    @Size(max = Limits.DESCRIPTION)
    public String description;

    /** Tags, as callers of Lambda's API set and read them. */
    @Size(max = 50)
    public Map<String, String> tags;

    /** The runtime that runs the handler, one of those that the cluster's chart names; absent when the code is an image. */
    @Pattern("^[a-z][a-z0-9.-]*$")
    @Size(max = 40)
    public String runtime;

    /**
     * Lambda's handler string, for example {@code app.handler} or {@code com.example.Hello::handle}; what an image sees
     * as {@code _HANDLER}.
     */
    @Size(min = 1, max = Limits.HANDLER)
    @Pattern("^[^\\s]+$")
    public String handler;

    /** Where the code comes from: exactly one of inline, package, url, s3 and image. */
    @Required
    public Code code;

    /** Packages that are unpacked to /opt in this order, a later one over an earlier one; with the code at most 250 MiB. */
    @Size(max = Limits.LAYERS)
    public List<Layer> layers;

    /** Memory of one instance, between 128Mi and 10240Mi; its share of the CPU follows from it. */
    @Default("128Mi")
    public Quantity memory;

    /** After how many seconds an event is stopped, 1 to 900. */
    @Min(1)
    @Max(900)
    @Default("3")
    public Integer timeoutSeconds;

    /** Limit of what an instance writes to disk, /tmp included, between 512Mi and 10240Mi. */
    @Default("512Mi")
    public Quantity ephemeralStorage;

    /** Environment variables of the handler. */
    @Size(max = 100)
    public List<EnvironmentVariable> environment;

    /** The execution role: a ServiceAccount of the same namespace. */
    @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
    public String serviceAccountName;

    /** Who may invoke the function besides those whom a role of the cluster lets: its resource policy. */
    @Size(max = 100)
    public List<PermissionStatement> permissions;

    /** The address at which HTTP clients call the function; absent for none. */
    public UrlConfig url;

    /** Where instances may connect to; if absent to what spec.network.egress All is. */
    public Network network;

    /** Which nodes instances run on, and how. */
    public Scheduling scheduling;

    /** What instances' pods get for the other tools of a cluster. */
    public PodSettings pod;

    /** How many events run at once. */
    @Default("{\"perInstance\": 1}")
    public Concurrency concurrency;

    /** Bounds of the number of instances. */
    @Default("{\"min\": 0, \"max\": 100, \"idleTimeout\": \"5m\"}")
    public Scaling scaling;

    /** Whether a version is published at each change of code or configuration (OnChange), or only when asked for (Manual). */
    @ValidationRule(
            value = "self in ['Manual', 'OnChange']",
            messageExpression = "'spec.publish: must be one of Manual, OnChange, but is %s'.format([self])")
    @Default("Manual")
    @Size(max = 40)
    public String publish;

    /** How many of the newest versions are kept, besides those that aliases point to; all of them if absent. */
    @Min(1)
    @Max(1000)
    public Integer versionRetention;

    /** How asynchronous events are tried again and where their records go. */
    public Async async;

    /** Where the payload of an asynchronous event goes that was given up; a version freezes it. */
    public Destination deadLetter;
}
