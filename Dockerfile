# One image for any app: docker build --build-arg APP=consumer -t runnel-consumer .
# The consumer's also migrates; see docker-compose.yaml. tools/images carries these steps out in a clean folder.
ARG NODE_IMAGE=node:24-slim

# The app and the libraries that it depends on, out of all the workspace, with what makes them into a bundle.
FROM ${NODE_IMAGE} AS select
ARG APP
WORKDIR /source
COPY . .
RUN node tools/images/src/image/select-app-main.ts "${APP}" selected

FROM ${NODE_IMAGE} AS build
ARG APP
WORKDIR /source
# Manifests alone, so that packages are installed anew only when one of them changes.
COPY --from=select /source/selected/manifests ./
# No package needs its install script; tools/images checks that.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --prefer-offline --no-audit --no-fund
COPY --from=select /source/selected/sources ./
# The web console first, for the app that serves it.
RUN if [ -d libs/console ]; then node libs/console/src/build-main.ts; fi && node tools/images/src/bundle/bundle-main.ts "${APP}"

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
