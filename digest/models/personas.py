"""Made-up readers, to see mails as."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from digest.models.readers import MAX_CAP
from papersite.catalogue.models import Author, Topic


class Persona(models.Model):
    """A reader that curators made up, with chosen follows. Nothing is ever mailed to it or counted of it."""

    name = models.CharField(max_length=100, unique=True)
    cap = models.PositiveSmallIntegerField(
        "papers", default=10, validators=[MinValueValidator(1), MaxValueValidator(MAX_CAP)]
    )
    wants_news = models.BooleanField("wants news of the site", default=True)
    follows_everything = models.BooleanField("trending overall", default=False)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    authors = models.ManyToManyField(Author, blank=True, related_name="+")
    searches = models.TextField(blank=True, help_text="One a line.")
    muted_topics = models.ManyToManyField(Topic, blank=True, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
