# syntax=docker/dockerfile:1
# docker build -t dialgraph . && docker run -p 4000:4000 -v ./dialgraph.config.yaml:/etc/dialgraph/dialgraph.config.yaml:ro dialgraph
# Debian, not Alpine: the embedded store comes prebuilt for glibc.
ARG NODE=22-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json README.md ./
COPY docs docs
COPY schema schema
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:${NODE}
ENV NODE_ENV=production \
    DIALGRAPH_CONFIG=/etc/dialgraph/dialgraph.config.yaml
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/schema schema
# Where an embedded store may stand: `store.url: sqlite:/data/dialgraph.db`.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 4000
# Of this process alone: a provider, or a store, that is down is nothing a restart would mend.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:4000/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# The file must be there: a container without one would be the sandbox in production.
ENTRYPOINT ["node", "dist/main.js"]
CMD ["start", "--port", "4000"]
