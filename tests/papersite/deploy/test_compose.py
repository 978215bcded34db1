"""The compose file: every process of the table, stopped in time, without privileges or secrets."""

import re
from typing import Any

import yaml

from papersite.deploy import compose
from papersite.deploy.place import Place
from papersite.runtime.processes import TABLE
from tests.site import ROOT

FILES = compose.files(Place(host="a.example"))


def services() -> dict[str, Any]:
    return dict(yaml.safe_load(FILES["compose.yaml"])["services"])


def test_each_process_is_a_service_that_has_the_time_it_takes() -> None:
    for one in TABLE:
        service = services()[one.name]
        assert service["command"][:2] == ["start", one.name]
        assert service["stop_grace_period"] == f"{one.stop_within}s"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_what_others_wait_for_says_when_it_is_well() -> None:
    for service in services().values():
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted["condition"] != "service_healthy" or services()[name]["healthcheck"]["test"]
    assert "/health/ready/" in services()["web"]["healthcheck"]["test"][3]
    assert "'Host': 'a.example'" in services()["web"]["healthcheck"]["test"][3]
    compile(services()["web"]["healthcheck"]["test"][3], "health check", "exec")


def test_secrets_come_from_files() -> None:
    held = yaml.safe_load(FILES["compose.yaml"])

    for service in held["services"].values():
        assert set(service.get("secrets", ())) <= set(held["secrets"])
        for name in service.get("environment", {}):
            assert not re.search("PASSWORD|SECRET|TOKEN", name) or name.endswith("_FILE")


def test_the_image_holds_what_it_copies_and_runs_as_nobody() -> None:
    copied = re.findall(r"^COPY (\w[\w.]*) /app", FILES["Containerfile"], re.MULTILINE)

    assert {"manage.py", "papersite", "digest", "accounts", "templates", "static"} == set(copied)
    assert all((ROOT / name).exists() for name in copied)
    assert FILES["Containerfile"].index("\nUSER 10001\n") < FILES["Containerfile"].index("ENTRYPOINT")
    assert "--require-hashes" in FILES["Containerfile"]


def test_the_proxy_asks_the_web_container() -> None:
    assert "server web:8000 max_fails=0;" in FILES["nginx.conf"]
    assert "alias /data/static/;" in FILES["nginx.conf"]
    assert "ssl_certificate /tls/fullchain.pem;" in FILES["nginx.conf"]
