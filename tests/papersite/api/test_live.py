"""The programs of others against a whole site: schemathesis, Hugging Face's client, curl as README prints it."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.programs import ROOT, Served, called

pytestmark = [pytest.mark.long, pytest.mark.processes]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With the sample catalogue, and a paper that somebody voted for.

    For all the tests of a process, between which it runs others: to start takes longer than what most of them ask.
    """
    served = Served(tmp_path_factory.mktemp("served"))
    try:
        served.take_in()
        # Before all tests, so that none sees another catalogue than the rest.
        served.python(VOTED)
        served.python(ENRICH)
        served.serve()
        yield served
    finally:
        served.close()


def run(command: list[str], folder: Path, **environment: str) -> str:
    """What a program printed. It has no home of its own, and knows no network but this machine."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_COLOR": "1", **environment}
    done = subprocess.run(command, check=False, cwd=folder, env=environ, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


def test_schemathesis_finds_nothing(site: Served, tmp_path: Path) -> None:
    command = called(
        "schemathesis", "run", f"{site.url}/api/v1/openapi.json", "--header",
        f"Authorization: Bearer {site.token('write')}", "--max-examples", "20", "--generation-deterministic",
        "--continue-on-failure", "--no-shrink", "--phases", "examples,coverage,fuzzing,stateful", "--warnings", "off",
        "--no-color",
    )  # fmt: skip

    told = run(command, tmp_path)

    assert re.search(r"Tested: (\d+)", told), told
    assert "Failures:" not in told
    assert int(re.findall(r"(\d+) generated", told)[0]) > 1000


def hf(site: Served, folder: Path, *arguments: str) -> str:
    return run(called("hf", *arguments), folder, HF_ENDPOINT=site.url, HF_HUB_DISABLE_TELEMETRY="1")


CLIENT = """
import json
import os
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

api = HfApi()
first = next(iter(api.list_daily_papers(limit=1)))
day = first.submitted_at.date().isoformat()
try:
    api.paper_info("2699.99999")
except HfHubHTTPError as error:
    unknown = [error.response.status_code, error.server_message]
one = api.paper_info(os.environ["ENRICHED"])
every = [list(api.list_daily_papers(p=p, limit=100)) for p in range(4)]
again = next(paper for page in every for paper in page if paper.id == one.id)
print(json.dumps({
    "day": [[paper.id, paper.title, paper.upvotes, paper.published_at.isoformat()]
            for paper in api.list_daily_papers(date=day, sort="trending", limit=100)],
    "weeks": len(list(api.list_daily_papers(week=first.submitted_at.strftime("%G-W%V")))),
    "pages": [len(page) for page in every],
    "found": [paper.id for paper in api.list_papers(query="language model", limit=5)],
    "one": [one.id, one.title, one.upvotes, one.summary, [author.name for author in one.authors or []]],
    "extras": [one.ai_summary, one.ai_keywords, one.github_repo, one.github_stars, one.project_page,
               one.organization and one.organization.fullname],
    "again": [again.id, again.title],
    "read": api.read_paper(one.id)[:2],
    "unknown": unknown,
}))
"""


def test_the_official_client_reads_the_site_as_it_reads_its_own(site: Served, tmp_path: Path) -> None:
    enriched = site.python(ENRICH)

    printed = run(
        called("python", "-W", "error", "-c", CLIENT),
        tmp_path,
        HF_ENDPOINT=site.url,
        HF_TOKEN="hf_something",
        ENRICHED=enriched["id"],
    )

    told: dict[str, Any] = json.loads(printed.splitlines()[-1])
    assert told["pages"][:3] == [100, 100, 36]
    assert told["pages"][3] == 0
    assert len(told["day"]) > 0
    assert told["weeks"] > 0
    assert len(told["found"]) == 5
    assert told["again"] == told["one"][:2]
    assert told["one"] == [enriched["id"], enriched["title"], 7, "At length.", ["Ada Lovelace"]]
    assert told["extras"] == ["In short.", ["graphs"], "https://github.com/a/b", 12, "https://a.example/", "A group"]
    assert told["read"] == "# "
    assert told["unknown"] == [404, "Paper not found"]


# One paper gets all that a paper can have; not the one that was voted for.
ENRICH = """
import json
from papersite.catalogue.models import Author, Paper
paper = Paper.objects.exclude(arxiv_id="2611.00042").order_by("-announced_at", "-pk").first()
author, _ = Author.objects.get_or_create(name="Ada Lovelace", key="ada lovelace")
paper.authorships.all().delete()
paper.authorships.create(author=author, position=0)
Paper.objects.filter(pk=paper.pk).update(
    abstract="At length.",
    summary="In short.", summary_by="A model", keywords=["graphs"], code_url="https://github.com/a/b", github_stars=12,
    project_url="https://a.example/", organisation="A group", vote_count=7,
)
print(json.dumps({"id": paper.public_id, "title": paper.title}))
"""


def test_its_command_line_lists_searches_tells_and_reads(site: Served, tmp_path: Path) -> None:
    listed = json.loads(hf(site, tmp_path, "papers", "ls", "--limit", "3", "--format", "json"))
    found = json.loads(hf(site, tmp_path, "papers", "search", "language", "--limit", "2", "--format", "json"))
    told = hf(site, tmp_path, "papers", "info", listed[0]["id"])

    assert (len(listed), len(found)) == (3, 2)
    assert listed[0]["title"] in json.loads(told)["title"]
    assert hf(site, tmp_path, "papers", "read", listed[0]["id"]).startswith("# ")
    with pytest.raises(AssertionError, match="not found"):
        hf(site, tmp_path, "papers", "info", "2699.99999")


def test_a_second_site_reads_the_votes_of_the_first(site: Served, tmp_path: Path) -> None:
    """Papers with ids of arXiv's: others have none that two sites could know them by."""
    first = site.python(VOTED)
    second = Served(tmp_path / "second", HUGGINGFACE_URL=site.url, HARVEST_CONTACT="tests@example.org")
    try:
        printed = second.manage("harvest", "huggingface", "--period", first["day"])
        told = second.python(
            "import json\nfrom papersite.catalogue.models import Paper\n"
            "one = Paper.objects.get(arxiv_id='2611.00042')\n"
            "print(json.dumps([one.title, one.title_html, one.abstract, one.hf_upvotes, one.vote_count,"
            " one.announced_at.isoformat(), [a.name for a in one.authors.all()]]))"
        )
    finally:
        second.close()

    assert told == [*first["paper"][:3], 2, 0, *first["paper"][3:]], printed


VOTED = """
import json
from datetime import UTC, datetime
from accounts.models import User
from papersite.catalogue import ingest, votes
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import SourcePaper

moment = datetime(2026, 11, 20, 1, 2, 3, 4000, tzinfo=UTC)
ingest.run(
    [SourcePaper(place="1", source="arxiv", arxiv_id="2611.00042", title=r"Learning $\\\\alpha$-stable maps",
                 abstract=r"We bound $\\\\ell_2$ norms.", authors=("Zoë Ünal", "Ada Lovelace"), announced_at=moment)],
    source="arxiv",
)
paper = Paper.objects.get(arxiv_id="2611.00042")
for number in range(2):
    reader, _ = User.objects.get_or_create(email=f"voter{number}@example.org")
    votes.cast(paper, reader)
names = [row.author.name for row in paper.authorships.order_by("position").select_related("author")]
print(json.dumps({"day": "2026-11-20",
                  "paper": [paper.title, paper.title_html, paper.abstract, moment.isoformat(), sorted(names)]}))
"""


def printed_commands() -> list[str]:
    """What README prints for programs, a command each."""
    section = (ROOT / "README.md").read_text().partition("## For programs\n")[2].partition("\n## ")[0]
    return [line.strip() for line in section.splitlines() if line.startswith("    ")]


def test_readme_prints_a_command_for_each_thing() -> None:
    commands = printed_commands()

    assert len(commands) >= 8
    assert {shlex.split(command)[0].partition("=")[0] for command in commands} == {
        "curl",
        "HF_ENDPOINT",
        "HUGGINGFACE_URL",
    }


@pytest.mark.parametrize("command", [one for one in printed_commands() if not one.startswith("HUGGINGFACE_URL")])
def test_what_readme_prints_works_as_printed(command: str, site: Served, tmp_path: Path) -> None:
    words = f"{Path(called('hf')[0]).parent}:{os.environ['PATH']}"
    asked = command.replace("http://localhost:8000", site.url).replace("curl ", "curl --fail-with-body -sS ")

    told = run(["bash", "-c", asked], tmp_path, PATH=words, TOKEN=site.token("write"))

    if "schedule" in command or "/api/v1/" in command:
        assert isinstance(json.loads(told), dict)
    elif "daily_papers" in command:
        assert isinstance(json.loads(told), list)
    else:
        assert told.strip()


def test_a_page_of_fifty_is_not_sent_twice(site: Served) -> None:
    with httpx.Client(base_url=site.url) as client:
        first = client.get("/api/v1/papers")
        again = client.get("/api/v1/papers", headers={"If-None-Match": first.headers["ETag"]})

    assert len(first.json()["items"]) == 50
    assert first.headers["Content-Encoding"] == "gzip"
    assert (again.status_code, again.content) == (304, b"")
