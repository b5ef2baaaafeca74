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

/** A name that callers use for a version of a function, or for two of them by weight. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("Alias")
@Singular("alias")
@Plural("aliases")
@ValidationRule(
        value = "has(self.spec)",
        messageExpression = "'spec: is required, but %s has none'.format([self.metadata.name])")
@ValidationRule(
        value = "self.metadata.name.startsWith(self.spec.__function__ + '.') &&"
                + " self.metadata.name.matches('^[a-z0-9-]+[.][a-z0-9-]*[a-z-][a-z0-9-]*$')"
                + " && size(self.metadata.name) <= size(self.spec.__function__) + 1 + " + Limits.ALIAS,
        messageExpression = "'metadata.name: must be <spec.function>.<alias>, here %s.<alias>, the alias not a "
                + "number, without a dot and of at most 128 characters, but is %s'"
                + ".format([self.spec.__function__, self.metadata.name])")
@AdditionalPrinterColumn(name = "Function", jsonPath = ".spec.function")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Additional",
        jsonPath = ".status.routing.version",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Weight",
        jsonPath = ".status.routing.weight",
        type = AdditionalPrinterColumn.Type.NUMBER)
@AdditionalPrinterColumn(name = "Rollout", jsonPath = ".status.rollout.phase")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Provisioned", jsonPath = ".status.provisioned.state", priority = 1)
@AdditionalPrinterColumn(name = "Alias name", jsonPath = ".spec.aliasName", priority = 1)
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.url", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.rollout.message", priority = 1)
public final class Alias extends CustomResource<AliasSpec, AliasStatus> implements Namespaced {}
