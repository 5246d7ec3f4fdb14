{{/* Files behind a mount, as JSON [{file, path}]: file in this chart, path below the mount. */}}
{{- define "aiops.files" -}}
{{- $root := .root -}}
{{- $globs := list -}}
{{- $source := .mount.source -}}
{{- if eq .mount.kind "file" -}}
{{- $globs = list (list (printf "files/%s" $source) "") -}}
{{- else if eq .mount.kind "folder" -}}
{{- $globs = list (list (printf "files/%s/**" $source) (printf "files/%s/" $source)) -}}
{{- else if eq $source "rules" -}}
{{- $globs = list (list "files/prometheus/rules/*.rules.yml" "files/prometheus/rules/") -}}
{{- if include "aiops.cluster-telemetry" $root }}{{ $globs = append $globs (list "files/prometheus/cluster/*.rules.yml" "files/prometheus/cluster/") }}{{ end -}}
{{- else if eq $source "targets" -}}
{{- $globs = list (list "files/prometheus/targets/services/*.json" "files/prometheus/targets/") -}}
{{- else if eq $source "anomaly-rules" -}}
{{- $globs = list (list "files/anomaly-detector/rules/*.yaml" "files/anomaly-detector/rules/") -}}
{{- else if eq $source "responder-files" -}}
{{- $globs = list (list "files/incident-responder/actions/*.yaml" "files/incident-responder/") (list "files/docs/runbooks/*.md" "files/docs/") -}}
{{- else if eq $source "dashboards" -}}
{{- $globs = list (list "files/grafana/dashboards/*.json" "files/grafana/dashboards/" "shipped/") -}}
{{- if include "aiops.cluster-telemetry" $root }}{{ $globs = append $globs (list "files/grafana/dashboards/kubernetes/*.json" "files/grafana/dashboards/kubernetes/" "shipped/") }}{{ end -}}
{{- else if eq $source "alertmanager-config" -}}
{{- $globs = list (list "files/alertmanager/templates/*.tmpl" "files/alertmanager/") -}}
{{- end -}}
{{- $found := list -}}
{{- range $globs -}}
{{- $prefix := index . 1 -}}
{{- $below := "" }}{{ if gt (len .) 2 }}{{ $below = index . 2 }}{{ end -}}
{{- range $file, $_ := $root.Files.Glob (first .) -}}
{{- if or $root.Values.parts.demo (not (has (trimPrefix "files/" $file) $.data.onlyDemo)) -}}
{{- $path := ternary (base $file) (printf "%s%s" $below (trimPrefix $prefix $file)) (eq $prefix "") -}}
{{- $found = append $found (dict "file" $file "path" $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end }}

{{/* The ConfigMap that has a file: one a folder, and one a file where the files are large. kubectl apply takes 256 kB at most. */}}
{{- define "aiops.config-map" -}}
{{- $folder := dir (trimPrefix "files/" .) | replace "/" "-" -}}
{{- $large := has $folder (list "prometheus-rules" "grafana-dashboards") -}}
config-{{ $folder }}{{ if $large }}-{{ base . | replace ".rules.yml" "" | replace ".json" "" }}{{ end }}
{{- end }}

{{/* Sources of the projected volume behind a mount of kind folder or prepared. */}}
{{- define "aiops.projection" -}}
{{- $maps := dict -}}
{{- range include "aiops.files" . | fromJsonArray -}}
{{- $name := include "aiops.config-map" .file -}}
{{- $_ := set $maps $name (append (get $maps $name | default list) (dict "key" (base .file) "path" .path)) -}}
{{- end -}}
{{- range $name, $items := $maps }}
- configMap:
    name: {{ $name }}
    items: {{- toYaml $items | nindent 6 }}
{{- end }}
{{- if eq .mount.source "collector-config" }}
- configMap: { name: config-computed, items: [{ key: database.yaml, path: database.yaml }] }
{{- end }}
{{- if eq .mount.source "database-roles" }}
- secret:
    name: {{ include "aiops.secret-name" (dict "root" .root "group" "database") }}
    items: [{ key: shop.sql, path: shop.sql }]
- secret:
    name: {{ include "aiops.secret-name" (dict "root" .root "group" "monitor") }}
    items: [{ key: monitor.sql, path: monitor.sql }]
{{- end }}
{{- if eq .mount.source "targets" }}
- configMap: { name: config-targets }
{{- end }}
{{- if eq .mount.source "dashboards" }}
- configMap: { name: config-computed, items: [{ key: no-dashboards, path: my/README }] }
{{- end }}
{{- if eq .mount.source "alertmanager-config" }}
- configMap:
    name: config-computed
    items: [{ key: alertmanager.yml, path: alertmanager.yml }, { key: webhook_url, path: secrets/webhook_url }]
- secret:
    name: {{ include "aiops.secret-name" (dict "root" .root "group" "alerting") }}
    items: [{ key: web.yml, path: web.yml }]
- secret:
    name: {{ include "aiops.secret-name" (dict "root" .root "group" "responder") }}
    items: [{ key: webhook-token, path: secrets/webhook_token }]
{{- with .root.Values.notifications }}
{{- if .secret }}
- secret:
    name: {{ .secret }}
    items:
      {{- range .channels }}
      - { key: {{ . }}, path: secrets/notifications/{{ . }} }
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
