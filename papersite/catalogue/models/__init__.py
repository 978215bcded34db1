"""What the catalogue holds: papers, who wrote them, where they belong, what they earned."""

from papersite.catalogue.models.harvests import Harvest, Reject, RequestSlot
from papersite.catalogue.models.papers import Author, Authorship, Category, Paper, PaperQuerySet, PaperTopic, Topic
from papersite.catalogue.models.reading import SavedPaper
from papersite.catalogue.models.revisions import Revision
from papersite.catalogue.models.signals import Reading, Repository, SignalWeight, Vote

__all__ = [
    "Author",
    "Authorship",
    "Category",
    "Harvest",
    "Paper",
    "PaperQuerySet",
    "PaperTopic",
    "Reading",
    "Reject",
    "Repository",
    "RequestSlot",
    "Revision",
    "SavedPaper",
    "SignalWeight",
    "Topic",
    "Vote",
]
