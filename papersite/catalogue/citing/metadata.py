"""What a paper's page tells programs of itself: Zotero, Google Scholar, search engines, previews of links."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from papersite import links
from papersite.catalogue.citing import citations
from papersite.catalogue.citing.bylines import Byline, parts
from papersite.catalogue.citing.citations import doi, keywords, one_line
from papersite.catalogue.models import Paper

Tag = tuple[str, str]
# As html.escape has it, for what stands between script tags (HTML 4.12.1.3).
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
IMAGE_SIZE = (1200, 630)
LONGEST_DESCRIPTION = 300


def tags(paper: Paper) -> list[Tag]:
    """Names and contents of what reference managers read (scholar.google.com/intl/en/scholar/inclusion.html), of a
    paper from ``for_cards``."""
    pairs = [
        ("citation_title", paper.title),
        *(("citation_author", _inverted(name)) for name in _authors(paper)),
        ("citation_publication_date", f"{citations.submitted(paper):%Y/%m/%d}"),
        ("citation_online_date", f"{paper.announced_at:%Y/%m/%d}"),
        ("citation_arxiv_id", paper.arxiv_id),
        ("citation_doi", doi(paper)),
        ("citation_journal_title", paper.journal_ref),
        ("citation_pdf_url", paper.pdf_url),
        ("citation_abstract_html_url", links.absolute(paper.get_absolute_url())),
        ("citation_abstract", paper.abstract),
        ("citation_keywords", "; ".join(keywords(paper))),
        ("citation_language", "en"),
        ("DC.type", "" if paper.journal_ref else "preprint"),
    ]
    return [(name, shown) for name, told in pairs if (shown := one_line(told))]


def preview(paper: Paper) -> list[Tag]:
    """Open Graph's properties (ogp.me)."""
    width, height = map(str, IMAGE_SIZE)
    pairs = [
        ("og:type", "article"),
        ("og:site_name", str(settings.SITE_NAME)),
        ("og:title", paper.title),
        ("og:description", _short(paper.brief)),
        ("og:url", links.absolute(paper.get_absolute_url())),
        ("og:image", image_address(paper)),
        ("og:image:type", "image/png"),
        ("og:image:width", width),
        ("og:image:height", height),
        ("og:image:alt", paper.title),
        ("article:published_time", paper.announced_at.isoformat()),
        ("article:modified_time", paper.changed_at.isoformat()),
    ]
    return [(name, shown) for name, told in pairs if (shown := one_line(told))]


def image_address(paper: Paper) -> str:
    return links.absolute(reverse("catalogue:paper_image", args=[paper.public_id]))


def linked_data(paper: Paper) -> SafeString:
    """A ScholarlyArticle of schema.org as JSON-LD, fit to stand between script tags."""
    address = links.absolute(paper.get_absolute_url())
    same = [paper.arxiv_url, paper.doi_url, paper.hf_url]
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": address,
        "url": address,
        "headline": one_line(paper.title)[:110],
        "name": one_line(paper.title),
        "author": [_person(name) for name in _authors(paper)],
        "abstract": one_line(paper.abstract),
        "datePublished": f"{paper.announced_at:%Y-%m-%d}",
        "dateModified": paper.changed_at.isoformat(),
        "dateCreated": f"{citations.submitted(paper):%Y-%m-%d}",
        "keywords": keywords(paper),
        "inLanguage": "en",
        "image": image_address(paper),
        "sameAs": [one for one in same if one],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": told}
            for name, told in (("arXiv", paper.arxiv_id), ("DOI", doi(paper)))
            if told
        ],
        "isPartOf": {"@type": "Periodical", "name": one_line(paper.journal_ref)} if paper.journal_ref else None,
        "encoding": {"@type": "MediaObject", "contentUrl": paper.pdf_url, "encodingFormat": "application/pdf"}
        if paper.pdf_url
        else None,
        "publisher": {"@type": "Organization", "name": "arXiv"} if paper.arxiv_id and not paper.journal_ref else None,
        "creativeWorkStatus": "Withdrawn" if paper.is_withdrawn else "" if paper.journal_ref else "Preprint",
    }
    written = json.dumps({name: told for name, told in described.items() if told}, ensure_ascii=False)
    return mark_safe(written.translate(_ESCAPED))  # noqa: S308  no tag can stand in it


def _person(name: Byline) -> dict[str, str]:
    if name.is_group:
        return {"@type": "Organization", "name": name.family}
    shown = " ".join(part for part in (name.given, name.family, name.suffix) if part)
    told = {"givenName": name.given, "familyName": name.family, "honorificSuffix": name.suffix}
    return {"@type": "Person", "name": shown} | {field: part for field, part in told.items() if part and name.given}


def _inverted(name: Byline) -> str:
    """ "Family, Given"; a group as it is, without the comma that would make a person of it."""
    if name.is_group:
        return name.family.replace(",", " ")
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _authors(paper: Paper) -> list[Byline]:
    return [parts(name) for row in paper.authorships.all() if (name := one_line(row.author.name))]


def _short(words: str) -> str:
    words = one_line(words)
    return words if len(words) <= LONGEST_DESCRIPTION else f"{words[:LONGEST_DESCRIPTION].rsplit(' ', 1)[0]}…"
