"""Papers, and who wrote them."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.safestring import mark_safe

from papersite.catalogue.calendar import day_bounds, month_before
from papersite.catalogue.models.addresses import address
from papersite.catalogue.models.subjects import Category, Topic
from papersite.catalogue.models.tallies import EVER, Tally
from papersite.catalogue.reading import excerpts
from papersite.catalogue.sources.text import arxiv_id, month_of
from papersite.catalogue.trending import MOST_PROMISE


class Author(models.Model):
    """A name on papers. Two people of one name are one author here: sources tell no more."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, unique=True, editable=False, help_text="The name without case and accents.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("catalogue:author_detail", self.pk)


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible(self) -> "PaperQuerySet":
        return self.filter(is_hidden=False)

    def trending(self) -> "PaperQuerySet":
        """Hottest first; served by the index ``paper_by_heat``."""
        return self.visible().order_by("-heat", "-pk")

    def named(self, public_id: str) -> "PaperQuerySet":
        """The paper of what stands in its address; a row's number finds it always."""
        if public_id.startswith("p") and public_id[1:].isascii() and public_id[1:].isdigit():
            return self.filter(pk=int(public_id[1:]))
        return self.filter(arxiv_id=public_id)

    def announced_on(self, day: date) -> "PaperQuerySet":
        """Those of one day in UTC; served by the index ``paper_by_announcement``."""
        return self.announced_between(*day_bounds(day))

    def announced_between(self, start: datetime, end: datetime) -> "PaperQuerySet":
        return self.filter(announced_at__gte=start, announced_at__lt=end)

    def in_topic(self, topic: "Topic") -> "PaperQuerySet":
        return self.filter(paper_topics__topic=topic, paper_topics__belongs=True)

    def in_category(self, category: "Category") -> "PaperQuerySet":
        return self.filter(categories=category)

    def by_author(self, author: "Author") -> "PaperQuerySet":
        return self.filter(authorships__author=author)

    def pending(self) -> "PaperQuerySet":
        """Those that changed since they were last sorted; served by the index ``paper_to_be_sorted``."""
        return self.filter(needs_sorting=True)

    def for_cards(self) -> "PaperQuerySet":
        """With everything a paper card shows, in a fixed number of queries."""
        ever = Tally.objects.filter(kind=Tally.Kind.TOPIC, target=OuterRef("topic"), day=EVER).order_by()
        size = Coalesce(Subquery(ever.values("target").annotate(total=Sum("amount")).values("total")), 0)
        belongs = PaperTopic.objects.filter(belongs=True).select_related("topic")
        # The narrowest topic tells most of a paper.
        told = belongs.order_by("topic__is_catch_all", size, "topic__name")
        return self.select_related("primary_category").prefetch_related(
            Prefetch("authorships", Authorship.objects.select_related("author").order_by("position")),
            Prefetch("paper_topics", told, to_attr="shown_topics"),
        )


# Of what is read from a source's words.
_READ: Any = {"default": "", "db_default": "", "blank": True, "editable": False}


class Paper(models.Model):
    """One paper, in all its versions."""

    arxiv_id = models.CharField("arXiv id", max_length=20, blank=True, help_text="Without version, such as 2605.29801.")
    content_key = models.CharField(
        max_length=64, editable=False, help_text="Recognises a paper that has no identifier."
    )
    title = models.CharField(max_length=1000)
    abstract = models.TextField(blank=True)
    source_title = models.TextField(**_READ, help_text="As its source wrote it; empty where that is the title.")
    source_abstract = models.TextField(**_READ, help_text="The same.")
    source_comments = models.TextField(**_READ, help_text="The same.")
    title_html = models.TextField(**_READ, help_text="For pages; empty where the title is plain text.")
    abstract_html = models.TextField(**_READ, help_text="The same.")
    excerpt = models.TextField(**_READ, help_text="What cards and mails say of it.")
    excerpt_html = models.TextField(**_READ, help_text="The same, for pages.")
    read_with = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="Which reader read its texts, by its number."
    )
    summary = models.TextField(
        blank=True, help_text="Two or three sentences; mails and lists prefer it to the abstract."
    )
    summary_by = models.CharField(max_length=80, blank=True, help_text="Who or which model wrote the summary.")
    keywords = models.JSONField(
        default=list, blank=True, editable=False, help_text="Of whom or what wrote the summary."
    )
    comment = models.TextField(blank=True, help_text="The authors' own remark, such as pages and venue.")
    journal_ref = models.CharField("journal reference", max_length=500, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True, help_text="Of the published version.")
    organisation = models.CharField(max_length=120, blank=True)
    code_url = models.URLField("code", max_length=500, blank=True)
    project_url = models.URLField("project page", max_length=500, blank=True)
    authors = models.ManyToManyField(Author, through="Authorship", related_name="papers")
    has_more_authors = models.BooleanField(
        default=False, db_default=False, editable=False,
        help_text="Its source names some and says that there are others.",
    )  # fmt: skip
    categories = models.ManyToManyField(Category, through="PaperCategory", blank=True, related_name="papers")
    primary_category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="primary_papers"
    )
    topics = models.ManyToManyField(Topic, through="PaperTopic", related_name="papers")
    sources = models.JSONField(default=list, editable=False, help_text="Where it is known from, such as arxiv.")
    versions = models.JSONField(default=list, editable=False, help_text="Pairs of a version's number and its moment.")
    is_withdrawn = models.BooleanField(
        "withdrawn", default=False, help_text="By its authors or its source: it stays, marked, and is in no mail."
    )

    submitted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the first version was submitted, if known."
    )
    announced_at = models.DateTimeField(
        default=timezone.now, help_text="When its source published it: age counts from here."
    )
    observed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="How fresh the newest source record is."
    )
    arxiv_observed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The same, of arXiv, whose words on a paper outrank others'."
    )
    revised_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its title, abstract or version last changed, if any did."
    )
    added_at = models.DateTimeField(auto_now_add=True, help_text="When this site first saw it.")

    vote_count = models.PositiveIntegerField("votes here", default=0, editable=False)
    hf_upvotes = models.PositiveIntegerField("upvotes on Hugging Face", null=True, blank=True)
    hf_comments = models.PositiveIntegerField("comments on Hugging Face", null=True, blank=True)
    github_stars = models.PositiveIntegerField("stars on GitHub", null=True, blank=True)
    github_week = models.PositiveIntegerField("stars on GitHub in seven days", null=True, blank=True)
    boost = models.FloatField(
        default=0, help_text="Hours a curator adds to or takes from its place. 24 is one day newer."
    )
    promise = models.FloatField(
        null=True, blank=True, editable=False,
        help_text="Doublings of its chance to be wanted, as learned; empty where nobody asked.",
    )  # fmt: skip
    promise_why = models.CharField(max_length=200, **_READ, help_text="What speaks for it.")
    heat = models.FloatField(default=0, editable=False, help_text="Its place in trending; higher is hotter.")
    curated = models.JSONField(
        default=list, editable=False, help_text="The fields a curator wrote: no source changes these any more."
    )
    is_hidden = models.BooleanField("hidden", default=False, help_text="Hidden papers are on no page and in no mail.")
    needs_sorting = models.BooleanField(
        default=True, editable=False, help_text="It changed since it was last matched with the topics."
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-heat", "-pk"]
        indexes = [
            models.Index(F("heat").desc(), F("id").desc(), name="paper_by_heat", condition=Q(is_hidden=False)),
            models.Index(fields=["announced_at"], name="paper_by_announcement"),
            # All that a day's order takes, without reading a paper.
            models.Index(fields=["announced_at", "heat", "id"], name="paper_by_day", condition=Q(is_hidden=False)),
            models.Index(fields=["added_at"], name="paper_by_arrival"),
            # The few of each month that changed since they were announced.
            models.Index("announced_at", "revised_at", name="paper_revised", condition=Q(revised_at__isnull=False)),
            models.Index(fields=["content_key"], name="paper_by_content_key"),
            models.Index(fields=["id"], name="paper_to_be_sorted", condition=Q(needs_sorting=True)),
            # Without conditions: SQLite cannot tell that a value it is asked for is not empty.
            models.Index(fields=["code_url"], name="paper_by_code"),
            models.Index(fields=["arxiv_id"], name="paper_by_arxiv_id"),
            models.Index(Lower("doi"), name="paper_by_doi"),
            models.Index(fields=["id"], name="paper_hidden", condition=Q(is_hidden=True)),
            models.Index(fields=["id"], name="paper_withdrawn", condition=Q(is_withdrawn=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["arxiv_id"], condition=~Q(arxiv_id=""), name="paper_once_per_arxiv_id"),
            models.UniqueConstraint(
                fields=["content_key"], condition=Q(arxiv_id=""), name="paper_once_per_content_without_id"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="paper_has_a_title"),
            models.CheckConstraint(
                condition=Q(promise__isnull=True) | Q(promise__gte=0, promise__lte=MOST_PROMISE),
                name="paper_promise_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        """What stands in its address: the arXiv id, or ``p`` and the row's number."""
        return self.arxiv_id or f"p{self.pk}"

    def get_absolute_url(self) -> str:
        return address("catalogue:paper_detail", self.public_id)

    @property
    def from_month(self) -> date | None:
        """Of a paper that was listed long after it came out, the month that it is from: what its arXiv id says, which
        outranks the day that a list tells of, or else the day on which it was submitted."""
        if arxiv_id(self.arxiv_id):
            told = month_of(self.arxiv_id)
        elif self.submitted_at is not None:
            told = self.submitted_at.astimezone(UTC).date()
        else:
            return None
        return month_before(self.announced_at.astimezone(UTC), told)

    @property
    def changed_at(self) -> datetime:
        """When what it says last changed. It never goes back, and no vote, signal or summary moves it."""
        return max(self.announced_at, self.revised_at) if self.revised_at else self.announced_at

    @property
    def shown_title(self) -> str:
        """For pages: markup where its source has any."""
        return mark_safe(self.title_html) if self.title_html else self.title  # noqa: S308  written by sources.tex alone

    @property
    def shown_abstract(self) -> str:
        return mark_safe(self.abstract_html) if self.abstract_html else self.abstract  # noqa: S308  the same

    @property
    def shown_excerpt(self) -> str:
        return mark_safe(self.excerpt_html) if self.excerpt_html else self.brief  # noqa: S308  the same

    @property
    def brief(self) -> str:
        """What cards and mails say of it, as text."""
        return self.excerpt or (excerpts.leading(self.summary) if self.summary else excerpts.chosen(self.abstract))

    @property
    def arxiv_url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv_id}" if self.arxiv_id else ""

    @property
    def pdf_url(self) -> str:
        return f"https://arxiv.org/pdf/{self.arxiv_id}" if self.arxiv_id else ""

    @property
    def hf_url(self) -> str:
        return f"https://huggingface.co/papers/{self.arxiv_id}" if self.hf_upvotes is not None else ""

    @property
    def doi_url(self) -> str:
        return f"https://doi.org/{quote(self.doi)}" if self.doi else ""


class Authorship(models.Model):
    """An author's place on a paper."""

    # Found by what begins with them below: an index of each key's own would be one more to write for each author.
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="authorships", db_index=False)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="authorships", db_index=False)
    position = models.PositiveSmallIntegerField()
    announced_at = models.DateTimeField(null=True, editable=False, help_text="The paper's; the database keeps it.")

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index("author", F("announced_at").desc(), F("paper").desc(), name="author_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="authorship_one_author_per_position"),
            models.UniqueConstraint(fields=["paper", "author"], name="authorship_once_per_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author}, {self.position + 1}"


class PaperCategory(models.Model):
    """That a paper is of a category."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE)
    category = models.ForeignKey(Category, on_delete=models.CASCADE)
    heat = models.FloatField(default=0, db_default=0, editable=False, help_text="The paper's; the database keeps it.")
    announced_at = models.DateTimeField(null=True, editable=False, help_text="The same.")

    class Meta:
        db_table = "catalogue_paper_categories"
        # As the table had it before the model got a name.
        unique_together = [("paper", "category")]
        indexes = [
            models.Index("category", F("heat").desc(), F("paper").desc(), name="category_by_heat"),
            # Without those that the database is about to date: SQLite would take each in twice.
            models.Index(
                "category", F("announced_at").desc(), F("paper").desc(), name="category_by_date",
                condition=Q(announced_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.category}"


class PaperTopic(models.Model):
    """That a paper belongs to a topic, or that a curator says it does not."""

    class Origin(models.TextChoices):
        SEARCH = "search", "the topic's search"
        SOURCE = "source", "the file it came from"
        CURATOR = "curator", "a curator"

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="paper_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="paper_topics")
    origin = models.CharField("decided by", max_length=10, choices=Origin, default=Origin.CURATOR)
    belongs = models.BooleanField(
        default=True, help_text="Untick to keep the paper out, whatever the topic's search says."
    )
    why = models.CharField(max_length=200, blank=True, help_text="What in the paper matched.")
    heat = models.FloatField(default=0, db_default=0, editable=False, help_text="The paper's; the database keeps it.")
    announced_at = models.DateTimeField(null=True, editable=False, help_text="The same.")

    class Meta:
        ordering = ["topic__name"]
        indexes = [
            models.Index("topic", F("heat").desc(), F("paper").desc(), name="topic_by_heat", condition=Q(belongs=True)),
            models.Index(
                "topic", F("announced_at").desc(), F("paper").desc(), name="topic_by_date",
                condition=Q(belongs=True, announced_at__isnull=False),
            ),
            models.Index(fields=["id"], name="papertopic_by_curators", condition=Q(origin="curator")),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["paper", "topic"], name="paper_once_per_topic"),
            models.CheckConstraint(
                condition=Q(belongs=True) | Q(origin="curator"), name="only_a_curator_keeps_a_paper_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}" if self.belongs else f"not {self.topic}"
