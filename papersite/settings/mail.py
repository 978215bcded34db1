"""What mail says of the site, and the way it leaves by."""

from email.utils import parseaddr

from papersite.mailing import mailers
from papersite.settings.environment import env
from papersite.settings.site import DATA_DIR, SITE_NAME

MAIL_FROM = env("MAIL_FROM", default=f"{SITE_NAME} <digest@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAIL_DOMAIN = parseaddr(MAIL_FROM)[1].rpartition("@")[2]
# Bounces come back to this mailbox, with the delivery's token after a plus sign (VERP).
MAIL_BOUNCES = env("MAIL_BOUNCES", default=f"bounces@{MAIL_DOMAIN}")
# Those of the keys that the relay signs with, for `manage.py doctor` to look up.
DKIM_SELECTORS = env.list("DKIM_SELECTOR")
MAIL_POSTAL_ADDRESS = env("MAIL_POSTAL_ADDRESS", default="")

EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")
ANYMAIL = env.family("ANYMAIL_", is_used=bool(EMAIL_PROVIDER))
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_SERVER = env.email_url("EMAIL_URL")
MAILERS = mailers.chosen(provider=EMAIL_PROVIDER, server=EMAIL_SERVER, folder=OUTBOX_DIR)

RELAY_MAILS_A_SECOND = env.float("RELAY_MAILS_A_SECOND", default=0)  # over all workers; 0: as fast as it goes
# Of each mail worker, at once: a process each. A relay that takes its time is made up for by more.
RELAY_SESSIONS = env.int("RELAY_SESSIONS", default=2, least=1)
# A mail server may close a session that brought too many mails; before that, we do.
RELAY_MAILS_A_SESSION = env.int("RELAY_MAILS_A_SESSION", default=500, least=1)
