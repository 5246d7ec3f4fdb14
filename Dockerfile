# The images of demo-app, anomaly-detector and incident-responder: one base, one folder each.
# Builds with BuildKit and with the classic builder.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY conventions/package.json conventions/
COPY demo-app/package.json demo-app/
COPY anomaly-detector/package.json anomaly-detector/
COPY incident-responder/package.json incident-responder/
COPY slo/package.json slo/
COPY grafana/package.json grafana/
COPY stack/package.json stack/
COPY bench/package.json bench/
COPY alertmanager/package.json alertmanager/
COPY alert-lab/package.json alert-lab/
ARG COMPONENT
RUN npm ci --omit=dev --ignore-scripts --workspace "@aiops-sre/${COMPONENT}" --include-workspace-root=false

FROM node:${NODE_VERSION}-bookworm-slim
ARG COMPONENT
LABEL org.opencontainers.image.title="aiops-sre-observability ${COMPONENT}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY conventions conventions
COPY docs/runbooks docs/runbooks
# The history is of the demo application's traffic and of the SLOs.
COPY demo-app demo-app
COPY slo slo
COPY prometheus/rules/slo-index.generated.json prometheus/rules/
COPY ${COMPONENT} ${COMPONENT}
RUN mkdir -p /data /history && chown node:node /data /history
USER node
