"""What was mailed is kept: a paper in somebody's digest cannot be deleted any more, only hidden."""

from collections.abc import Iterable

from digest.models import MailedPaper
from papersite.catalogue.models import Paper


def keep(papers: set[int]) -> None:
    """Marks papers that stand in digests. One that is gone all the same is passed over."""
    known = set(MailedPaper.objects.filter(pk__in=papers).values_list("pk", flat=True)) if papers else set()
    if missing := papers - known:
        MailedPaper.objects.bulk_create([MailedPaper(pk=pk) for pk in _there(missing)], ignore_conflicts=True)


def keep_folded(papers: set[int]) -> None:
    """Marks papers that stand in folded months."""
    known = MailedPaper.objects.filter(pk__in=papers, is_folded=True).values_list("pk", flat=True)
    if missing := papers - set(known):
        MailedPaper.objects.bulk_create(
            [MailedPaper(pk=pk, is_folded=True) for pk in _there(missing)],
            update_conflicts=True,
            unique_fields=["paper"],
            update_fields=["is_folded"],
        )


def _there(papers: set[int]) -> Iterable[int]:
    """In the order of their numbers, so that two processes never wait for each other."""
    return Paper.objects.filter(pk__in=papers).order_by("pk").values_list("pk", flat=True)
