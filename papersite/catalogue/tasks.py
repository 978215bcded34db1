"""What Celery runs for the catalogue."""

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

from papersite.catalogue import curation, harvesting, promising, tallies
from papersite.catalogue.heat import scoring
from papersite.catalogue.libraries import bringing
from papersite.catalogue.models import Topic
from papersite.catalogue.promise.learning import TooLittle
from papersite.catalogue.sources.records import SourceError
from papersite.catalogue.topics import classification, merging
from papersite.web import page_store

logger = logging.getLogger(__name__)


@shared_task(name="catalogue.harvest")
def harvest(source: str, **options: Any) -> None:
    """One live run of a source. What went wrong stands in its row; the next run goes on."""
    run: Callable[..., Any] = harvesting.SOURCES[source]
    try:
        run(timezone.now(), **options)
    except (SourceError, harvesting.AlreadyRunning, harvesting.Overtaken) as error:
        logger.warning("harvest.ended source=%s reason=%s", source, error)


@shared_task(name="catalogue.rescore")
def rescore() -> None:
    """Puts weights into force."""
    seen, moved = scoring.rescore()
    logger.info("catalogue.rescored papers=%s moved=%s", seen, moved)


@shared_task(name="catalogue.learn_promise")
def learn_promise() -> None:
    """Learns anew which papers readers want. Where that cannot be, what is known goes on until it is stale."""
    now = timezone.now()
    try:
        promising.keep(promising.learn(now).model, now)
    except (TooLittle, ImportError) as error:
        logger.warning("promise.not_learned reason=%s", error)


@shared_task(name="catalogue.classify")
def classify(topic_ids: list[int], moved: bool = False) -> None:
    """Sorts the whole catalogue under changed topics; ``moved``: their names or addresses are new as well."""
    for topic_id in topic_ids if moved else ():
        curation.topic_moved(topic_id)
    papers = classification.classify_all(Topic.objects.filter(pk__in=topic_ids).prefetch_related("categories"))
    logger.info("catalogue.classified topics=%s papers=%s", len(topic_ids), papers)


@shared_task(name="catalogue.sort")
def sort() -> None:
    """Sorts the papers that wait for it, such as those that staff brought in a file."""
    papers = classification.classify_pending()
    promising.score_pending(timezone.now())
    tallies.fold()
    page_store.renew()
    logger.info("catalogue.sorted papers=%s", papers)


@shared_task(name="catalogue.merge_topic")
def merge_topic(topic_id: int, into_id: int, with_papers: bool) -> None:
    """Takes one topic into another; a second order of the same finds nothing to do."""
    is_done = merging.merge(topic_id, into_id, with_papers=with_papers)
    logger.info("catalogue.merged topic=%s into=%s done=%s", topic_id, into_id, is_done)


@shared_task(name="catalogue.tidy")
def tidy() -> None:
    """Forgets what was kept for a day only: libraries that nobody came back for."""
    bringing.forget_old(timezone.now())
