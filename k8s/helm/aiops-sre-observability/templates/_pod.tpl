{{/* Name of the volume behind a mount. */}}
{{- define "aiops.volume" -}}
{{- if eq .kind "file" -}}
file-{{ dir .source | replace "/" "-" }}
{{- else -}}
{{ .kind }}-{{ .source | replace "/" "-" | replace "." "" }}
{{- end -}}
{{- end }}

{{- define "aiops.volume-mounts" -}}
{{- range .component.mounts }}
- name: {{ include "aiops.volume" . }}
  mountPath: {{ .path }}
  {{- if eq .kind "file" }}
  subPath: {{ base .source }}
  {{- end }}
  {{- if not (has .kind (list "data" "memory")) }}
  readOnly: true
  {{- end }}
{{- end }}
{{- end }}

{{/* Volumes of a pod but for those that its StatefulSet claims. */}}
{{- define "aiops.volumes" -}}
{{- $seen := dict -}}
{{- range .component.mounts }}
{{- $volume := include "aiops.volume" . }}
{{- if and (not (hasKey $seen $volume)) (not (and (eq .kind "data") $.root.Values.storage.enabled)) }}
{{- $_ := set $seen $volume true }}
- name: {{ $volume }}
  {{- if eq .kind "file" }}
  configMap: { name: {{ include "aiops.config-map" (printf "files/%s" .source) }} }
  {{- else if has .kind (list "folder" "prepared") }}
  projected:
    sources: {{- include "aiops.projection" (dict "root" $.root "data" $.data "mount" .) | nindent 6 }}
  {{- else if eq .kind "flags" }}
  configMap: { name: config-flags }
  {{- else if eq .kind "secret" }}
  secret: { secretName: {{ include "aiops.secret-name" (dict "root" $.root "group" .source) }}, defaultMode: 0440 }
  {{- else if eq .kind "memory" }}
  emptyDir: { medium: Memory, sizeLimit: 64Mi }
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Its pods start anew when what they read is another. */}}
{{- define "aiops.digest" -}}
{{- $text := "" -}}
{{- range .component.mounts -}}
{{- range include "aiops.files" (dict "root" $.root "data" $.data "mount" .) | fromJsonArray -}}
{{- $text = printf "%s%s%s" $text .path ($.root.Files.Get .file | sha256sum) -}}
{{- end -}}
{{- if eq .source "targets" }}{{ $text = printf "%s%s" $text (include "aiops.targets" $) }}{{ end -}}
{{- end -}}
{{- sha256sum (printf "%s%s%s" $text (toJson .root.Values.notifications) (ternary .root.Values.cluster "" (eq .name "prometheus"))) -}}
{{- end }}

{{- define "aiops.check" -}}
{{- if .http }}
httpGet: { path: {{ .http.path }}, port: {{ int .http.port }} }
{{- else }}
exec: { command: {{ toJson .exec }} }
{{- end }}
timeoutSeconds: 5
{{- end }}

{{- define "aiops.pod" -}}
{{- $component := .component -}}
metadata:
  labels:
    {{- include "aiops.labels" . | nindent 4 }}
    {{- range $component.networks }}
    network.aiops-sre-observability/{{ . }}: joined
    {{- end }}
  annotations:
    aiops-sre-observability/configuration: {{ include "aiops.digest" . }}
spec:
  serviceAccountName: {{ .name }}
  automountServiceAccountToken: false
  # Kubernetes' own variables for Services would be read as ports: TEMPO_PORT, LOKI_PORT.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ int $component.graceSeconds }}
  securityContext: {{- include "aiops.pod-security" $component | nindent 4 }}
  {{- with .root.Values.images.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.scheduling }}
  {{- with .nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- end }}
  affinity:
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: {{ .root.Values.scheduling.topologyKey }}
            labelSelector: &of-this-service
              matchLabels:
                app.kubernetes.io/name: {{ include "aiops.service" . }}
                app.kubernetes.io/instance: {{ .root.Release.Name }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: ScheduleAnyway
      labelSelector: *of-this-service
  {{- if and (eq .name "prometheus") (include "aiops.has-history" .root) }}
  initContainers: {{- include "aiops.history" . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "aiops.image" (dict "root" .root "image" $component.image) }}
      imagePullPolicy: {{ .root.Values.images.pullPolicy }}
      {{- with $component.command }}
      command: {{- toYaml . | nindent 8 }}
      {{- end }}
      args: {{- toYaml $component.args | nindent 8 }}
      {{- with $component.workingDir }}
      workingDir: {{ . }}
      {{- end }}
      {{- with merge (get .root.Values.environment .name | default dict | deepCopy) $component.env (include "aiops.operator-environment" . | fromJson) (include "aiops.cluster-environment" . | fromJson) }}
      env:
        {{- range $variable, $value := . }}
        - name: {{ $variable }}
          {{- if and (eq $variable "INSTANCE") (include "aiops.scaled" $) }}
          valueFrom: { fieldRef: { fieldPath: metadata.name } }
          {{- else }}
          value: {{ include "aiops.environment-value" (dict "root" $.root "data" $.data "name" $.name "variable" $variable "value" $value) | quote }}
          {{- end }}
        {{- end }}
      {{- end }}
      {{- with $component.ports }}
      ports:
        {{- range . }}
        - { name: port-{{ int . }}, containerPort: {{ int . }} }
        {{- end }}
      {{- end }}
      {{- with $component.probe }}
      startupProbe: {{- include "aiops.check" . | nindent 8 }}
        periodSeconds: 2
        failureThreshold: 90
      readinessProbe: {{- include "aiops.check" . | nindent 8 }}
        periodSeconds: 5
      {{- if .http }}
      livenessProbe:
        tcpSocket: { port: {{ int .http.port }} }
        periodSeconds: 10
        failureThreshold: 6
      {{- end }}
      {{- end }}
      resources: {{- include "aiops.resources" . | nindent 8 }}
      securityContext: {{- include "aiops.container-security" $component | nindent 8 }}
      {{- with include "aiops.volume-mounts" . | trim }}
      volumeMounts: {{- . | nindent 8 }}
      {{- end }}
        {{- if include "aiops.operates" . }}
        - { name: kubernetes, mountPath: /run/kubernetes, readOnly: true }
        {{- end }}
  {{- with include "aiops.volumes" . | trim }}
  volumes: {{- . | nindent 4 }}
  {{- end }}
    {{- if include "aiops.operates" . }}
    - name: kubernetes
      projected:
        sources:
          - serviceAccountToken: { path: token, expirationSeconds: 3607 }
          - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
          - configMap: { name: config-operator, items: [{ key: config, path: config }] }
    {{- end }}
    {{- if and (eq .name "prometheus") (include "aiops.has-history" .root) }}
    - name: history
      emptyDir: {}
    - name: history-import
      configMap: { name: config-stack-backfill }
    {{- end }}
{{- end }}

{{- define "aiops.has-history" -}}
{{- if and .Values.history .Values.parts.demo (not .Values.distributed.enabled) }}true{{ end -}}
{{- end }}

{{/* As Compose's prepare and history-import: the text of a past, and blocks of it. A Prometheus that has data is left as it is. */}}
{{- define "aiops.history" -}}
{{- $import := index .data.once "history-import" -}}
- name: history
  image: {{ include "aiops.image" (dict "root" .root "image" (dict "repository" "aiops-sre-observability/stack")) }}
  imagePullPolicy: {{ .root.Values.images.pullPolicy }}
  args: [node, backfill/main.ts, /history, /prometheus]
  resources: &of-history {{- include "aiops.resources" (dict "root" .root "name" "history-import" "component" $import) | nindent 4 }}
  securityContext: {{- include "aiops.container-security" $import | nindent 4 }}
  volumeMounts:
    - { name: history, mountPath: /history }
    - { name: data-prometheus, mountPath: /prometheus }
- name: history-import
  image: {{ include "aiops.image" (dict "root" .root "image" $import.image) }}
  imagePullPolicy: {{ .root.Values.images.pullPolicy }}
  command: {{- toYaml $import.command | nindent 4 }}
  env:
    {{- range $variable, $value := $import.env }}
    - { name: {{ $variable }}, value: {{ $value | quote }} }
    {{- end }}
  resources: *of-history
  securityContext: {{- include "aiops.container-security" $import | nindent 4 }}
  volumeMounts:
    - { name: history-import, mountPath: /history-import.sh, subPath: import.sh, readOnly: true }
    - { name: history, mountPath: /history }
    - { name: data-prometheus, mountPath: /prometheus }
{{- end }}
