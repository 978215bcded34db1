"""What sends mail elsewhere, given mails of the same size: django-post_office and django-newsletter.

Both get it easier than they would have it: the mails lie ready (post_office), or are one and the
same for everybody (newsletter); planning, choosing and composing are not asked of them.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

FOLDER = Path(os.environ["DATA_DIR"])
FOLDER.mkdir(parents=True, exist_ok=True)
OPTIONS = {"host": "127.0.0.1", "port": int(os.environ["RIVAL_PORT"])}

settings.configure(
    SECRET_KEY="for-a-benchmark",
    USE_TZ=True,
    SITE_ID=1,
    ROOT_URLCONF="mail_rivals_urls",
    DEFAULT_FROM_EMAIL="Papers <digest@papers.example.org>",
    INSTALLED_APPS=[
        "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites", "django.contrib.sessions",
        "post_office", "sorl.thumbnail", "newsletter",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "rivals.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": "PRAGMA journal_mode=WAL;"},
        }
    },
    MAILERS={"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": OPTIONS}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [FOLDER], "APP_DIRS": True}],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    NEWSLETTER_THUMBNAIL="sorl-thumbnail",
    NEWSLETTER_USE_HTTPS=True,
    LOGGING_CONFIG=None,
    POST_OFFICE={"LOG_LEVEL": 0},
)  # fmt: skip
django.setup()

from django.core.management import call_command


def report(work: Any) -> None:
    print(json.dumps(work()))


def prepare(count: int) -> dict[str, Any]:
    """Both packages' tables, filled with ``count`` mails each. ``mail.json`` is one mail of ours, in parts."""
    from django.contrib.sites.models import Site
    from django.utils import timezone
    from newsletter.models import Message, Newsletter, Submission, Subscription
    from post_office.models import STATUS, Email

    call_command("migrate", verbosity=0)
    ours = json.loads((FOLDER / "mail.json").read_text())
    Email.objects.bulk_create(
        [
            Email(from_email="digest@papers.example.org", to=[f"reader{n}@example.org"], subject=ours["subject"],
                  message=ours["text"], html_message=ours["html"], status=STATUS.queued)
            for n in range(count)
        ],
        500,
    )  # fmt: skip
    folder = FOLDER / "newsletter/message"
    folder.mkdir(parents=True)
    (folder / "message.html").write_text(
        f"{{% verbatim %}}{ours['html']}{{% endverbatim %}}{{{{ subscription.email }}}}"
    )
    (folder / "message.txt").write_text(
        f"{{% verbatim %}}{ours['text']}{{% endverbatim %}}{{{{ subscription.email }}}}"
    )
    (folder / "message_subject.txt").write_text(ours["subject"])
    site, _ = Site.objects.get_or_create(pk=1)
    newsletter = Newsletter.objects.create(title="Papers", slug="papers", email="d@example.org", sender="Papers")
    newsletter.site.add(site)
    message = Message.objects.create(title="Papers", slug="papers", newsletter=newsletter)
    for part in range(2):
        submission = Submission.objects.create(message=message, newsletter=newsletter, site=site, prepared=True,
                                               publish_date=timezone.now() - timezone.timedelta(days=1))  # type: ignore[attr-defined]  # fmt: skip
        readers = [
            Subscription.objects.create(
                newsletter=newsletter, email_field=f"reader{part}-{n}@example.org", subscribed=True
            )
            for n in range(count // 2)
        ]
        submission.subscriptions.set(readers)
    return {}


def post_office() -> dict[str, Any]:
    """It starts its two processes itself."""
    from post_office.mail import send_queued_mail_until_done
    from post_office.models import STATUS, Email

    began = time.time()
    send_queued_mail_until_done(processes=2)
    return {"sent": Email.objects.filter(status=STATUS.sent).count(), "began": began, "ended": time.time()}


def newsletter(part: int) -> dict[str, Any]:
    from newsletter.models import Submission

    submission = Submission.objects.order_by("pk")[part]
    count = submission.subscriptions.count()
    began = time.time()
    submission.submit()
    return {"sent": count, "began": began, "ended": time.time()}
