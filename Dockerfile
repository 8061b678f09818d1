# docker build -t bellwether .
# The same three steps as the Makefile: the front end, the program, and then
# the program alone.
FROM node:20 AS front
WORKDIR /src
COPY internal/web/assets/ ./
RUN npm ci --no-audit --no-fund --loglevel=error

FROM golang:1.26 AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=front /src/dist/ internal/web/assets/dist/
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /image/usr/local/bin/bellwether ./cmd/bellwether
# What an empty image lacks: a user, the certificates by which the sign-on
# provider is known, and a folder for the data.
RUN mkdir -p /image/etc/ssl/certs && mkdir -m 0700 /data \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'bellwether:x:10001:10001::/data:/sbin/nologin' > /image/etc/passwd

FROM scratch
COPY --from=program /image/ /
COPY --from=program --chown=10001:10001 /data/ /data/
USER 10001:10001
# What is temporary goes there too, so that the root can be read-only.
ENV BELLWETHER_DB=/data/bellwether.db BELLWETHER_ADDR=0.0.0.0:8080 TMPDIR=/data TZ=Europe/London
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/bellwether"]
CMD ["serve"]
