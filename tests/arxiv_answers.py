"""arXiv's answers as a local server gives them: of the daily feeds, the archive and the query API."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape


def feed(built_at: datetime, *entries: str, title: str = "cs updates on arXiv.org") -> str:
    """A daily Atom feed, dated by a midnight in Eastern time."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<title>{escape(title)}</title><updated>{built_at.isoformat()}</updated>{''.join(entries)}</feed>"
    )


def feed_entry(identifier: str, day: datetime, *, kind: str = "new", title: str = "", version: int = 1) -> str:
    return (
        f"<entry><id>oai:arXiv.org:{identifier}v{version}</id><title>{escape(title or f'Paper {identifier}')}</title>"
        f"<updated>{day.isoformat()}</updated><published>{day.isoformat()}</published>"
        f"<summary>arXiv:{identifier}v{version} Announce Type: {kind} \nAbstract: About {identifier}.</summary>"
        '<category term="cs.LG"/><category term="cs.AI"/><category term="68T45"/>'
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        "<dc:creator>Ada Byron, Bo D\\'iaz and Cy Lee</dc:creator></entry>"
    )


def archive(records: Iterable[str], token: str | None = None, error: str = "") -> str:
    """A page of ListRecords."""
    tail = "" if token is None else f"<resumptionToken>{escape(token)}</resumptionToken>"
    inside = (
        f'<error code="{error}">said so</error>' if error else f"<ListRecords>{''.join(records)}{tail}</ListRecords>"
    )
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inside}</OAI-PMH>'


def archive_record(
    identifier: str,
    *versions: datetime,
    title: str = "",
    categories: str = "cs.LG cs.AI",
    datestamp: str = "2026-11-23",
    comments: str = "",
) -> str:
    told = "".join(
        f'<version version="v{number}"><date>{format_datetime(moment, usegmt=True)}</date><size>1kb</size></version>'
        for number, moment in enumerate(versions, start=1)
    )
    return (
        f"<record><header><identifier>oai:arXiv.org:{identifier}</identifier><datestamp>{datestamp}</datestamp></header>"
        f'<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{identifier}</id>{told}'
        f"<title>{escape(title or f'Paper {identifier}')}</title>"
        "<authors>Ada Byron (1) and Bo D\\'iaz ((1) A Place)</authors>"
        f"<categories>{categories}</categories><comments>{escape(comments)}</comments><doi>10.1/{identifier}</doi>"
        f"<abstract>About {identifier}.</abstract></arXivRaw></metadata></record>"
    )


def archive_deleted(identifier: str) -> str:
    return (
        f'<record><header status="deleted"><identifier>oai:arXiv.org:{identifier}</identifier>'
        "<datestamp>2026-11-23</datestamp></header></record>"
    )


def query(*entries: str) -> str:
    """An answer of the query API."""
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    return f"<feed {names}><title>arXiv Query</title>{''.join(entries)}</feed>"


def query_entry(identifier: str, published: datetime, updated: datetime, *, version: int = 1, title: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{identifier}v{version}</id>"
        f"<title>{escape(title or f'Paper {identifier}')}</title>"
        f"<summary>About {identifier}.</summary><published>{published.isoformat()}</published>"
        f"<updated>{updated.isoformat()}</updated>"
        "<author><name>Ada Byron</name></author><author><name>Bo Díaz</name></author>"
        '<arxiv:primary_category term="stat.ML"/><category term="cs.LG"/><category term="stat.ML"/>'
        "<arxiv:comment>9 pages</arxiv:comment><arxiv:journal_ref>Journal 3</arxiv:journal_ref></entry>"
    )
