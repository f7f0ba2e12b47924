# One image for any app: docker build --build-arg APP=consumer -t runnel-consumer .
# The consumer's also migrates; see docker-compose.yaml. tools/images carries these steps out in a clean folder.
# Only the last stage depends on APP: the packages are installed and the apps bundled once for all images.
ARG NODE_IMAGE=node:24-slim

# The apps and the libraries that they depend on, out of all the workspace, with what makes them into bundles.
FROM ${NODE_IMAGE} AS select
WORKDIR /source
COPY . .
RUN node tools/images/src/image/select-sources-main.ts selected

FROM ${NODE_IMAGE} AS build
WORKDIR /source
# Manifests alone, so that packages are installed anew only when one of them changes.
COPY --from=select /source/selected/manifests ./
# No package needs its install script; tools/images checks that.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --prefer-offline --no-audit --no-fund
COPY --from=select /source/selected/sources ./
# The web console first, for the app that serves it.
RUN node libs/console/src/build-main.ts && node tools/images/src/bundle/bundle-main.ts

FROM ${NODE_IMAGE}
ARG APP
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /source/apps/${APP}/dist/bundle ./
COPY tools/images/src/healthcheck-main.ts ./healthcheck.ts
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 CMD ["node", "/app/healthcheck.ts"]
# node itself is process 1 and gets SIGTERM; it drains and ends with 0.
CMD ["node", "main.mjs"]
