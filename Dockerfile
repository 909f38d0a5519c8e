# One image for the API, the worker and the migrations; what it does is its command.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-slim
# tini reaps the text extraction's child processes and passes signals on.
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY shared ./shared
COPY db ./db
COPY api ./api
COPY worker ./worker
COPY scripts ./scripts
USER node
EXPOSE 3000
# The API's own check; the worker's is in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "scripts/services/healthcheck.ts", "api"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "api/main.ts"]
