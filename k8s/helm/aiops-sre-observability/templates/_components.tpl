{{/* What components.generated.yaml has, as JSON; with `distributed`, what an engine becomes in place of its one process. */}}
{{- define "aiops.data" -}}
{{- $data := .Files.Get "files/components.generated.yaml" | fromYaml -}}
{{- if .Values.distributed.enabled }}{{ range $name, $component := $data.distributed }}{{ $_ := set $data.components $name (mergeOverwrite (get $data.components $name | default dict) $component) }}{{ end }}{{ end -}}
{{- $_ := unset $data "distributed" -}}
{{- if not .Values.distributed.enabled }}{{ range list "collectors" "metrics" "objects" }}{{ $_ := unset $data.networks . }}{{ end }}{{ end -}}
{{- toJson $data -}}
{{- end }}

{{/* "true" where a component is installed: all its parts are on, and nothing that exists takes its place. The guard is before what is here. */}}
{{- define "aiops.on" -}}
{{- $on := true -}}
{{- range (index .data.components .name).parts }}{{ if or (not (index $.root.Values.parts .)) (get $.root.Values.existing .) }}{{ $on = false }}{{ end }}{{ end -}}
{{- if and (eq .name "seaweedfs") .root.Values.distributed.objectStorage.endpoint }}{{ $on = false }}{{ end -}}
{{- if eq .name "guard" -}}
{{- $guarded := dict "root" .root "data" .data -}}
{{- if not (or (include "aiops.on" (set $guarded "name" "tempo")) (include "aiops.on" (set $guarded "name" "loki"))) }}{{ $on = false }}{{ end -}}
{{- end -}}
{{- if $on }}true{{ end -}}
{{- end }}

{{/* The service that a component is an instance of: fulfillment of fulfillment-1, loki-ingester of loki-ingester-1. */}}
{{- define "aiops.service" -}}
{{- get .component.env "ROLE" | default (regexReplaceAll "-[0-9]+$" .name "") -}}
{{- end }}

{{- define "aiops.labels" -}}
app.kubernetes.io/name: {{ include "aiops.service" . }}
app.kubernetes.io/component: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: aiops-sre-observability
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* What a Service and a policy find its pods by; never changes. */}}
{{- define "aiops.selector" -}}
app.kubernetes.io/component: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "aiops.image" -}}
{{- $values := .root.Values.images -}}
{{- $repository := .image.repository -}}
{{- if .image.tag -}}
{{ with $values.mirror }}{{ . }}/{{ end }}{{ $repository }}:{{ .image.tag }}
{{- else -}}
{{ $values.own }}/{{ base $repository }}:{{ $values.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* An environment variable's value with what exists, and what browsers open, in place of the addresses of docker-compose.yml. */}}
{{- define "aiops.environment-value" -}}
{{- $value := .value -}}
{{- $existing := .root.Values.existing -}}
{{- with $existing.prometheus }}{{ $value = replace "http://prometheus:9090" . $value }}{{ end -}}
{{- with $existing.alertmanager }}{{ $value = replace "http://alertmanager:9093" . (regexReplaceAll ",http://alertmanager-[0-9]:9093" $value "") }}{{ end -}}
{{- with $existing.tempo }}{{ $value = replace "http://guard:3200" . $value }}{{ end -}}
{{- with $existing.tempoOtlp }}{{ $value = replace "http://tempo:4327" . (replace "http://tempo-distributor:4327" . $value) }}{{ end -}}
{{- with $existing.lokiOtlp }}{{ $value = replace "http://guard:3100/otlp" . $value }}{{ end -}}
{{- with $existing.loki }}{{ $value = replace "http://guard:3100" . $value }}{{ end -}}
{{- if .root.Values.ingress.enabled -}}
{{- range $name, $host := .root.Values.ingress.hosts -}}
{{- $published := (index $.data.components $name).published -}}
{{- if $published }}{{ $value = replace (printf "http://127.0.0.1:%d" (int $published)) (printf "https://%s" $host) $value }}{{ end -}}
{{- if and (eq $.variable "ALLOWED_HOSTS") (or (eq $name $.name)) }}{{ $value = printf "%s,%s" $value $host }}{{ end -}}
{{- end -}}
{{- end -}}
{{- with .root.Values.distributed.objectStorage -}}
{{- if and .endpoint (hasPrefix "S3_" $.variable) }}{{ $value = get (dict "S3_ENDPOINT" .endpoint "S3_INSECURE" (toString .insecure) "S3_REGION" .region) $.variable }}{{ end -}}
{{- end -}}
{{- if eq .variable "HEALTH_TARGETS" -}}
{{- range splitList " " $value -}}
{{- $target := first (splitList "=" .) -}}
{{- if not (include "aiops.on" (dict "root" $.root "data" $.data "name" $target)) }}{{ $value = replace . "" $value }}{{ end -}}
{{- end -}}
{{- end -}}
{{- trim $value -}}
{{- end }}

{{- define "aiops.secret-name" -}}
{{- get .root.Values.secrets.existing .group | default (printf "aiops-%s" .group) -}}
{{- end }}

{{/* Of a container: nothing more than "restricted" lets it. */}}
{{- define "aiops.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ .readOnly }}
capabilities: { drop: [ALL] }
{{- end }}

{{- define "aiops.pod-security" -}}
runAsNonRoot: true
runAsUser: {{ int .user }}
runAsGroup: {{ int .group }}
fsGroup: {{ int (.group | default .user) }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* Half of what a container may take is not what it takes: requests are a share of the limits of docker-compose.yml. */}}
{{- define "aiops.resources" -}}
{{- $own := get .root.Values.resources.components .name -}}
{{- if $own -}}
{{ toYaml $own }}
{{- else -}}
{{- $share := .root.Values.resources.requestShare -}}
{{- $memory := trimSuffix "Mi" .component.memory | float64 -}}
{{- /* Kubernetes' client, loaded where there is a cluster to operate. */}}
{{- if include "aiops.operates" . }}{{ $memory = addf $memory 96 }}{{ end -}}
requests:
  cpu: {{ mulf (trimSuffix "m" .component.cpu | float64) 0.1 | int }}m
  memory: {{ mulf $memory $share | int }}Mi
limits:
  cpu: {{ .component.cpu }}
  memory: {{ int $memory }}Mi
{{- end -}}
{{- end }}

{{/* What has a volume of its own is a StatefulSet. */}}
{{- define "aiops.kind" -}}
{{- $kind := "Deployment" -}}
{{- range .component.mounts }}{{ if and (eq .kind "data") $.root.Values.storage.enabled }}{{ $kind = "StatefulSet" }}{{ end }}{{ end -}}
{{- $kind -}}
{{- end }}

{{/* "true" where there may be several of it. */}}
{{- define "aiops.scaled" -}}
{{- if and (eq .name "storefront") .root.Values.autoscaling.storefront.enabled }}true{{ end -}}
{{- end }}

{{/* "true" for the component that operates the cluster. */}}
{{- define "aiops.operates" -}}
{{- if and (eq .name "incident-responder") .root.Values.operator.enabled }}true{{ end -}}
{{- end }}

{{/* Namespaces that are operated, separated by commas. */}}
{{- define "aiops.operated" -}}
{{- .Values.operator.namespaces | default (list .Release.Namespace) | join "," -}}
{{- end }}

{{/* What the operator's process reads, as JSON. */}}
{{- define "aiops.operator-environment" -}}
{{- if include "aiops.operates" . -}}
{{- dict "KUBECONFIG" "/run/kubernetes/config"
  "KUBERNETES_NAMESPACES" (include "aiops.operated" .root)
  "KUBERNETES_NODES" (toString .root.Values.operator.nodes)
  "KUBERNETES_LEASE" (printf "%s/aiops-operator" .root.Release.Namespace)
  "KUBERNETES_FLAGS" (printf "%s/config-flags/demo.flagd.json" .root.Release.Namespace) | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end }}

{{/* What tells whose telemetry and alerts they are, as JSON, to those that do not have it from Prometheus. */}}
{{- define "aiops.cluster-environment" -}}
{{- if and .root.Values.cluster (has .name (list (include "aiops.otlp" .root) "anomaly-detector" "incident-responder")) -}}
{{- dict "KUBERNETES_CLUSTER" .root.Values.cluster | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end }}

{{/* Who takes OTLP. */}}
{{- define "aiops.otlp" -}}
{{ ternary "otel-gateway" "otel-collector" .Values.distributed.enabled }}
{{- end }}

{{/* "true" where Collectors tell of the cluster: the operator's actions are verified by what they know. */}}
{{- define "aiops.cluster-telemetry" -}}
{{- if or .Values.clusterTelemetry.enabled .Values.operator.enabled }}true{{ end -}}
{{- end }}
