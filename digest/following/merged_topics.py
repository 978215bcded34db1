"""What becomes of follows when curators take one topic into another."""

from digest.models import Follow, Persona
from papersite.catalogue.models import Topic
from papersite.catalogue.topics import merging


def move(topic: Topic, into: Topic) -> None:
    """Who follows or mutes the one has the other from now on; who has both keeps their word on the other."""
    follows = Follow.objects.filter(topic=topic)
    has_both = Follow.objects.filter(topic=into).values("subscription")
    follows.filter(subscription__in=has_both).delete()
    follows.update(topic=into)
    for persona in Persona.objects.filter(topics=topic):
        persona.topics.remove(topic)
        persona.topics.add(into)
    for persona in Persona.objects.filter(muted_topics=topic):
        persona.muted_topics.remove(topic)
        persona.muted_topics.add(into)


def register() -> None:
    merging.when_merging("digest", move)
