"""Live sources, each by the name under which it is asked for."""

from papersite.catalogue.harvesting import arxiv, github, huggingface
from papersite.catalogue.harvesting.runs import AlreadyRunning, Overtaken

SOURCES = {
    "arxiv": arxiv.harvest_feeds,
    "arxiv-oai": arxiv.harvest_archive,
    "arxiv-papers": arxiv.harvest_papers,
    "github": github.harvest,
    "huggingface": huggingface.harvest,
}

__all__ = ["SOURCES", "AlreadyRunning", "Overtaken"]
