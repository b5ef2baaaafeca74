package dev.kappa.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** An immutable snapshot of a function's code and configuration. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("Version")
@Singular("version")
@Plural("versions")
@ValidationRule(
        value = "has(self.spec)",
        messageExpression = "'spec: is required, but %s has none'.format([self.metadata.name])")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9-]+[.][1-9][0-9]{0,8}$')"
                + " && self.metadata.name.split('.')[0] == self.spec.__function__"
                + " && int(self.metadata.name.split('.')[1]) == self.spec.number",
        messageExpression = "'metadata.name: must be the name of the function, a dot and the number of the version, "
                + "here %s.%s, but is %s'"
                + ".format([self.spec.__function__, string(self.spec.number), self.metadata.name])")
@AdditionalPrinterColumn(name = "Function", jsonPath = ".spec.function")
@AdditionalPrinterColumn(name = "Runtime", jsonPath = ".spec.snapshot.function.runtime")
@AdditionalPrinterColumn(name = "Aliases", jsonPath = ".status.aliases")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".status.replicas", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Provisioned", jsonPath = ".status.provisioned.state", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Description", jsonPath = ".spec.description", priority = 1)
@AdditionalPrinterColumn(name = "Image", jsonPath = ".status.image", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public final class FunctionVersion extends CustomResource<VersionSpec, FunctionStatus> implements Namespaced {}
