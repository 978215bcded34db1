"""Where the site runs, and under which name."""

from pathlib import Path

from papersite.settings.environment import BASE_DIR, env

DEBUG = env.bool("DEBUG", default=True)
# Outside DEBUG there is no default: a site must not run on a published key.
SECRET_KEY = env(
    "SECRET_KEY",
    default="only-for-one-machine-while-DEBUG" if DEBUG else "",
    needed="" if DEBUG else "outside DEBUG it signs sessions and links; `openssl rand -base64 48` makes one.",
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
SITE_URL = env.url("SITE_URL", schemes=("http", "https"), default="http://localhost:8000").rstrip("/")
SITE_NAME = env("SITE_NAME", default="Papersite")
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # for /.well-known/security.txt
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
# The search index, on a local disk of each web host: readers map its files into memory.
INDEX_DIR = DATA_DIR / "index"
# The embedded database, broker and outbox cannot start without their folder.
DATA_DIR.mkdir(parents=True, exist_ok=True)
