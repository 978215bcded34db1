"""With whom an author writes."""

from django.db.models import Count, Max

from papersite.catalogue.models import Author, Authorship

# Of an author's newest papers, and of each those names only that come early: a collaboration of thousands costs
# no more than others.
PAPERS = 50
NAMES = 30
SHOWN = 12


def of(author: Author) -> list[Author]:
    """Those who share most of an author's newest papers, in two queries."""
    own = Authorship.objects.filter(author=author, paper__is_hidden=False).order_by("-paper__announced_at")
    papers = list(own.values_list("paper", flat=True)[:PAPERS])
    beside = Authorship.objects.filter(paper__in=papers, position__lt=NAMES).exclude(author=author).order_by()
    counted = beside.values_list("author", "author__name").annotate(count=Count("pk"), last=Max("paper"))
    return [Author(pk=pk, name=name) for pk, name, *_ in counted.order_by("-count", "-last", "author__name")[:SHOWN]]
