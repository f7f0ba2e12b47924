# One image for any app: docker build --build-arg APP=consumer -t runnel-consumer .
# The consumer's also migrates; see docker-compose.yaml. tools/delivery carries these steps out in a clean folder.
ARG NODE_IMAGE=node:24-slim

# The app and the libraries that it depends on, out of all the workspace.
FROM ${NODE_IMAGE} AS select
ARG APP
WORKDIR /source
COPY . .
RUN node tools/delivery/src/select-app-main.ts "${APP}" selected

# Manifests alone, so that packages are installed anew only when one of them changes.
FROM ${NODE_IMAGE} AS install
WORKDIR /app
COPY --from=select /source/selected/manifests ./
# No production package needs its install script; tools/delivery checks that.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund

FROM ${NODE_IMAGE}
ARG APP
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=install /app ./
COPY --from=select /source/selected/sources ./
COPY tools/delivery/src/healthcheck-main.ts ./healthcheck.ts
# An exec-form CMD knows no variables; the app's folder is where it runs instead.
WORKDIR /app/apps/${APP}
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 CMD ["node", "/app/healthcheck.ts"]
# node itself is process 1 and gets SIGTERM; it drains and ends with 0.
CMD ["node", "src/main.ts"]
