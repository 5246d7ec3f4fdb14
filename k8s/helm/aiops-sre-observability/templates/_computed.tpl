{{/* Scrape targets of a file that are installed, as JSON: who is left out is not missed. */}}
{{- define "aiops.installed-targets" -}}
{{- $kept := list -}}
{{- range .root.Files.Get .file | fromJsonArray -}}
{{- $wanted := true -}}
{{- range list (first (splitList ":" (first .targets))) (get .labels "service") -}}
{{- if hasKey $.data.components . }}{{ if not (include "aiops.on" (dict "root" $.root "data" $.data "name" .)) }}{{ $wanted = false }}{{ end }}{{ end -}}
{{- end -}}
{{- if and (include "aiops.scaled" (dict "root" $.root "name" (first (splitList ":" (first .targets))))) (not $.scaled) }}{{ $wanted = false }}{{ end -}}
{{- if $wanted }}{{ $kept = append $kept . }}{{ end -}}
{{- end -}}
{{- toJson $kept -}}
{{- end }}

{{/* Scrape targets, as JSON {file: targets}. */}}
{{- define "aiops.targets" -}}
{{- $all := dict -}}
{{- range $file, $_ := .root.Files.Glob "files/prometheus/targets/*.json" -}}
{{- $kept := include "aiops.installed-targets" (merge (dict "file" $file) $) | fromJsonArray -}}
{{- if eq (base $file) "alertmanager.json" }}{{ with $.root.Values.existing.alertmanager -}}
{{- $kept = list (dict "targets" (list (urlParse .).host) "labels" (dict "service" "alertmanager")) -}}
{{- end }}{{ end -}}
{{- $_ := set $all (base $file) $kept -}}
{{- end -}}
{{- toJson $all -}}
{{- end }}

{{/* A file of the configuration as it is, but for the name of the cluster, which Prometheus puts on what it sends, and who is not there. */}}
{{- define "aiops.file" -}}
{{- $text := .root.Files.Get .file -}}
{{- if and .root.Values.cluster (has .file (list "files/prometheus/prometheus.yml" "files/prometheus/prometheus.distributed.generated.yml")) -}}
{{- $text = replace "\nglobal:\n" (printf "\nglobal:\n  external_labels: { cluster: %s }\n" (quote .root.Values.cluster)) $text -}}
{{- end -}}
{{- if hasPrefix "files/prometheus/others/" .file }}{{ $text = include "aiops.installed-targets" . }}{{ end -}}
{{- if eq .file "files/prometheus/thanos/alertmanagers.generated.yml" }}{{ with .root.Values.existing.alertmanager -}}
{{- $all := fromYaml $text -}}
{{- $one := first $all.alertmanagers -}}
{{- $_ := set $one "static_configs" (list (urlParse .).host) -}}
{{- $_ := set $one "scheme" (urlParse .).scheme -}}
{{- $text = toYaml $all -}}
{{- end }}{{ end -}}
{{- $text -}}
{{- end }}

{{/* Of storefronts, of which there may be several, each: Prometheus asks the cluster's names for them. */}}
{{- define "aiops.scaled-scrape" -}}
scrape_configs:
  - job_name: demo-app-storefront
    scrape_interval: 5s
    dns_sd_configs: [{ names: [storefront-pods], type: A, port: 3000, refresh_interval: 5s }]
    relabel_configs:
      - { target_label: job, replacement: demo-app }
      - { target_label: service, replacement: storefront }
{{- end }}

{{/* alertmanager.yml as it is, or with the channels whose secrets are given, as alertmanager/effective-configuration.ts does it. */}}
{{- define "aiops.alertmanager" -}}
{{- $text := .Files.Get "files/alertmanager/alertmanager.yml" -}}
{{- if .Values.notifications.channels -}}
{{- $configuration := fromYaml $text -}}
{{- range $channel := .Values.notifications.channels -}}
{{- $fragment := $.Files.Get (printf "files/alertmanager/receivers/%s.yml" $channel) | fromYaml -}}
{{- range $receiver := $configuration.receivers -}}
{{- if has $receiver.name $fragment.joins -}}
{{- range $kind, $entries := omit $fragment "joins" -}}
{{- $_ := set $receiver $kind (concat (get $receiver $kind | default list) $entries) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $configuration -}}
{{- else -}}
{{- $text -}}
{{- end -}}
{{- end }}
