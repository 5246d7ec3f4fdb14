#!/usr/bin/env bash
# Brings a released version to a machine with Docker and makes it the running one.
#   deploy/deploy.sh USER@HOST VERSION IMAGES      IMAGES: where the release's images are, such as ghcr.io/owner/name
# There, ~/aiops-sre-observability has `releases/VERSION`, `current` and `previous` (links), and `secrets`, which all
# releases share and which this never touches.
set -euo pipefail
remote=${1:?USER@HOST} version=${2:?VERSION} images=${3:?IMAGES}
if ! [[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
  echo "version: expected one such as v1.2.3, got $version" >&2
  exit 2
fi
if ! [[ $images =~ ^[a-z0-9./_:-]+$ ]]; then
  echo "images: expected a registry and a path, got $images" >&2
  exit 2
fi
release="aiops-sre-observability/releases/$version"
# Both are checked above and hold nothing a shell would read.
# shellcheck disable=SC2029
git archive --format=tar "refs/tags/$version" | ssh "$remote" "mkdir -p '$release' && tar -x -C '$release'"
# shellcheck disable=SC2029
ssh "$remote" "'$release/deploy/activate.sh' '$version' '$images'"
