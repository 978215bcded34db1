"""Stars of the repositories that recent papers link to, as far as the hour's quota goes."""

from datetime import datetime

from django.conf import settings

from papersite.catalogue import ingest, repositories
from papersite.catalogue.harvesting.runs import running
from papersite.catalogue.sources import github
from papersite.catalogue.sources.http import PASSING
from papersite.catalogue.sources.records import Rejected, SourceError

# 429 tells of the quota, which no short wait brings back.
WAITED_OUT = PASSING - {429}
# So many repositories without an answer in a row are no accident of theirs.
MAX_FAILURES = 5


def harvest(now: datetime) -> ingest.Report:
    """Asks about each repository that is due; seen counts repositories, updated the papers that moved.

    Ends quietly where the quota is used up: the next run goes on. Raises AlreadyRunning, and
    SourceError where the service fails again and again.
    """
    headers = {"X-GitHub-Api-Version": github.API_VERSION}
    if settings.GITHUB_TOKEN:
        headers["Authorization"] = f"Bearer {settings.GITHUB_TOKEN}"
    with running("github", settings.GITHUB_URL, now) as run:
        failures = 0
        with run.client(settings.GITHUB_URL, accept=github.ACCEPT, headers=headers, passing=WAITED_OUT) as client:
            service = github.GitHub(client)
            for row in repositories.due(now):
                try:
                    told = service.repository(row.url, now, row.etag)
                except github.QuotaUsed as quota:
                    run.note(str(quota))
                    break
                except SourceError as error:
                    run.report.reject(Rejected(row.url, str(error)))
                    failures += 1
                    if failures == MAX_FAILURES:
                        raise
                    continue
                failures = 0
                run.report.seen += 1
                run.report.updated += repositories.keep(told, now)
                run.report.save()
    return run.report
