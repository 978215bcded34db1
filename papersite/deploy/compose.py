"""The whole site in containers, and the image that they run."""

import json

from papersite.deploy import nginx
from papersite.deploy.place import Place
from papersite.runtime.processes import TABLE, Process

IMAGE = """\
# Build in the project's folder: podman build -f papersite/deploy/files/compose/Containerfile -t papersite .
# `manage.py deploy requirements` first writes requirements.txt, with a checksum for each file that is installed.
FROM docker.io/library/python:3.13-slim-trixie AS build
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /requirements.txt

FROM docker.io/library/python:3.13-slim-trixie
# pg_dump and pg_restore, for backup and restore; no older than the server.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \\
    && useradd --system --uid 10001 --no-create-home papersite && install -d -o papersite -m 0755 /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data DEBUG=false
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py /app/
COPY accounts /app/accounts
COPY digest /app/digest
COPY papersite /app/papersite
COPY static /app/static
COPY templates /app/templates
USER 10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "manage.py"]
CMD ["start", "web", "--bind", "0.0.0.0"]
"""
HEAD = """\
# docker compose up -d, with beside it: .env (from .env.example), a folder `secrets` with the files named below, and
# a folder `tls` with fullchain.pem and privkey.pem. For a trial: --profile trial, and EMAIL_URL=smtp://catcher:1025;
# what it caught is shown on port 8025 of this machine.
name: {name}

x-site: &site
  image: papersite
  build:
    context: ../../../..
    dockerfile: papersite/deploy/files/compose/Containerfile
  restart: unless-stopped
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  env_file: [.env]
  environment:
    DEBUG: "false"
    DATA_DIR: /data
    PROXY_COUNT: "1"
    SECRET_KEY_FILE: /run/secrets/secret_key
    DATABASE_URL_FILE: /run/secrets/database_url
    REDIS_URL: redis://redis:6379/0
  secrets: [secret_key, database_url]
  volumes: ["data:/data"]

secrets:
  # `openssl rand -base64 48`
  secret_key: {{file: secrets/secret_key}}
  # postgres://{name}:PASSWORD@postgres/{name}
  database_url: {{file: secrets/database_url}}
  # the same password
  postgres_password: {{file: secrets/postgres_password}}

volumes:
  data:
  postgres:
  redis:

services:
  postgres:
    image: docker.io/library/postgres:17
    restart: unless-stopped
    environment:
      POSTGRES_USER: {name}
      POSTGRES_DB: {name}
      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password
    secrets: [postgres_password]
    volumes: ["postgres:/var/lib/postgresql/data"]
    shm_size: 256m
    stop_grace_period: 60s
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U {name} -d {name}"]
      interval: 5s
      timeout: 3s
      retries: 12
  redis:
    image: docker.io/library/redis:8
    restart: unless-stopped
    # Only what has an end may go when memory is short: never an order that a worker has not taken.
    command: ["redis-server", "--maxmemory", "512mb", "--maxmemory-policy", "volatile-lru", "--appendonly", "yes"]
    volumes: ["redis:/data"]
    stop_grace_period: 15s
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 5s
      timeout: 3s
      retries: 12
  prepare:
    <<: *site
    restart: "no"
    entrypoint: ["sh", "-c", "python manage.py migrate --no-input && python manage.py collectstatic --no-input -v0"]
    depends_on:
      postgres: {{condition: service_healthy}}
"""
TAIL = """\
  nginx:
    image: docker.io/library/nginx:1
    restart: unless-stopped
    ports: ["{http}:{http}", "{https}:{https}"]
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
      - ./tls:/tls:ro
      - data:/data:ro
    stop_grace_period: 15s
    depends_on:
      web: {{condition: service_healthy}}
    healthcheck:
      test: ["CMD", "nginx", "-t", "-q"]
      interval: 60s
      timeout: 5s
      retries: 3
  catcher:
    profiles: [trial]
    image: docker.io/axllent/mailpit:latest
    ports: ["127.0.0.1:8025:8025"]
    healthcheck:
      test: ["CMD", "/mailpit", "readyz"]
      interval: 10s
      timeout: 3s
      retries: 5
"""
ASKS = (
    "from urllib.request import Request, urlopen; "
    "urlopen(Request('http://127.0.0.1:8000/health/ready/', headers={'Host': '%s'}), timeout=4)"
)


def files(place: Place) -> dict[str, str]:
    services = "".join(_service(place, one) for one in TABLE)
    inside = Place(
        host=place.host, name=place.name, certificate="/tls/fullchain.pem", key="/tls/privkey.pem",
        http=place.http, https=place.https,
    )  # fmt: skip
    return {
        "compose.yaml": HEAD.format(name=place.name) + services + TAIL.format(http=place.http, https=place.https),
        "Containerfile": IMAGE,
        "nginx.conf": nginx.configuration(inside, upstream="web:8000", static="/data/static/"),
    }


def _service(place: Place, one: Process) -> str:
    is_web = one.name == "web"
    started = ["start", one.name, *(["--bind", "0.0.0.0"] if is_web else [])]  # noqa: S104  inside of its network
    health = f"""\
    healthcheck:
      test: {json.dumps(["CMD", "python", "-c", ASKS % place.host])}
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 60s
"""
    return f"""\
  # {one.does}; {one.runs.value}
  {one.name}:
    <<: *site
    hostname: {one.name}
    command: {json.dumps(started)}
    stop_grace_period: {one.stop_within}s
    depends_on:
      prepare: {{condition: service_completed_successfully}}
      postgres: {{condition: service_healthy}}
      redis: {{condition: service_healthy}}
{health if is_web else ""}"""
