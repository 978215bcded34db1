"""A library brought along: sent, seen, kept, and what it has often followed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.models import Follow, Subscription
from papersite.catalogue.models import BroughtLibrary, SavedPaper
from tests.browser.looking import arrive, check, sign_in
from tests.factories import AuthorFactory, PaperFactory

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A file with three papers of one author that are here, one of them with a note, and one that is not."""
    ada = AuthorFactory.create(name="Ada Byron")
    entries = ["@misc{x, title={A paper that nobody has & will have}}\n"]
    for number in range(3):
        PaperFactory.create(title=f"Folding graphs, part {number}", arxiv_id=f"2611.0000{number}", by=[ada])
        note = "annote={Ask Bo about <i>this</i>.}" if number == 1 else ""
        entries.append(f"@misc{{p{number}, title={{Folding graphs}}, eprint={{2611.0000{number}}}, {note}}}\n")
    file = tmp_path / "library.bib"
    file.write_text("".join(entries))
    return file


def test_a_file_is_seen_before_it_is_kept_and_offers_what_to_follow(
    page: Page, live_server: LiveServer, subscription: Subscription, library: Path
) -> None:
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/saved/")
    page.get_by_role("link", name="Bring").click()
    check(page, "library-asked")

    page.get_by_label("Your library").set_input_files(library)
    page.get_by_role("button", name="Look what is in it").click()
    expect(page.get_by_role("heading", name="3 papers recognised, 1 not found")).to_be_visible()
    expect(page.get_by_text("Ask Bo about this.")).to_be_visible()
    page.get_by_text("Not found here (1)").click()
    expect(page.get_by_text("A paper that nobody has & will have")).to_be_visible()
    check(page, "library-seen")
    assert not SavedPaper.objects.exists()

    page.get_by_role("button", name="Keep these 3 papers").click()
    expect(page.get_by_role("heading", name="3 papers saved")).to_be_visible()
    page.get_by_role("checkbox", name="Ada Byron").check()
    check(page, "library-kept")
    page.get_by_role("button", name="Follow what is ticked").click()
    arrive(page)
    assert [follow.label for follow in Follow.objects.all()] == ["Ada Byron"]

    page.goto(f"{live_server.url}/saved/")
    expect(page.get_by_role("link", name="Folding graphs, part 1")).to_be_visible()
    page.goto(f"{live_server.url}/saved/import/")
    page.get_by_role("button", name="Forget this file").click()
    arrive(page)
    assert not BroughtLibrary.objects.exists()
    assert SavedPaper.objects.count() == 3
