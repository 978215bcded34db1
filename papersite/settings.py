"""All settings, in one file.

Every default suits one machine with nothing installed; every secret comes from
the environment. The README's table lists each variable.
"""

import os
from datetime import timedelta
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path

import environ
from kombu import Exchange, Queue

from papersite import beat, broker, database, headers, logs, mailers, rates

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

# --- where it runs ---------------------------------------------------------

DEBUG = env.bool("DEBUG", default=True)
# Outside DEBUG there is no default: a site must not run on a published key.
SECRET_KEY = env("SECRET_KEY", default="only-for-one-machine-while-DEBUG" if DEBUG else environ.Env.NOTSET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_NAME = env("SITE_NAME", default="Papersite")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
# The search index, on a local disk of each web host: readers map its files into memory.
INDEX_DIR = DATA_DIR / "index"
# The embedded database, broker and outbox cannot start without their folder.
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- what it is made of ----------------------------------------------------

INSTALLED_APPS = [
    "digest",
    "papersite.catalogue",
    "accounts",
    "papersite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "anymail",
    "django_htmx",
    "accounts.apps.DeskConfig",  # django.contrib.admin, behind the site's own doors
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
if DEBUG and find_spec("django_linear_migrations"):
    INSTALLED_APPS.append("django_linear_migrations")  # among the development tools only

MIDDLEWARE = [
    "papersite.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "papersite.shared_pages.SharedPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "papersite.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "papersite.middleware.LinksToTheSite",
    "papersite.middleware.PlainAnswers",
]

ROOT_URLCONF = "papersite.urls"
WSGI_APPLICATION = "papersite.wsgi.application"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "papersite.context_processors.site",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]

# --- database --------------------------------------------------------------

DATABASES = {
    "default": database.with_options(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'papersite.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker and cache ------------------------------------------------------

REDIS_URL = env("REDIS_URL", default="")

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "papersite.broker:Transport"
    CELERY_WORKER_POOL = "papersite.pool:TaskPool"
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(CELERY_BROKER_URL, DATA_DIR / "broker")
CELERY_BROKER_CONNECTION_TIMEOUT = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Apart, so that a source that keeps us waiting never delays a digest. A worker takes all unless
# it is started with -Q.
QUEUES = ("doors", "mail", "harvest", "housekeeping")
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_ROUTES = {
    "accounts.fulfil": {"queue": "doors"},
    "digest.fold": {"queue": "housekeeping"},
    "digest.*": {"queue": "mail"},
    "catalogue.harvest": {"queue": "harvest"},
}
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000  # in kilobytes: a child that has grown beyond is replaced
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "papersite.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CACHES = {
    "default": {
        "BACKEND": "papersite.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
    if REDIS_URL
    else {"BACKEND": "papersite.cache.FileCache", "LOCATION": str(DATA_DIR / "cache.sqlite3")}
}

# --- sources ---------------------------------------------------------------

# Which live sources beat reads: arxiv, huggingface, github; none until the operator says so.
HARVEST_SOURCES = env.list("HARVEST_SOURCES", default=[])
HARVEST_CONTACT = env("HARVEST_CONTACT", default="")
HARVEST_TIMEOUT = env.float("HARVEST_TIMEOUT_SECONDS", default=90)
HARVEST_MAX_BYTES = env.int("HARVEST_MAX_BYTES", default=64_000_000)
# A run that shows no life for so long was killed; well over the longest wait for one answer.
HARVEST_LEASE = timedelta(seconds=env.int("HARVEST_LEASE_SECONDS", default=900))
HARVEST_ATTEMPTS = env.int("HARVEST_ATTEMPTS", default=5)
HARVEST_WAIT = env.float("HARVEST_WAIT_SECONDS", default=3)
HUGGINGFACE_URL = env("HUGGINGFACE_URL", default="https://huggingface.co").rstrip("/")
ARXIV_ARCHIVES = env.list("ARXIV_ARCHIVES", default=["cs", "stat", "eess"])
ARXIV_FEED_URL = env("ARXIV_FEED_URL", default="https://rss.arxiv.org").rstrip("/")
ARXIV_OAI_URL = env("ARXIV_OAI_URL", default="https://oaipmh.arxiv.org/oai").rstrip("/")
ARXIV_API_URL = env("ARXIV_API_URL", default="https://export.arxiv.org").rstrip("/")
ARXIV_PAUSE = env.float("ARXIV_PAUSE_SECONDS", default=3)
GITHUB_URL = env("GITHUB_URL", default="https://api.github.com").rstrip("/")
GITHUB_TOKEN = env("GITHUB_TOKEN", default="")
# Whether new papers get a promise, learned anew each week; takes the dependency group "learn" where beat's tasks run.
PROMISE = env.bool("PROMISE", default=False)
CELERY_BEAT_SCHEDULE = beat.schedule(HARVEST_SOURCES, learns=PROMISE)

# --- mail ------------------------------------------------------------------

MAIL_FROM = env("MAIL_FROM", default=f"{SITE_NAME} <digest@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAIL_DOMAIN = parseaddr(MAIL_FROM)[1].rpartition("@")[2]
# Bounces come back to this mailbox, with the delivery's token after a plus sign (VERP).
MAIL_BOUNCES = env("MAIL_BOUNCES", default=f"bounces@{MAIL_DOMAIN}")
MAIL_POSTAL_ADDRESS = env("MAIL_POSTAL_ADDRESS", default="")

EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): env(name) for name in os.environ if name.startswith("ANYMAIL_") and EMAIL_PROVIDER
}
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_SERVER = env.email_url("EMAIL_URL") if env("EMAIL_URL", default="") else None
MAILERS = mailers.chosen(provider=EMAIL_PROVIDER, server=EMAIL_SERVER, folder=OUTBOX_DIR)

RELAY_MAILS_A_SECOND = env.float("RELAY_MAILS_A_SECOND", default=0)  # over all workers; 0: as fast as it goes
# A mail server may close a session that brought too many mails; before that, we do.
RELAY_MAILS_A_SESSION = env.int("RELAY_MAILS_A_SESSION", default=500)

# A monitor that brings it may read /metrics/; without one the page does not exist.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# --- digest ----------------------------------------------------------------

DIGEST_LEASE = timedelta(seconds=env.int("DIGEST_LEASE_SECONDS", default=120))
DIGEST_BATCH = env.int("DIGEST_BATCH", default=400)
# Whether PostgreSQL waits for the disk at each mail. See "How a mail is kept from getting lost or doubled".
DIGEST_FLUSH_EACH_MAIL = env.bool("DIGEST_FLUSH_EACH_MAIL", default=False)
DIGEST_GRACE = timedelta(hours=env.int("DIGEST_GRACE_HOURS", default=6))
DIGEST_JITTER = timedelta(minutes=env.int("DIGEST_JITTER_MINUTES", default=10))
# What was sent longer ago is kept in a fraction of the room. A month at least: whether papers known
# for less were sent to a reader is asked of single rows alone.
DIGEST_LEDGER_DAYS = max(env.int("DIGEST_LEDGER_DAYS", default=92), 31)
# Each is asked of the papers of the last days once a minute, for all who follow the same.
FOLLOWS_PER_READER = 200

# --- people ----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "papersite.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "digest:subscription"
LOGOUT_REDIRECT_URL = "catalogue:home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SubscribeForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 7
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# Confirming leads straight to choosing; on another device than that of the sign-up, by way of signing in.
ACCOUNT_SIGNUP_REDIRECT_URL = "digest:welcome"
ACCOUNT_EMAIL_CONFIRMATION_ANONYMOUS_REDIRECT_URL = "/accounts/login/?next=/subscription/welcome/"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
# allauth's own reads and writes rows for a user who exists, and so takes longer than for one who does not.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "login": "accounts.forms.SignInForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "add_email": "accounts.forms.ChangeAddressForm",
}

# Proofs. Somebody who finds a browser signed in must not take the account over, carry it off or end it:
# before these, by allauth's and our own names, a reader proves anew that it is them.
REAUTHENTICATION_REQUIRED = {
    "allauth.account": True,  # another address, a first password; a new password asks for the old one in its own form
    "allauth.mfa": True,  # authenticator app, recovery codes, passkeys: to set up, see and remove
    "allauth.socialaccount": True,  # linking another site, and unlinking it
    "accounts.export": True,  # taking the data away
    "accounts.closing": True,  # closing the account
}
# Which proof, by the second factor that is set up: the first is asked for, the others are offered beside it.
# Who reads the mail or knows the password cannot come in without the factor, so neither proves anything there.
REAUTHENTICATION_PROOFS = {
    "none": ["reauthenticate", "reauthenticate_by_code"],  # the password if there is one, a mailed code
    "app": ["mfa_reauthenticate", "mfa_reauthenticate:webauthn"],  # a code of the app or a recovery code, a passkey
    "passkey": ["mfa_reauthenticate:webauthn", "mfa_reauthenticate"],  # a passkey, a recovery code
}
# Having signed in is a proof too, in the same order; with a second factor only if that one was shown.
REAUTHENTICATION_BY_SIGN_IN = {
    "none": ["password", "code", "socialaccount", "mfa"],
    "app": ["mfa"],
    "passkey": ["mfa"],
}
# In seconds, for either: long enough to set up an app and keep its codes, short for a browser left alone.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

# --- limits ----------------------------------------------------------------

# So that nobody floods a stranger's inbox through this site, nor keeps its reader out: for each of signing up,
# codes, new passwords and changes of address, how many mails one network, all networks, and a device on which
# its reader was signed in before may order to an address; one network to all addresses; and everybody.
# 3/10m is three in ten minutes; s, m, h, d. A network is an IPv4 /24 or an IPv6 /64.
MAILS_PER_ADDRESS = rates.parse(env("MAILS_PER_ADDRESS", default="3/10m,10/d"))
MAILS_PER_ADDRESS_ANYWHERE = rates.parse(env("MAILS_PER_ADDRESS_ANYWHERE", default="10/h,30/d"))
MAILS_PER_DEVICE = rates.parse(env("MAILS_PER_DEVICE", default="5/10m,20/d"))
MAILS_PER_NETWORK = rates.parse(env("MAILS_PER_NETWORK", default="10/m,100/d"))
MAILS_OVERALL = rates.parse(env("MAILS_OVERALL", default="500/h"))
# Tried for one address, from all networks but its reader's own devices.
PASSWORDS_PER_ADDRESS = rates.parse(env("PASSWORDS_PER_ADDRESS", default="30/h"))
# Each for one network and for one account.
SEARCHES = rates.pair(env("SEARCHES_PER_NETWORK", default="600/m"), env("SEARCHES_PER_ACCOUNT", default="240/m"))
CLICKS = rates.pair(env("CLICKS_PER_NETWORK", default="300/m"), env("CLICKS_PER_ACCOUNT", default="60/m"))
LIMITS = {
    "search": SEARCHES,
    "suggest": SEARCHES,
    "vote": (CLICKS[0], rates.parse("30/m")),
    "follow": CLICKS,
    "save": CLICKS,
}
# Where Redis does not answer nobody can count: the doors then answer "in a moment" until somebody can, or
# let everybody try as often as they like.
LIMITS_FAIL_OPEN = env.bool("LIMITS_FAIL_OPEN", default=False)
DOORS_PER_NETWORK = env("DOORS_PER_NETWORK", default="30/m")
ACCOUNT_RATE_LIMITS = {
    "login": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    "signup": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    # By address it would shut out the reader along with whoever types it.
    "reset_password": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    "confirm_email": "1/3m/key,3/10m/key,10/d/key",
}
# Domains whose addresses are refused, such as those of throw-away mailboxes.
REFUSED_DOMAINS = [domain.lower() for domain in env.list("REFUSED_DOMAINS", default=[])]
# Whether the admin site opens only to a session that showed a passkey or an authenticator app's code.
ADMIN_SECOND_FACTOR = env.bool("ADMIN_SECOND_FACTOR", default=not DEBUG)

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
# Nobody is signed in without a confirmed address, so an unconfirmed one is only a change that waits.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
# Browsers allow passkeys without TLS on this machine alone, which is where DEBUG belongs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

SIGN_IN_KEYS = {
    "github": (env("GITHUB_CLIENT_ID", default=""), env("GITHUB_CLIENT_SECRET", default="")),
    "google": (env("GOOGLE_CLIENT_ID", default=""), env("GOOGLE_CLIENT_SECRET", default="")),
    "orcid": (env("ORCID_CLIENT_ID", default=""), env("ORCID_CLIENT_SECRET", default="")),
}
SIGN_IN_ORIGINS = {
    "github": "https://github.com",
    "google": "https://accounts.google.com",
    "orcid": "https://orcid.org",
}
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": [{"client_id": client, "secret": secret}], "OAUTH_PKCE_ENABLED": name != "orcid"}
    for name, (client, secret) in SIGN_IN_KEYS.items()
    if client and secret
}
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.forms.SocialSignUpForm",
    "disconnect": "accounts.forms.DisconnectForm",
}
# A mail a day needs a yes to it, which the form asks for.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]

# --- pages -----------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

SECURE_CSP = headers.policy(form_targets=[SIGN_IN_ORIGINS[name] for name in SOCIALACCOUNT_PROVIDERS])
X_FRAME_OPTIONS = "DENY"
# How long a page that strangers see is good before it is made anew; 0 makes it each time.
PAGES_FRESH_SECONDS = env.int("PAGES_FRESH_SECONDS", default=60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Without the proxy's header a site behind TLS would send every visitor round in a circle.
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=BEHIND_PROXY and SESSION_COOKIE_SECURE)
# Monitors ask the machine itself.
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics/$"]
# A browser that was told keeps to https for so long, whatever becomes of the certificate.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"

# --- processes -------------------------------------------------------------

# Each thread may hold a connection to the database: PostgreSQL takes 100 as it comes.
WEB_WORKERS = env.int("WEB_WORKERS", default=min(max(os.cpu_count() or 1, 2), 4))
WEB_THREADS = env.int("WEB_THREADS", default=8)

# --- logs ------------------------------------------------------------------

LOGGING_CONFIG = "papersite.logs.configure"
LOGGING = logs.configuration(env("LOG_LEVEL", default="INFO"))
DEFAULT_EXCEPTION_REPORTER = "papersite.logs.Reporter"
