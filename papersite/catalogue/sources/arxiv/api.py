"""arXiv's query API: single papers by their identifiers (https://info.arxiv.org/help/api/user-manual.html)."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import batched

from papersite.catalogue.sources.arxiv import atom
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import Rejected, SourcePaper

# So many identifiers still make an address that every proxy takes.
IDS_A_REQUEST = 100


def fetch(client: SourceClient, arxiv_ids: Iterable[str], now: datetime) -> Iterator[SourcePaper | Rejected]:
    """The papers of these identifiers as they are now; one that arXiv does not know is rejected."""
    for ids in batched(arxiv_ids, IDS_A_REQUEST):
        answer = client.get("/api/query", {"id_list": ",".join(ids), "max_results": len(ids)})
        found = set()
        for record in atom.read(io.BytesIO(answer.body), origin=answer.url):
            if isinstance(record, SourcePaper):
                found.add(record.arxiv_id)
                yield replace(record, observed_at=now)
            else:
                yield record
        for missing in dict.fromkeys(ids):
            if missing not in found:
                yield Rejected(f"arXiv query, {missing}", "arXiv knows no such paper", missing)
