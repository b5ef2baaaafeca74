package dev.kappa.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A function: code, handler and configuration; it is its own {@code $LATEST}. Its name is a DNS label of at most 63 characters. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("Function")
@ShortNames("fn")
@ValidationRule(
        value = "has(self.spec)",
        messageExpression = "'spec: is required, but %s has none'.format([self.metadata.name])")
@ValidationRule(
        value = "self.metadata.name.matches('" + Limits.FUNCTION_PATTERN + "')",
        messageExpression = "'metadata.name: must be a DNS label of at most 63 characters (lower-case letters, digits "
                + "and dashes; a dot is reserved for versions and aliases), but %s has %s characters'"
                + ".format([self.metadata.name, string(size(self.metadata.name))])")
@AdditionalPrinterColumn(name = "Runtime", jsonPath = ".spec.runtime")
@AdditionalPrinterColumn(
        name = "Version",
        jsonPath = ".status.lastVersion",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".status.replicas", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Function name", jsonPath = ".spec.functionName", priority = 1)
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.url", priority = 1)
@AdditionalPrinterColumn(name = "Handler", jsonPath = ".spec.handler", priority = 1)
@AdditionalPrinterColumn(name = "Memory", jsonPath = ".spec.memory", priority = 1)
@AdditionalPrinterColumn(name = "Image", jsonPath = ".status.image", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public final class Function extends CustomResource<FunctionSpec, FunctionStatus> implements Namespaced {}
