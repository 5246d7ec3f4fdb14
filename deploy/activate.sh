#!/usr/bin/env bash
# On the machine itself: starts a version that deploy.sh brought, and remembers the one that ran before.
#   activate.sh VERSION IMAGES
set -euo pipefail
version=${1:?VERSION} images=${2:?IMAGES}
home="$HOME/aiops-sre-observability"
release="$home/releases/$version"
cd "$release"
if ! [ -f "$home/secrets/expose/expose.env" ]; then
  echo "$home/secrets/expose is missing: docs/deployment.md, A machine" >&2
  exit 1
fi
ln -sfn "$release" "$home/attempted"
echo "$images" > images
# What the Compose files call secrets is shared by all releases.
mkdir -p "$home/secrets/notifications"
rm -rf secrets
ln -s "$home/secrets" secrets

compose() {
  docker compose --env-file .env --env-file secrets/expose/expose.env \
    -f docker-compose.yml -f docker-compose.expose.yml "$@"
}
# The release's own images, under the names that docker-compose.yml builds them by elsewhere.
for component in demo-app anomaly-detector incident-responder stack; do
  docker pull --quiet "$images/$component:${version#v}"
  docker tag "$images/$component:${version#v}" "aiops-sre-observability/$component"
done
compose pull --quiet --ignore-buildable
compose up --no-build --detach --remove-orphans --wait --wait-timeout 300

running=$(readlink "$home/current" || true)
if [ -n "$running" ] && [ "$running" != "$release" ]; then ln -sfn "$running" "$home/previous"; fi
ln -sfn "$release" "$home/current"
echo "$version runs"
