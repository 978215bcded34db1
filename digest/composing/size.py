"""How long the longest mail of a day may become, asked before anybody gets it."""

from datetime import date, datetime

from digest.composing import digest_mail
from digest.models import MAX_CAP, EditionRevision
from digest.types import Choice, Claim
from papersite.catalogue.models import Paper

# Gmail cuts a mail at 102 kB.
LIMIT = 100_000


def of_longest(day: date, revision: EditionRevision, now: datetime) -> int:
    """Bytes of HTML in a mail with the edition's words, its longest notes and as many papers as any reader gets."""
    notes = {paper_id: note for paper_id, note, _ in revision.picks}
    hottest = Paper.objects.trending().values_list("pk", flat=True)[:MAX_CAP]
    papers = list(dict.fromkeys([*notes, *hottest]))[:MAX_CAP]
    cards = digest_mail.Cards()
    cards.load(set(papers))
    choices = [Choice(one, (("pick", notes.get(one, "")),)) for one in papers if one in cards.papers]
    if not choices:
        return 0
    claim = Claim(0, day, 0, now, "reader@example.org", MAX_CAP, assembled_at=now, wants_news=True)
    claim.token, claim.message_id = digest_mail.TOKEN, "<longest@example.org>"
    message = digest_mail.compose(claim, choices, cards, revision)
    return len(str(message.alternatives[0][0]).encode())
