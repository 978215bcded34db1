"""The proxy with TLS: static files from the disk, everything else from the web server, no token in its log."""

from papersite.deploy.place import Place

# What stands behind these in an address opens somebody's page. Queries, which hold codes and what people
# look for, are not logged at all.
SECRET_PATHS = (
    "d", "copy", "subscription/feed", "saved/feed", "accounts/confirm-email", "accounts/password/reset/key",
    "accounts/3rdparty/login",
)  # fmt: skip
AWAY = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Back in a moment</title><h1>Back in a moment</h1>"
    "<p>The site is being restarted. Please try again in half a minute. No mail gets lost meanwhile."
)


def files(place: Place) -> dict[str, str]:
    return {f"{place.name}.conf": configuration(place)}


def configuration(place: Place, *, upstream: str = "", static: str = "") -> str:
    """To be included within nginx' ``http``; ``upstream`` is the web server's host and port."""
    return "\n".join(
        (
            _log(place),
            _upstream(place, upstream or f"127.0.0.1:{place.port}"),
            _plain(place),
            _sealed(place, static or f"{place.data}/static/"),
        )
    )


def _log(place: Place) -> str:
    return f"""\
# What stands after these is somebody's key, so that it is not logged; nor is any query, nor where people come from.
map $uri $papersite_page {{
    default $uri;
    "~^(?<before>/(?:{"|".join(SECRET_PATHS)})/)[^/]+(?<after>.*)$" "$before-$after";
}}
log_format papersite '$remote_addr $time_iso8601 "$request_method $papersite_page" $status $body_bytes_sent'
                     ' time=$request_time upstream=$upstream_response_time';

# Files whose name says what is in them never change.
map $uri $papersite_keeps {{
    default "public, max-age=60";
    "~\\.[0-9a-f]{{12}}\\." "public, max-age=31536000, immutable";
}}
"""


def _upstream(place: Place, server: str) -> str:
    return f"""\
upstream {place.name} {{
    server {server} max_fails=0;
    keepalive 32;
}}
"""


def _plain(place: Place) -> str:
    port = "" if place.https == 443 else f":{place.https}"
    return f"""\
server {{
    listen {place.http};
    server_name {place.host};
    access_log off;
    location /.well-known/acme-challenge/ {{
        root /var/www/acme;
    }}
    location / {{
        return 301 https://$host{port}$request_uri;
    }}
}}
# Whoever asks for another name gets no answer.
server {{
    listen {place.http} default_server;
    listen {place.https} ssl default_server;
    access_log off;
    ssl_reject_handshake on;
    return 444;
}}
"""


def _sealed(place: Place, static: str) -> str:
    certificate, key = place.certificates
    return f"""\
server {{
    listen {place.https} ssl http2;
    server_name {place.host};
    server_tokens off;

    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:papersite:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;

    access_log /var/log/nginx/{place.name}.log papersite;
    # An error's line holds the whole address: only what is wrong with the machine.
    error_log /var/log/nginx/{place.name}-error.log crit;

    client_header_timeout 10s;
    client_body_timeout 15s;
    send_timeout 30s;
    large_client_header_buffers 4 8k;
    client_max_body_size 256k;

    location /static/ {{
        alias {static};
        access_log off;
        gzip_static on;
        add_header Cache-Control $papersite_keeps;
        add_header X-Content-Type-Options nosniff;
        add_header Access-Control-Allow-Origin "*";
    }}
    # What a mail provider tells, and a list of follows or a search that a person brings along.
    location ~ ^/(anymail|subscription/follows/import|admin)/ {{
        client_max_body_size 2500k;
        include proxy_params_{place.name};
    }}
    # A library that a reader brings along.
    location /saved/import/ {{
        client_max_body_size 11m;
        include proxy_params_{place.name};
    }}
    location /metrics/ {{
        allow 127.0.0.1;
        allow ::1;
        deny all;
        include proxy_params_{place.name};
    }}
    location / {{
        include proxy_params_{place.name};
    }}
    location @away {{
        internal;
        default_type text/html;
        add_header Retry-After 30 always;
        add_header Cache-Control no-store always;
        return 503 "{AWAY}";
    }}
}}
""".replace(f"include proxy_params_{place.name};", _PROXY.format(name=place.name))


_PROXY = """\
proxy_pass http://{name};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        # Not what the visitor says of itself: PROXY_COUNT=1 believes this one.
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_connect_timeout 5s;
        proxy_read_timeout 60s;
        proxy_hide_header X-Powered-By;
        # The site's own answers, also its apologies, go through as they are.
        error_page 502 504 =503 @away;"""
