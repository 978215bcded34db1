"""A whole site with papers in it, served as it is in earnest, for the programs of others to read."""

import shutil
import sys
from pathlib import Path

import httpx

from papersite.runtime.processes import command
from tests.site import ROOT, Site, free_port, wait_until

SAMPLE = ROOT / "papersite" / "catalogue" / "sample" / "papers.jsonl"
READER = """
from django.utils import timezone
from accounts import tokens
from accounts.models import User
from digest.readers import registration
now = timezone.now()
reader, _ = User.objects.get_or_create(email="reader@example.org")
registration.confirm(registration.open_subscription(reader, now=now), now=now)
import json
print(json.dumps(tokens.make(reader, name="tests", scope=SCOPE, now=now, good_for=None)[1]))
"""


class Served(Site):
    """Its address is ``url``; nobody is told to wait unless ``environment`` says so."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        many = {"API_PER_NETWORK": "1000000/m", "API_PER_ACCOUNT": "1000000/m", "PAGES_FRESH_SECONDS": "0"}
        super().__init__(folder, SITE_URL=self.url, WEB_WORKERS="1", WEB_THREADS="4", **many | environment)

    def serve(self) -> None:
        """Until it answers."""
        asked = command("web", port=self.port)
        asked[asked.index("--workers") + 1] = "1"
        self._start(asked)
        wait_until(self._answers, 60, "the site answers", every=0.2)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def take_in(self, papers: Path = SAMPLE) -> None:
        """A catalogue with topics and an index."""
        self.manage("load_topics")
        self.manage("import_papers", str(papers))
        self.manage("classify")
        self.manage("index")

    def token(self, scope: str) -> str:
        return str(self.python(f"SCOPE = {scope!r}\n{READER}"))


def called(program: str, *arguments: str) -> list[str]:
    """How a program that came with a package is called."""
    found = shutil.which(program, path=str(Path(sys.executable).parent))
    assert found is not None, program
    return [found, *arguments]
