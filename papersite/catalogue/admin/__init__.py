"""The curators' desk for the catalogue. The rules live elsewhere."""

from papersite.catalogue.admin import harvests, papers, signals, topics

__all__ = ["harvests", "papers", "signals", "topics"]
