"""Mails rendered from shared pieces: the same bytes, to the last, as the slow way makes."""

from dataclasses import dataclass, field
from email import policy
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digest import tokens
from digest.composing.compiled import DigestRenderer
from digest.composing.digest_mail import Cards, compose
from digest.models import EditionRevision
from digest.types import Choice, Claim
from papersite.catalogue.models import Authorship, Paper
from tests.factories import NOW, AuthorFactory, EditionFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

TRENDING = ("trending", "Trending overall")


def said(**words: str) -> EditionRevision:
    return EditionFactory.create(**words).revisions.get()


@dataclass
class Mail:
    papers: list[Paper]
    reasons: tuple[tuple[str, str], ...] = (TRENDING,)
    address: str = "reader@example.org"
    number: int = 1
    edition: EditionRevision | None = None
    wants_news: bool = False
    cards: Cards = field(default_factory=Cards)
    key: UUID | None = field(default_factory=uuid4)

    @property
    def claim(self) -> Claim:
        return Claim(
            self.number,
            NOW.date(),
            1,
            NOW,
            self.address,
            10,
            assembled_at=NOW,
            token=tokens.make(self.number, self.key),
            message_id=tokens.message_id(self.number, NOW.date(), self.key),
            wants_news=self.wants_news,
        )

    @property
    def choices(self) -> list[Choice]:
        return [Choice(paper.pk, self.reasons) for paper in self.papers]

    def slow(self) -> bytes:
        self.cards.load({paper.pk for paper in self.papers})
        message = compose(self.claim, self.choices, self.cards, self.edition)
        return message.message(policy=policy.SMTP).as_bytes()

    def fast(self) -> bytes | None:
        self.cards.load({paper.pk for paper in self.papers})
        return DigestRenderer(self.cards).mail(self.claim, self.choices, self.edition)


def full(title: str = "Graphs that learn", **fields: Any) -> Paper:
    return PaperFactory.create(
        title=title,
        arxiv_id="2611.01234",
        summary="A short summary of it.",
        code_url="https://github.com/example/graphs?a=1&b=2",
        by=[AuthorFactory.create() for _ in range(8)],
        in_topics=TopicFactory.create_batch(6),
        **fields,
    )


def crowded(late: str = "Zoë <Last>") -> Paper:
    """By many, in many topics."""
    return PaperFactory.create(
        by=[*AuthorFactory.create_batch(8), AuthorFactory.create(name="Yan B."), AuthorFactory.create(name=late)],
        in_topics=[*TopicFactory.create_batch(6), TopicFactory.create(name="Last & least")],
    )


# What people and sources can write, control characters and all.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=120)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, abstract=WORDS, label=WORDS)
@example(title="\r", abstract="\r\n.\r", label="\r")
def test_mail_is_the_same_bytes_whatever_people_write_and_no_header_grows(
    title: str, abstract: str, label: str
) -> None:
    paper = PaperFactory.build(pk=7, title=title, abstract=abstract, arxiv_id="2611.01234")
    paper.__dict__["_prefetched_objects_cache"] = {"authorships": Authorship.objects.none()}
    paper.__dict__["shown_topics"] = []
    mail = Mail([paper], reasons=(("topic", label), ("like", label)))
    mail.cards.papers[7] = paper

    rendered = mail.fast()

    if rendered is not None:
        assert rendered == mail.slow()
        assert b"\r\n." not in rendered
    head = mail.slow().partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert names == NAMES


NAMES = [
    b"MIME-Version", b"Content-Type", b"Subject", b"From", b"To", b"Auto-Submitted", b"X-Auto-Response-Suppress",
    b"Date", b"Message-ID", b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Feedback-ID",
]  # fmt: skip
VARIANTS = {
    "one plain paper": lambda: Mail([PaperFactory.create()]),
    "ten papers": lambda: Mail(PaperFactory.create_batch(10)),
    "all of a paper": lambda: Mail([full()]),
    "without an abstract": lambda: Mail([PaperFactory.create(abstract="")]),
    "markup": lambda: Mail([full('<b>"A" & \'B\'</b> &amp; <!-- --> </title>', abstract="x < y && z > 1 &nbsp;")]),
    "other alphabets": lambda: Mail([full("Évaluation 图神经 \u00a0— ε-greedy"), PaperFactory.create(title="Ωm")]),
    "only the subject beyond ascii": lambda: Mail([PaperFactory.create(title="Überall")]),
    "a long title": lambda: Mail([PaperFactory.create(title="A very long title " * 20), *PaperFactory.create_batch(2)]),
    "a long abstract": lambda: Mail(PaperFactory.create_batch(3, abstract="sentence of words " * 300)),
    "line ends of every kind": lambda: Mail([PaperFactory.create(abstract="one\rtwo\r\nthree\n\nfour\x0bfive\x85six")]),
    "several reasons": lambda: Mail([full()], reasons=(("topic", "A & <b>"), ("author", "“B”"), ("search", "it's"))),
    "a pick": lambda: Mail([full()], reasons=(("pick", "Read this one."), TRENDING)),
    "a note with a link": lambda: Mail(
        [full()], (("pick", "Read *this* & [that](https://a.org/?b=1&c=2) <b>é</b>"), TRENDING)
    ),
    "a note of several lines": lambda: Mail(
        [full(), PaperFactory.create()],
        (("pick", f"{'Read this one. ' * 9}[é](https://a.org)"), TRENDING, ("like", "A paper")),
    ),
    "a note with a link, and an opinion": lambda: Mail(
        [full()], (("pick", "See <https://a.org>"), TRENDING, ("like", "A paper & more"))
    ),
    "markdown of the curator": lambda: Mail(
        [full()], edition=said(intro="A **day**, [see](https://a.org)\n\n- one\n- two > 1\n\n> é")
    ),
    "words of the curator": lambda: Mail([full()], edition=said(intro="A day.\nAnd <b>é</b>.")),
    "news of the site": lambda: Mail([full()], edition=said(site_news="It\nis <é>."), wants_news=True),
    "news that nobody wants": lambda: Mail([full()], edition=said(site_news="News.")),
    "like another paper": lambda: Mail([full()], reasons=(TRENDING, ("like", "“A” & <b>"))),
    "another on the same thing": lambda: Mail([full()], (("topic", "A & B"), ("also", "2611.01235 “A” & <b> é"))),
    "three others, and only trending": lambda: Mail(
        [full(), PaperFactory.create()],
        (TRENDING, *(("also", f"math/060100{n} {'A title of it ' * 5}") for n in (1, 2, 3))),
    ),
    "others whose titles are long in bytes": lambda: Mail([full()], (TRENDING, *[("also", f"p7 {'图神经' * 22}")] * 3)),
    "others, an opinion and a note": lambda: Mail(
        [full()], (("pick", "See <https://a.org>"), ("like", "A paper"), ("also", "p7 .a dot"))
    ),
    "a topic that is followed and would not be named": lambda: Mail([full(), crowded()], (("topic", "Last & least"),)),
    "authors who are followed and stand late": lambda: Mail(
        [crowded(), full()], (("author", "Zoë <Last>"), ("author", "Yan B."), ("like", "A paper"))
    ),
    "a followed author of a long name": lambda: Mail([crowded(late="x" * 200)], (("author", "x" * 200),)),
    "an old arXiv id": lambda: Mail([PaperFactory.create(arxiv_id="math/0601001")]),
    "a long address": lambda: Mail([full()], address=f"{'a' * 60}@{'b' * 60}.example.org"),
    "an address with a plus": lambda: Mail([full()], address="reader+papers@example.org"),
    "an address that needs quotes": lambda: Mail([full()], address='"a b"@example.org'),
    "a large number": lambda: Mail([full()], number=9_876_543_210),
    "thirty papers": lambda: Mail(PaperFactory.create_batch(30)),
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_mail_is_the_same_bytes_as_the_slow_way_makes(variant: str) -> None:
    mail = VARIANTS[variant]()

    assert mail.fast() == mail.slow()


@pytest.mark.parametrize(
    "settings_of",
    [
        {"SITE_URL": f"https://{'a' * 60}.{'b' * 60}.example.org"},
        {"SITE_NAME": "Les “papiers” d'été & <co>", "MAIL_FROM": "Été <digest@papers.example.org>"},
        {"MAIL_POSTAL_ADDRESS": ""},
        {"MAIL_DOMAIN": f"{'d' * 60}.example.org"},
    ],
)
def test_mail_is_the_same_under_other_settings(settings: Any, settings_of: dict[str, str]) -> None:
    for name, value in settings_of.items():
        setattr(settings, name, value)
    mail = Mail([full(), PaperFactory.create()])

    assert mail.fast() == mail.slow()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Mail([PaperFactory.create(abstract="é" * 900)]),
        lambda: Mail([PaperFactory.create()], reasons=tuple(("search", "s" * 300) for _ in range(5))),
        lambda: Mail([PaperFactory.create()], edition=said(intro="i" * 2000)),
        lambda: Mail([PaperFactory.create(title=".hidden", abstract=".\n..\n. x")]),
        lambda: Mail([PaperFactory.create()], edition=said(intro="One.\n.two")),
        lambda: Mail([PaperFactory.create()], reasons=(("search", "one\n.two"),)),
    ],
)
def test_mail_leaves_to_the_slow_way_what_must_be_encoded_or_stuffed(make: Any) -> None:
    mail = make()

    assert mail.fast() is None
    assert max(map(len, mail.slow().splitlines())) < 998


def test_mails_of_readers_who_want_news_and_of_those_who_do_not_share_a_press_and_nothing_else() -> None:
    edition = said(site_news="A new feed.")
    papers = [full()]
    mails = [Mail(papers, number=number, edition=edition, wants_news=number == 2) for number in (1, 2, 3)]
    cards = Cards()
    cards.load({paper.pk for paper in papers})
    renderer = DigestRenderer(cards)

    rendered = [renderer.mail(mail.claim, mail.choices, edition) for mail in mails]

    assert rendered == [mail.slow() for mail in mails]
    assert [b"A new feed." in (mail or b"") for mail in rendered] == [False, True, False]
    assert all(one.claim.token.encode() in (mail or b"") for one, mail in zip(mails, rendered, strict=True))
