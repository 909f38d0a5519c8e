# One image for the API, the worker and the migrations; what it does is its command. docs/containers.md says how it is built and run.
# To build from exactly one base, give its digest: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No package of the product needs its install script. Maps are for debuggers, and Node never runs TypeScript of packages.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm cache clean --force \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Donkey Workspace" \
  org.opencontainers.image.description="Self-hosted backend for AI assistants: documents in, cited passages out." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
# tini reaps the text extraction's child processes and passes signals on.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini=0.19.* \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0
WORKDIR /app
# All of it belongs to root: the process can change nothing of itself, also where the root is not mounted read-only.
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY shared ./shared
COPY db ./db
COPY api ./api
COPY worker ./worker
COPY scripts ./scripts
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000 9464 9465
# The API's own check; the worker's is in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "scripts/services/healthcheck.ts", "api"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "api/main.ts"]
