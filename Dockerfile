# One image for every service: docker-compose.yml says which of them a container is.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# none of the packages that run in production needs its install script
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# --force: the broker of the development stack comes as a package for one kind of CPU; this stage only compiles
RUN npm ci --force --ignore-scripts --no-audit --no-fund
COPY . .
# readable for every user of the image, also when the clone was made under a strict umask
RUN node_modules/.bin/nest build gateway \
  && node apps/verifier/bundle.mjs \
  && mkdir image \
  && cp -r --parents package.json nest-cli.json dist/apps dist/libs dist/verifier apps/*/migrations deploy/health-check.mjs image/ \
  && chmod -R a+rX,go-w image

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# a named volume that is mounted on one of these takes over the owner
RUN install -d -o node -g node -m 0700 /var/lib/gerbang /var/lib/gerbang-demo
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/image ./
USER node
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/health-check.mjs"]
