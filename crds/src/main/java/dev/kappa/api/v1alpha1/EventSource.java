package dev.kappa.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What runs a function without a caller, such as a schedule or a queue: Lambda's event source mappings and EventBridge's rules. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("EventSource")
@ShortNames("es")
@ValidationRule(
        value = "has(self.spec)",
        messageExpression = "'spec: is required, but %s has none'.format([self.metadata.name])")
@AdditionalPrinterColumn(name = "Function", jsonPath = ".spec.function")
@AdditionalPrinterColumn(name = "Source", jsonPath = ".status.source")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Last", jsonPath = ".status.lastEventTime", type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Next", jsonPath = ".status.nextTick", priority = 1)
@AdditionalPrinterColumn(name = "Result", jsonPath = ".status.lastResult", priority = 1)
@AdditionalPrinterColumn(name = "Owner", jsonPath = ".status.owner", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public final class EventSource extends CustomResource<EventSourceSpec, EventSourceStatus> implements Namespaced {}
