{{/* Object names do not carry the release's name: the parts find each other by them. */}}

{{- define "kappa.labels" -}}
app.kubernetes.io/name: kappa
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "kappa.selector" -}}
app.kubernetes.io/name: kappa
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "kappa.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "kappa.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "kappa.spread" -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: {{- include "kappa.selector" . | nindent 12 }}
{{- end }}

{{- define "kappa.instanceSecret" -}}
{{ .Values.instanceKey.existingSecret | default "kappa-instance-key" }}
{{- end }}

{{/* Whether gateways of release 0.1.0 are there, which do not know their own addresses. */}}
{{- define "kappa.upgradesFrom" -}}
{{- if .Values.upgradesFrom }}{{ .Values.upgradesFrom }}
{{- else }}
{{- $old := lookup "apps/v1" "Deployment" .Release.Namespace "kappa-gateway" }}
{{- if $old }}
{{- $names := list }}
{{- range (index $old.spec.template.spec.containers 0).env }}{{ $names = append $names .name }}{{ end }}
{{- if not (has "POD_IPS" $names) }}0.1.0{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "kappa.env" -}}
- {name: KAPPA_NAMESPACE, value: {{ .Release.Namespace | quote }}}
- {name: KAPPA_REGION, value: {{ .Values.region | quote }}}
- {name: KAPPA_DEFAULT_NAMESPACE, value: {{ .Values.defaultNamespace | quote }}}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- {name: POD_IPS, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}
- {name: KAPPA_UPGRADES_FROM, value: {{ include "kappa.upgradesFrom" . | quote }}}
- {name: KAPPA_INSTANCE_SECRET, valueFrom: {secretKeyRef: {name: {{ include "kappa.instanceSecret" . }}, key: key}}}
{{- end }}

{{/* Where function URLs are. */}}
{{- define "kappa.urls" -}}
- {name: KAPPA_URL_ADDRESS, value: {{ .Values.http.address | default (printf "http://kappa-http.%s.svc.cluster.local:8080" .Release.Namespace) | quote }}}
- {name: KAPPA_URL_DOMAIN, value: {{ .Values.http.domain | quote }}}
- {name: KAPPA_URL_SCHEME, value: {{ .Values.http.scheme | quote }}}
{{- end }}

{{- define "kappa.natsUsers" -}}
{{ .Values.nats.auth.existingSecret | default "kappa-nats-users" }}
{{- end }}

{{- define "kappa.natsTls" -}}
{{ .Values.nats.tls.existingSecret | default "kappa-nats-tls" }}
{{- end }}

{{/* What a process needs to connect to NATS as its user. */}}
{{- define "kappa.nats" -}}
{{- if .root.Values.nats.tls.enabled }}
- {name: KAPPA_NATS_AUTHORITY, value: /etc/kappa/nats/ca.crt}
{{- end }}
- {name: KAPPA_NATS_URL, value: "{{ if .root.Values.nats.tls.enabled }}tls{{ else }}nats{{ end }}://kappa-nats.{{ .root.Release.Namespace }}.svc.cluster.local.:4222"}
- {name: KAPPA_NATS_REPLICAS, value: {{ .root.Values.nats.replicas | int64 | quote }}}
- {name: KAPPA_NATS_USER, value: {{ .user }}}
- {name: KAPPA_NATS_PASSWORD, valueFrom: {secretKeyRef: {name: {{ include "kappa.natsUsers" .root }}, key: {{ .user }}}}}
{{- end }}

{{/* The bytes of a size such as 10Gi. */}}
{{- define "kappa.bytes" -}}
{{- $unit := dict "M" 1048576 "G" 1073741824 "T" 1099511627776 -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get $unit (regexFind "[MGT]" .) | int64) -}}
{{- end }}

{{/* All names that spec.runtime may have, as a JSON object of the runtime that each means. */}}
{{- define "kappa.runtimeNames" -}}
{{- $all := dict }}
{{- range $name, $runtime := .Values.runtimes }}
{{- if ne $name "image" }}{{- $_ := set $all $name $name }}{{- end }}
{{- end }}
{{- range $name, $runtime := .Values.runtimeNames }}
{{- if and $runtime (not (hasKey $all $name)) (hasKey $.Values.runtimes $runtime) }}{{- $_ := set $all $name $runtime }}{{- end }}
{{- end }}
{{- toJson $all }}
{{- end }}

{{/* The image of each runtime, as a JSON object. */}}
{{- define "kappa.runtimeImages" -}}
{{- $all := dict }}
{{- range $name, $runtime := .Values.runtimes }}{{- $_ := set $all $name $runtime.image }}{{- end }}
{{- toJson $all }}
{{- end }}
