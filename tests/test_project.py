"""What must hold for the project as a whole."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client

from tests.factories import AuthorFactory, PaperFactory, TopicFactory

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
MAILS = sorted(path for path in (ROOT / "templates" / "emails").iterdir() if not path.name.startswith("_"))
# Wiring, plain records, and what every other test runs through.
WITHOUT_MIRROR = {
    "__init__", "apps", "celery", "context_processors", "models", "records", "types", "urls", "wsgi", "demo",
    "querysets",
}  # fmt: skip


def modules() -> list[Path]:
    found = [
        path.relative_to(ROOT) for name in ("papersite", "accounts", "digest") for path in (ROOT / name).rglob("*.py")
    ]
    declared = {"migrations", "models", "settings"}
    return [path for path in found if declared.isdisjoint(path.parts) and path.stem not in WITHOUT_MIRROR]


@pytest.mark.django_db
def test_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_template_compiles() -> None:
    names = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]

    assert len(names) > 100
    for name in names:
        get_template(name)  # what does not compile names itself


@pytest.mark.parametrize("folder", MAILS, ids=str)
def test_every_mail_has_its_three_files_and_a_subject_of_one_line(folder: Path) -> None:
    assert {"subject.txt", "body.txt", "body.html"} <= {path.name for path in folder.iterdir()}
    assert len((folder / "subject.txt").read_text().strip().splitlines()) == 1


def test_every_module_has_its_tests_in_the_same_place() -> None:
    found = modules()

    assert len(found) > 200
    assert [str(path) for path in found if not (ROOT / "tests" / path.parent / f"test_{path.name}").is_file()] == []


def imports(*packages: str) -> dict[str, set[str]]:
    """Which files of these packages each of them imports: at its top, in a function, or for types alone."""
    files = {path.relative_to(ROOT) for package in packages for path in (ROOT / package).rglob("*.py")}
    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        asked: list[str] = []
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Import):
                asked += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{path} imports by dots"
                asked += [
                    whole if (whole := f"{node.module}.{alias.name}") in names else str(node.module)
                    for alias in node.names
                ]
        found[name] = names.keys() & set(asked)
    return found


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The files of one circle, the first again at its end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


APPS = ["papersite", "accounts", "digest"]


def test_no_files_import_each_other() -> None:
    graph = imports(*APPS)

    assert len(graph) > 100
    assert circle(graph) == []


def test_a_circle_is_found_wherever_an_import_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_project.ROOT", tmp_path)
    (tmp_path / "app" / "models").mkdir(parents=True)
    files = {
        "models/__init__.py": "from app.models.papers import Paper",
        "models/papers.py": "from app import reads",
        "reads.py": "if TYPE_CHECKING:\n    from app.models import Paper",
        "views.py": "def page():\n    import app.models.papers",
    }
    for name, text in files.items():
        (tmp_path / "app" / name).write_text(text)

    assert sorted(set(circle(imports("app")))) == ["app.models", "app.models.papers", "app.reads"]


@pytest.mark.parametrize("app", APPS)
def test_no_file_is_too_long_to_be_read_in_one_go(app: str) -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / app).rglob("*.py")}

    assert {path: length for path, length in lengths.items() if length > 400} == {}


def variables() -> set[str]:
    files = (ROOT / "papersite" / "settings").glob("*.py")
    return {name for file in files for name in re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]*[A-Z])"', file.read_text())}


def test_every_variable_is_in_the_readme_and_the_example() -> None:
    readme, example = (ROOT / "README.md").read_text(), (ROOT / ".env.example").read_text()

    assert len(variables()) > 15
    assert {name for name in variables() if f"`{name}`" not in readme} == set()
    assert {name for name in variables() if f"\n#{name}=" not in example} == set()


# Words of the README's glossary for what is no row: what is done, or what is worked out.
NO_ROWS = {"signal", "heat", "announced", "curator", "picks", "reader", "follows", "claim", "settle",
           "sweep", "promise", "meaning", "vector"}  # fmt: skip


def test_every_word_of_the_glossary_is_a_model_or_known_as_none() -> None:
    models = {model.__name__.lower() for model in apps.get_models()}
    told = (ROOT / "README.md").read_text(encoding="utf-8").split("*Words.*")[1].split("\n\n")[0]
    words = {word.lower() for word in re.findall(r"\*(\w+)\*", told)}

    assert {"delivery", "edition", "harvest", "heartbeat", "persona", "relay", "subscription", "suppression"} <= words
    assert words - models == NO_ROWS


class Inline(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        # JSON between script tags is data, which no policy asks about and no browser runs.
        is_data = ("type", "application/json") in attrs or ("type", "application/ld+json") in attrs
        if tag == "style" or (tag == "script" and "src" not in names and not is_data):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]


# For a stranger, with one paper, one topic and one author there.
PAGES = {
    "/": 200,
    "/?page=2": 404,
    "/?page=x": 404,
    "/papers/2026-11-23/": 200,
    "/papers/2026-02-30/": 404,
    "/papers/week/2026-W47/": 404,
    "/papers/week/2026-W48/": 200,
    "/papers/week/2026-W60/": 404,
    "/papers/month/2026-11/": 200,
    "/papers/2611.00001/": 200,
    "/papers/2611.00002/": 404,
    "/papers/2611.00001/vote/": 405,
    "/papers/2611.00001/save/": 405,
    "/saved/": 302,
    "/saved/undo/": 405,
    "/saved/papers.bib": 302,
    "/saved/feed/forged/": 404,
    "/saved/import/": 302,
    "/saved/import/keep/": 405,
    "/saved/import/forget/": 405,
    "/saved/import/not-found.txt": 302,
    "/saved/1/note/": 405,
    "/saved/1/read/": 405,
    "/saved/1/remove/": 405,
    "/trending/how/": 200,
    "/feed/": 200,
    "/archive/feed/": 200,
    "/trending.bib": 200,
    "/topics.opml": 200,
    "/subscription/follows.opml": 302,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/sitemaps/2026-11/1.xml": 200,
    "/opensearch.xml": 200,
    "/manifest.webmanifest": 200,
    "/favicon.ico": 200,
    "/.well-known/security.txt": 404,
    "/abs/2611.00001": 301,
    "/papers/2611.00001.png": 200,
    "/topics/": 200,
    "/topics/graphs/": 200,
    "/topics/nothing/": 404,
    "/authors/{author}/": 200,
    "/authors/999999/": 404,
    "/archive/": 200,
    "/archive/2026-11-23/": 301,
    "/archive/2026-02-30/": 404,
    "/subscription/": 302,
    "/subscription/start/": 405,
    "/subscription/end/": 405,
    "/subscription/resume/": 405,
    "/papers/2611.00001/cite/": 200,
    "/subscription/sent/2611.00001/": 302,
    "/subscription/feed/forged/": 404,
    "/subscription/less/": 405,
    "/subscription/pause/": 405,
    "/subscription/mail/": 405,
    "/subscription/now/": 405,
    "/subscription/address/": 405,
    "/subscription/follows/": 302,
    "/subscription/follows/add/": 405,
    "/subscription/follows/import/": 302,
    "/subscription/follows/export/": 302,
    "/subscription/for-you/": 302,
    "/subscription/preview/": 302,
    "/subscription/welcome/": 302,
    "/subscription/welcome/schedule/": 302,
    "/subscription/welcome/preview/": 302,
    "/subscription/schedule/": 302,
    "/subscription/opinions/": 302,
    "/subscription/opinions/1/undo/": 405,
    "/d/forged/p/2611.00001/": 404,
    "/d/forged/p/2611.00001/more/": 404,
    "/d/forged/": 404,
    "/d/forged/unsubscribe/": 404,
    "/d/forged/resubscribe/": 405,
    "/d/forged/less/": 405,
    "/accounts/login/": 200,
    "/accounts/login/code/": 200,
    "/accounts/signup/": 200,
    "/accounts/confirm-email/": 200,
    "/accounts/logout/": 302,
    "/accounts/": 302,
    "/accounts/data/": 302,
    "/accounts/data/export/": 302,
    "/accounts/feeds/renew/": 405,
    "/accounts/tokens/": 302,
    "/accounts/tokens/1/revoke/": 405,
    "/accounts/close/": 302,
    "/accounts/goodbye/": 200,
    "/accounts/email/": 302,
    "/accounts/password/set/": 302,
    "/accounts/password/change/": 302,
    "/accounts/password/reset/": 200,
    "/accounts/password/reset/done/": 200,
    "/accounts/password/reset/key/1-forged/": 200,
    "/accounts/reauthenticate/": 302,
    "/accounts/reauthenticate/code/": 302,
    "/accounts/reauthenticate/code/confirm/": 302,
    "/accounts/inactive/": 200,
    "/accounts/2fa/": 302,
    "/accounts/2fa/authenticate/": 302,
    "/accounts/2fa/totp/activate/": 302,
    "/accounts/2fa/webauthn/add/": 302,
    "/accounts/2fa/recovery-codes/": 302,
    "/accounts/3rdparty/": 302,
    "/accounts/3rdparty/signup/": 302,
    "/accounts/3rdparty/login/error/": 401,
    "/accounts/3rdparty/login/cancelled/": 200,
    "/accounts/github/login/": 200,
    "/api/": 200,
    "/api/daily_papers": 200,
    "/api/nowhere": 404,
    "/api/papers/2611.00001": 200,
    "/api/v1/": 404,
    "/api/v1/me": 401,
    "/api/v1/openapi.json": 200,
    "/api/v1/papers": 200,
    "/papers/2611.00001.md": 200,
    "/privacy/": 200,
    "/health/": 200,
    "/health/live/": 200,
    "/health/ready/": 503,  # tests collect no static files
    "/metrics/": 404,
    "/admin/": 302,
    "/outbox/": 404,
    "/nowhere/": 404,
}


@pytest.mark.django_db
@pytest.mark.usefixtures("a_week_later")
@pytest.mark.parametrize("path", PAGES)
def test_every_address_answers_a_stranger_as_declared_under_a_strict_policy(path: str) -> None:
    author = AuthorFactory.create()
    PaperFactory.create(arxiv_id="2611.00001", in_topics=[TopicFactory.create(slug="graphs")], by=[author])

    answer: Any = Client().get(path.format(author=author.pk))

    assert answer.status_code == PAGES[path]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if answer.headers["Content-Type"].startswith("text/html"):
        inline = Inline()
        inline.feed(answer.content.decode())
        assert inline.found == []
        assert "Traceback" not in answer.content.decode()
