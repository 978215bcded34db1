"""What the catalogue holds: papers, who wrote them, where they belong, what they earned."""

from papersite.catalogue.models.changes import FormerSlug, WeightsChange
from papersite.catalogue.models.harvests import Harvest, Reject, RequestSlot
from papersite.catalogue.models.papers import Author, Authorship, Paper, PaperCategory, PaperQuerySet, PaperTopic
from papersite.catalogue.models.reading import BroughtLibrary, SavedPaper
from papersite.catalogue.models.revisions import Revision
from papersite.catalogue.models.signals import Reading, Repository, SignalWeight, Vote
from papersite.catalogue.models.subjects import Category, Topic
from papersite.catalogue.models.tallies import EVER, Tally

__all__ = [
    "EVER",
    "Author",
    "Authorship",
    "BroughtLibrary",
    "Category",
    "FormerSlug",
    "Harvest",
    "Paper",
    "PaperCategory",
    "PaperQuerySet",
    "PaperTopic",
    "Reading",
    "Reject",
    "Repository",
    "RequestSlot",
    "Revision",
    "SavedPaper",
    "SignalWeight",
    "Tally",
    "Topic",
    "Vote",
    "WeightsChange",
]
