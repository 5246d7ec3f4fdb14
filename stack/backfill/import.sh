#!/bin/sh
# Compose's second half of the history, in Prometheus' own image: makes blocks of the files that main.ts wrote.
# A file's name tells the longest block that may be made of it: NAME.DURATION.om
set -eu
for file in /history/*.om; do
  [ -e "$file" ] || exit 0
  duration=$(basename "$file" .om)
  promtool tsdb create-blocks-from openmetrics --quiet --max-block-duration="${duration##*.}" "$file" /prometheus
  rm "$file"
done
