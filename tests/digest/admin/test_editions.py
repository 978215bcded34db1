"""A day's edition at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from digest.editions import editing
from digest.models import Edition, EditionRevision
from papersite.catalogue.models import Paper
from tests.conftest import signed_in
from tests.factories import NOW, DeliveryFactory, EditionFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def do(client: Client, edition: Edition, act: str, **typed: Any) -> str:
    url = reverse("admin:digest_edition_do", args=[edition.pk])
    page = client.post(url, {"act": act, "version": edition.version, **typed}, follow=True)
    edition.refresh_from_db()
    return page.content.decode()


def page_of(client: Client, edition: Edition) -> str:
    return client.get(reverse("admin:digest_edition_change", args=[edition.pk])).content.decode()


def test_its_page_lists_candidates_with_what_was_done_to_them(curator_client: Client) -> None:
    edition = EditionFactory.create()
    PaperFactory.create(title="Graphs that learn", hf_upvotes=12)
    PaperFactory.create(title="Sound that sings", is_withdrawn=True)

    page = page_of(curator_client, edition)

    assert "Graphs that learn" in page
    assert "12 upvotes on Hugging Face" in page
    assert page.count('aria-label="Pin ') == 1
    assert "The first mail can leave at 22 November, 10:00 UTC" in page


def test_words_are_written_and_each_save_is_a_revision(curator_client: Client) -> None:
    edition = EditionFactory.create()

    curator_client.post(
        reverse("admin:digest_edition_change", args=[edition.pk]),
        {"intro": "A **day** of graphs.", "site_news": "", "version": edition.version},
    )

    newest = EditionRevision.objects.get(number=2)
    assert (newest.intro, newest.what) == ("A **day** of graphs.", "Wrote the words")
    assert newest.made_by is not None


def test_one_is_begun_from_todays_address(curator_client: Client) -> None:
    answer = curator_client.get(reverse("admin:digest_edition_today"))
    assert answer.headers["Location"].endswith("/add/?day=2026-11-23")

    curator_client.post(answer.headers["Location"], {"day": "2026-11-23", "intro": "Words.", "site_news": ""})

    edition = Edition.objects.get()
    assert (edition.version, edition.revisions.get().intro) == (1, "Words.")
    assert str(edition.pk) in curator_client.get(reverse("admin:digest_edition_today")).headers["Location"]


def test_pin_order_note_not_today_and_approve(curator_client: Client) -> None:
    edition, (one, two, three) = EditionFactory.create(), PaperFactory.create_batch(3)
    for paper in (one, two):
        assert "Picked" in do(curator_client, edition, f"pin {paper.pk}")

    do(
        curator_client, edition, "picks",
        **{f"position_{one.pk}": 2, f"position_{two.pk}": 1, f"note_{two.pk}": "Read *it*.", f"for_all_{two.pk}": "on"},
    )  # fmt: skip
    do(curator_client, edition, f"leave_out {three.pk}")
    do(curator_client, edition, "approve")

    newest = edition.revisions.get(number=edition.version)
    assert newest.picks == [[two.pk, "Read *it*.", True], [one.pk, "", False]]
    assert (newest.left_out, newest.state) == ([three.pk], "approved")
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")][-1] == "Approved"


def test_a_paper_is_hidden_with_a_reason_that_is_kept(curator_client: Client) -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create()

    assert "Say why" in do(curator_client, edition, f"hide {paper.pk}")
    assert not Paper.objects.get().is_hidden
    do(curator_client, edition, f"hide {paper.pk}", **{f"reason_{paper.pk}": "Copied from others."})

    assert Paper.objects.get().is_hidden
    assert LogEntry.objects.filter(object_id=str(paper.pk), change_message="Hidden: Copied from others.").exists()
    assert "hidden or withdrawn" in do(curator_client, edition, f"pin {paper.pk}")


def test_the_second_of_two_curators_is_told_what_changed(curator_client: Client) -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create(title="Graphs")
    editing.change(edition, editing.pin(paper), by=None, now=NOW)

    page = do(curator_client, edition, "approve")

    assert "Picked “Graphs”" in page
    assert edition.state == "draft"
    do(curator_client, edition, "approve")
    assert edition.state == "approved"


@pytest.mark.parametrize("act", ["", "fly", "pin", "pin 99999", "pin x", "unpin -1", "pin " + "9" * 15])
def test_what_is_no_step_is_said_and_does_nothing(curator_client: Client, act: str) -> None:
    edition = EditionFactory.create()

    assert "There is no such step" in do(curator_client, edition, act)
    assert edition.revisions.count() == 1


def test_a_note_that_is_too_long_is_refused(curator_client: Client) -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create()
    do(curator_client, edition, f"pin {paper.pk}")

    assert "at most 300" in do(curator_client, edition, "picks", **{f"note_{paper.pk}": "n" * 301})
    assert edition.picks.get().note == ""


def test_a_day_that_is_over_cannot_be_approved(curator_client: Client) -> None:
    edition = EditionFactory.create(day=NOW.date() - timedelta(days=3))

    assert "over everywhere" in do(curator_client, edition, "approve")
    assert 'value="approve"' not in page_of(curator_client, edition)


def test_while_it_goes_out_the_page_says_how_many_have_left(curator_client: Client) -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create()
    for state in ("sent", "due", "due"):
        DeliveryFactory.create(state=state)

    assert "going out, 1 of 3 mails have left" in page_of(curator_client, edition)
    assert "1 of 3 mails have left; the others get it" in do(curator_client, edition, f"pin {paper.pk}")


def test_earlier_revisions_are_seen_compared_and_restored(curator_client: Client) -> None:
    edition = EditionFactory.create(intro="First words.")
    paper = PaperFactory.create(title="Graphs")
    do(curator_client, edition, f"pin {paper.pk}")

    page = curator_client.get(reverse("admin:digest_edition_revisions", args=[edition.pk])).content.decode()
    assert "<ins>Graphs</ins>" in page
    do(curator_client, edition, "restore 1")

    assert not edition.picks.exists()


@pytest.mark.parametrize("page", ["", "/topics/graphs/", "/search/?q=graphs", "the paper's own"])
def test_a_paper_is_pinned_wherever_a_curator_sees_it(curator_client: Client, page: str, index: Any) -> None:
    paper = PaperFactory.create(title="Graphs", in_topics=[TopicFactory.create(slug="graphs")])
    index()
    there = paper.get_absolute_url() if page == "the paper's own" else page or "/"
    url = reverse("admin:digest_edition_pin", args=[paper.pk])
    found = curator_client.get(there).content.decode()
    assert f'hx-post="{url}"' in found
    assert f'<input type="hidden" name="next" value="{there}">' in found

    answer = curator_client.post(url, {"next": there}, headers={"HX-Request": "true"})

    said = answer.content.decode()
    assert (answer.status_code, said.count("<form"), "Picked “Graphs”." in said) == (200, 0, True)
    assert [pick.paper for pick in Edition.objects.get(day=NOW.date()).picks.all()] == [paper]
    # On the front page it stands among the picks from now on.
    expected = "★ Picked" if there == "/" else "Pinned for today"
    assert expected in curator_client.get(there).content.decode()
    assert "Picked “" not in curator_client.get(there).content.decode()


def test_the_button_says_what_is_wrong_and_stays(curator_client: Client) -> None:
    paper = PaperFactory.create(is_withdrawn=True)

    url = reverse("admin:digest_edition_pin", args=[paper.pk])
    answer = curator_client.post(url, {"next": "https://elsewhere.org/"}, headers={"HX-Request": "true"})

    assert "hidden or withdrawn" in answer.content.decode()
    assert "elsewhere" not in answer.content.decode()
    assert f'hx-post="{url}"' in answer.content.decode()


def test_no_one_else_is_shown_the_button_and_no_shared_page_has_it(
    client: Client, curator_client: Client, reader_client: Client
) -> None:
    paper = PaperFactory.create()
    for one, is_shown in ((client, False), (reader_client, False), (curator_client, True), (client, False)):
        for url in ("/", paper.get_absolute_url()):
            answer = one.get(url)
            assert ("Pin for today" in answer.content.decode()) == is_shown
            assert ("public" in answer.headers["Cache-Control"]) == (one is client)


def test_one_who_has_not_proved_who_they_are_is_led_to_where_they_can(curator: Any) -> None:
    """From a page of the site, by a button that htmx presses."""
    paper, client = PaperFactory.create(), signed_in(curator, method="code")
    url = reverse("admin:digest_edition_pin", args=[paper.pk])

    answer = client.post(
        url, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/?view=compact"}, follow=True
    )

    assert answer.headers["HX-Redirect"] == "/admin/login/?next=%2F%3Fview%3Dcompact"
    assert not Edition.objects.exists()


def test_a_paper_is_pinned_for_today_from_its_page_and_from_the_list(curator_client: Client) -> None:
    one, two = PaperFactory.create_batch(2)
    page = curator_client.get(one.get_absolute_url()).content.decode()
    url = reverse("admin:digest_edition_pin", args=[one.pk])
    assert f'action="{url}"' in page

    answer = curator_client.post(url, {"next": one.get_absolute_url()})
    listed = {"action": "pin_for_today", "_selected_action": [two.pk]}
    curator_client.post(reverse("admin:catalogue_paper_changelist"), listed)

    assert answer.headers["Location"] == one.get_absolute_url()
    edition = Edition.objects.get(day=NOW.date())
    assert [pick.paper for pick in edition.picks.all()] == [one, two]
    for there in ("https://elsewhere.org/", "2026"):
        assert curator_client.post(url, {"next": there}).headers["Location"].endswith("/today/")


def test_what_mails_were_made_from_is_not_deleted(curator_client: Client) -> None:
    edition, other = EditionFactory.create(), EditionFactory.create(day=NOW.date() + timedelta(days=1))
    DeliveryFactory.create(revision=edition.revisions.get())

    for one in (edition, other):
        curator_client.post(reverse("admin:digest_edition_delete", args=[one.pk]), {"post": "yes"})

    assert list(Edition.objects.all()) == [edition]


def test_the_rules_say_when_editions_go(curator_client: Client) -> None:
    curator_client.get(reverse("admin:digest_editionrules_changelist"))
    url = reverse("admin:digest_editionrules_change", args=[1])
    curator_client.post(url, {"needs_approval": "on", "deadline_hours": "2", "picks_a_mail": "2"})
    edition = EditionFactory.create(day=NOW.date() + timedelta(days=2))

    assert "It must be approved by 24 November, 08:00 UTC" in page_of(curator_client, edition)
    assert "more than 2 picks" not in page_of(curator_client, edition)
