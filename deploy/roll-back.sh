#!/usr/bin/env bash
# Starts the version that ran before the last attempt.
#   deploy/roll-back.sh USER@HOST
set -euo pipefail
remote=${1:?USER@HOST}
ssh "$remote" bash -s <<'THERE'
set -euo pipefail
home="$HOME/aiops-sre-observability"
# An attempt that did not come to its end left `current` as it was; one that did made it `previous`.
target=$(readlink "$home/current" || true)
if [ "$target" = "$(readlink "$home/attempted" || true)" ]; then target=$(readlink "$home/previous" || true); fi
if [ -z "$target" ]; then
  echo "no version ran before: nothing to go back to" >&2
  exit 1
fi
"$target/deploy/activate.sh" "$(basename "$target")" "$(cat "$target/images")"
THERE
