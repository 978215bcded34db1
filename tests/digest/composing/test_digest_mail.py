"""The mail itself: both bodies, its headers, and nothing in it that a title could break."""

import email
import re
from email import policy
from typing import Any

import pytest

from digest.composing.digest_mail import HTML_CARD, HTML_LIMIT, TOKEN, Cards, compose
from digest.models import Delivery, Subscription
from digest.types import Choice
from papersite.catalogue.models import Paper
from tests.digest.claims import claim_of
from tests.factories import NOW, AuthorFactory, DeliveryFactory, EditionFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def delivery_of(
    subscription: Subscription, *papers: Paper, reasons: Any = (("trending", "Trending overall"),)
) -> Delivery:
    delivery = DeliveryFactory.create(subscription=subscription, assembled_at=NOW)
    for position, paper in enumerate(papers):
        delivery.items.create(
            subscription=subscription, paper=paper, position=position, reasons=[list(r) for r in reasons]
        )
    return delivery


def choices_of(delivery: Delivery) -> list[Choice]:
    return [Choice(item.paper_id, tuple((a, b) for a, b in item.reasons)) for item in delivery.items.all()]


def cards_of(choices: list[Choice]) -> Cards:
    cards = Cards()
    cards.load({choice.paper_id for choice in choices})
    return cards


def message_of(delivery: Delivery, edition: Any = None) -> Any:
    choices = choices_of(delivery)
    return compose(claim_of(delivery), choices, cards_of(choices), edition)


def mail_of(delivery: Delivery, edition: Any = None) -> Any:
    """The mail as a mail program reads it."""
    message = message_of(delivery, edition)
    return email.message_from_bytes(message.message(policy=policy.SMTP).as_bytes(), policy=policy.default)


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def html_of(mail: Any) -> str:
    return str(mail.get_body(("html",)).get_content())


def full_paper() -> Paper:
    return PaperFactory.create(
        title="Graphs that learn",
        arxiv_id="2611.01234",
        summary="A short summary of it.",
        abstract="A long abstract.",
        code_url="https://github.com/example/graphs",
        by=[AuthorFactory.create(name="Ada Byron"), AuthorFactory.create(name="Bo Diaz")],
        in_topics=[TopicFactory.create(name="Graph learning")],
    )


@pytest.mark.parametrize("body_of", [text_of, html_of])
def test_compose_shows_all_of_a_paper_in_both_bodies(subscription: Subscription, body_of: Any) -> None:
    paper = full_paper()

    body = body_of(mail_of(delivery_of(subscription, paper, reasons=[("topic", "Graph learning")])))

    for shown in (
        "Graphs that learn",
        "Ada Byron, Bo Diaz",
        "A short summary of it.",
        "You follow Graph learning",
        "https://papers.example.org/papers/2611.01234/",
        "https://arxiv.org/pdf/2611.01234",
        "https://github.com/example/graphs",
        "1 Example Street, Exampleton",
    ):
        assert shown in body
    assert "A long abstract." not in body


def crowd() -> Paper:
    names = ["Ada Byron", "Bo Diaz", "Cy Young", "Di Wu", "Ed Lee", "Flo Ray", "Gus Orr", "Hal Kim", "Ida May", "Jo Ng"]
    topics = ("Agents", "Benchmarks", "Code", "Documents", "Vision")
    return PaperFactory.create(
        by=[AuthorFactory.create(name=name) for name in names], in_topics=[TopicFactory.create(name=n) for n in topics]
    )


@pytest.mark.parametrize(
    ("reasons", "byline"),
    [
        ([("topic", "Vision")], "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray and 4 more"),
        ([("author", "Bo Diaz")], "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray and 4 more"),
        ([("author", "Gus Orr")], "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray, Gus Orr and 3 more"),
        (
            [("author", "Jo Ng"), ("author", "Ida May")],
            "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray, …, Ida May, Jo Ng and 2 more",
        ),
        ([("name", "Jo Ng")], "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray, …, Jo Ng and 3 more"),
        (
            [("author", "Gus Orr"), ("author", "Hal Kim"), ("author", "Jo Ng")],
            "Ada Byron, Bo Diaz, Cy Young, Di Wu, Ed Lee, Flo Ray, Gus Orr, Hal Kim, Ida May, Jo Ng",
        ),
    ],
)
def test_compose_names_every_author_whom_the_reader_follows(
    subscription: Subscription, reasons: Any, byline: str
) -> None:
    mail = mail_of(delivery_of(subscription, crowd(), reasons=reasons))

    assert byline in text_of(mail).splitlines()
    assert f">{byline}<" in html_of(mail)


@pytest.mark.parametrize(
    ("followed", "line"),
    [
        ([], "Agents, Benchmarks, Code, Documents"),
        (["Vision"], "Vision, Agents, Benchmarks, Code"),
        (["Agents", "Vision"], "Agents, Vision, Benchmarks, Code"),
        (["Agents", "Benchmarks", "Code", "Documents", "Vision"], "Agents, Benchmarks, Code, Documents, Vision"),
    ],
)
def test_compose_names_the_topics_that_the_reader_follows_first(
    subscription: Subscription, followed: list[str], line: str
) -> None:
    reasons = [("topic", name) for name in followed] or [("trending", "Trending overall")]

    mail = mail_of(delivery_of(subscription, crowd(), reasons=reasons))

    assert f"In: {line}" in text_of(mail).splitlines()
    assert line.split(", ") == re.findall(r'<a class="quiet" href="[^"]*/topics/[^"]*"[^>]*>([^<]*)</a>', html_of(mail))


def test_compose_says_of_an_old_paper_when_it_is_from(subscription: Subscription) -> None:
    old, new = PaperFactory.create(arxiv_id="2503.01234"), PaperFactory.create(arxiv_id="2611.01234")

    mail = mail_of(delivery_of(subscription, old, new))

    for body in (text_of(mail), html_of(mail).replace("&nbsp;", "\xa0")):
        assert body.count("from\xa0March\xa02025, listed\xa023\xa0Nov") == 1
        assert body.count("23\xa0Nov") == 2


def test_compose_names_the_first_paper_in_the_subject(subscription: Subscription) -> None:
    papers = [PaperFactory.create(title="The first one"), PaperFactory.create(), PaperFactory.create()]
    delivery = delivery_of(subscription, *papers)

    claim, choices = claim_of(delivery), choices_of(delivery)
    message = compose(claim, choices, cards_of(choices), None)

    assert message.subject == "The first one and 2 more"
    assert claim.subject == "The first one and 2 more"


def test_compose_keeps_the_subject_short(subscription: Subscription) -> None:
    papers = [PaperFactory.create(title="A very long title " * 20), *PaperFactory.create_batch(9)]

    assert len(mail_of(delivery_of(subscription, *papers))["Subject"]) <= 60


def test_compose_writes_the_headers_that_providers_ask_for(subscription: Subscription) -> None:
    delivery = delivery_of(subscription, full_paper())
    token = delivery.token

    mail = mail_of(delivery)

    assert mail["From"] == "Papersite <digest@papers.example.org>"
    assert mail["To"] == "reader@example.org"
    assert mail["Message-ID"] == delivery.message_id
    assert mail["Date"] == "Mon, 23 Nov 2026 12:00:00 +0000"
    assert mail["List-Id"] == "Papersite daily digest <digest.papers.example.org>"
    assert mail["List-Unsubscribe"] == (
        f"<https://papers.example.org/d/{token}/unsubscribe/>, <mailto:unsub+{token}@papers.example.org>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Feedback-ID"] == "daily:digest:digest:papersexampleor"


@pytest.mark.parametrize("length", [5, 20, 33, 60, 200])
def test_compose_writes_links_in_the_headers_that_every_provider_can_read(
    subscription: Subscription, settings: Any, length: int
) -> None:
    settings.SITE_URL = f"https://{'a' * length}.example.org"
    delivery = delivery_of(subscription, full_paper())

    raw = message_of(delivery).message(policy=policy.SMTP).as_bytes()

    head = raw.partition(b"\r\n\r\n")[0].decode()
    token = delivery.token
    assert f"List-Unsubscribe: <{settings.SITE_URL}/d/{token}/unsubscribe/>,\r\n <mailto:unsub+{token}@" in head
    assert "=?" not in head.partition("List-Unsubscribe:")[2].partition("List-Unsubscribe-Post")[0]
    assert max(map(len, head.splitlines())) < 998


def test_compose_gives_bounces_an_address_of_their_own(subscription: Subscription) -> None:
    delivery = delivery_of(subscription, full_paper())

    message = message_of(delivery)

    assert message.from_email == f"bounces+{delivery.token}@papers.example.org"


def test_compose_is_the_same_mail_at_every_attempt(subscription: Subscription) -> None:
    delivery = delivery_of(subscription, full_paper())

    first, second = mail_of(delivery), mail_of(delivery)

    assert (first["Message-ID"], first["Date"], text_of(first), html_of(first)) == (
        second["Message-ID"],
        second["Date"],
        text_of(second),
        html_of(second),
    )


def test_compose_lets_no_title_into_the_headers_or_the_markup(subscription: Subscription) -> None:
    nasty = PaperFactory.create(title="<script>alert(1)</script>\r\nBcc: victim@example.org", abstract="<b>&amp;</b>")

    mail = mail_of(delivery_of(subscription, nasty))

    assert mail["Bcc"] is None
    assert "<script" not in html_of(mail)
    assert "&lt;script&gt;" in html_of(mail)
    assert "<b>&amp;</b>" in text_of(mail)


def test_compose_carries_the_curators_words(subscription: Subscription) -> None:
    edition = EditionFactory.create(intro="A day of graphs.").revisions.get()
    delivery = delivery_of(subscription, full_paper(), reasons=[("pick", "Read this one.")])

    mail = mail_of(delivery, edition)

    for body in (text_of(mail), html_of(mail)):
        assert "A day of graphs." in body
        assert "Picked by the curator: Read this one." in body


@pytest.mark.parametrize("body_of", [text_of, html_of])
def test_compose_carries_the_news_of_the_site_to_those_who_want_them(subscription: Subscription, body_of: Any) -> None:
    edition = EditionFactory.create(site_news="There are feeds now.").revisions.get()
    delivery = delivery_of(subscription, full_paper())

    assert "There are feeds now." not in body_of(mail_of(delivery, edition))

    subscription.wants_news = True
    assert "There are feeds now." in body_of(mail_of(delivery, edition))


def test_compose_links_each_paper_to_what_its_reader_can_say_of_it(subscription: Subscription) -> None:
    delivery = delivery_of(subscription, full_paper(), PaperFactory.create())
    address = f"https://papers.example.org/d/{delivery.token}/p"

    mail = mail_of(delivery)

    for act in ("more", "less", "save", "mute"):
        assert f'href="{address}/2611.01234/{act}/"' in html_of(mail)
    assert f"More or less like this, save, mute: {address}/2611.01234/" in text_of(mail).splitlines()
    # The other paper has no topic to mute.
    assert html_of(mail).count("/mute/") == 1
    assert TOKEN not in html_of(mail) + text_of(mail)


def test_compose_writes_text_that_is_not_markup_and_lines_that_are_not_too_long(subscription: Subscription) -> None:
    mail = mail_of(delivery_of(subscription, *PaperFactory.create_batch(10, abstract="word " * 200)))

    assert "<" not in text_of(mail)
    assert "&" not in text_of(mail)
    assert max(len(line) for line in text_of(mail).splitlines()) <= 200


def test_compose_stays_below_the_size_that_gmail_cuts(subscription: Subscription) -> None:
    papers = [
        PaperFactory.create(abstract="sentence " * 300, in_topics=TopicFactory.create_batch(5), arxiv_id=f"2611.{n:05}")
        for n in range(30)
    ]

    assert len(html_of(mail_of(delivery_of(subscription, *papers))).encode()) <= HTML_LIMIT


def test_compose_shortens_summaries_where_the_mail_would_be_too_long(subscription: Subscription) -> None:
    papers = [
        PaperFactory.create(
            title=f"{n} " + "长标题" * 90, abstract="图神经网络研究的摘要 " * 60, arxiv_id=f"2611.{n:05}"
        )
        for n in range(30)
    ]

    html = html_of(mail_of(delivery_of(subscription, *papers)))

    assert len(html.encode()) <= HTML_LIMIT
    assert html.count('class="paper"') == 30


def test_cards_are_rendered_once_for_all_readers_and_apart_for_other_reasons(subscription: Subscription) -> None:
    (choice,) = choices_of(delivery_of(subscription, full_paper()))
    cards = cards_of([choice])

    first = cards.card(choice, HTML_CARD)

    assert cards.card(choice, HTML_CARD) is first
    another = Choice(choice.paper_id, (("topic", "Another"),))
    assert "You follow Another" in cards.card(another, HTML_CARD)
    assert "You follow Another" not in first


def test_compose_opens_with_what_a_reader_decides_by(subscription: Subscription) -> None:
    papers = [
        PaperFactory.create(
            title=f"Name {n}: what it is", vote_count=2, hf_upvotes=n, github_stars=340, announced_at=NOW
        )
        for n in range(10)
    ]

    mail = mail_of(delivery_of(subscription, *papers))

    opening = html_of(mail).partition('class="paper"')[0]
    assert opening.count('class="line-title"') == 10
    assert "11&nbsp;votes · 340&nbsp;stars · 23&nbsp;Nov" in opening
    assert "10. Name 9: what it is\n   11\xa0votes · 340\xa0stars · 23\xa0Nov" in "\n".join(text_of(mail).splitlines())


def test_compose_says_once_that_papers_are_trending_and_each_reason_of_a_reader_at_its_paper(
    subscription: Subscription,
) -> None:
    delivery = delivery_of(subscription, *PaperFactory.create_batch(3))
    delivery.items.filter(position=0).update(reasons=[["topic", "Graphs"], ["trending", "Trending overall"]])
    delivery.items.exclude(position=0).update(reasons=[["trending", "Trending overall"]])

    mail = mail_of(delivery)

    for body in (html_of(mail), text_of(mail)):
        assert body.count("You follow Graphs") == 1
        assert "Trending overall" not in body
        assert body.count("it is trending overall") == 1
    assert text_of(mail).count("Why: ") == 1


def test_a_mail_of_ten_is_small(subscription: Subscription) -> None:
    papers = [
        PaperFactory.create(
            abstract="A sentence of quite common words, as papers have. " * 30, arxiv_id=f"2611.{n:05}",
            code_url="https://github.com/example/graphs", in_topics=TopicFactory.create_batch(5),
            by=AuthorFactory.create_batch(8),
        )
        for n in range(10)
    ]  # fmt: skip

    assert len(html_of(mail_of(delivery_of(subscription, *papers))).encode()) < 60_000


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ([[("topic", "Graphs")], [("author", "Ada"), ("author", "Bo")]], ""),
        ([[("topic", "Graphs")], [("trending", "")]], "Where a paper below names no reason, it is trending overall."),
        ([[("trending", "")], [("trending", "")]], "All of them are trending overall."),
    ],
)
def test_that_papers_trend_is_said_where_it_is_so(subscription: Subscription, reasons: Any, said: str) -> None:
    delivery = DeliveryFactory.create(subscription=subscription, assembled_at=NOW)
    for position, each in enumerate(reasons):
        delivery.items.create(
            subscription=subscription, paper=PaperFactory.create(), position=position, reasons=[[*one] for one in each]
        )
    message = mail_of(delivery)

    for written in (text_of(message), html_of(message)):
        body = " ".join(written.split())
        assert said in body
        assert ("trending overall" in body) == bool(said)
    text = text_of(message)
    assert "\n\n\n\n" not in text
    assert ("By Ada and Bo, whom you follow" in text) == (said == "")


@pytest.mark.parametrize(("count", "line"), [(6, "Person 5"), (7, "Person 6"), (8, "Person 5 and 2 more")])
def test_the_last_of_seven_authors_is_named(subscription: Subscription, count: int, line: str) -> None:
    people = [AuthorFactory.create(name=f"Person {number}") for number in range(count)]
    text = text_of(mail_of(delivery_of(subscription, PaperFactory.create(by=people))))

    assert f", {line}\n" in text.replace("\r\n", "\n")
