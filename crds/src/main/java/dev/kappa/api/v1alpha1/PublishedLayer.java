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

/** A layer as callers of Lambda's API publish and list it: versions of packages under a name. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("Layer")
@Singular("layer")
@Plural("layers")
@ValidationRule(
        value = "has(self.spec)",
        messageExpression = "'spec: is required, but %s has none'.format([self.metadata.name])")
@ValidationRule(
        value = "self.metadata.name.matches('" + Limits.FUNCTION_PATTERN + "')",
        messageExpression = "'metadata.name: must be a DNS label of at most 63 characters, but is %s'"
                + ".format([self.metadata.name])")
@AdditionalPrinterColumn(
        name = "Last version",
        jsonPath = ".spec.lastVersion",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Layer name", jsonPath = ".spec.layerName", priority = 1)
public final class PublishedLayer extends CustomResource<LayerSpec, Void> implements Namespaced {}
