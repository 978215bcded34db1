"""What the site is made of."""

from importlib.util import find_spec

from papersite.settings.environment import BASE_DIR
from papersite.settings.signing_in import SOCIALACCOUNT_PROVIDERS
from papersite.settings.site import DEBUG

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
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]
if DEBUG and find_spec("django_linear_migrations"):
    INSTALLED_APPS.append("django_linear_migrations")  # among the development tools only

MIDDLEWARE = [
    "papersite.observability.access.Access",
    "papersite.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "papersite.api.gate.Gate",
    "papersite.web.shared_pages.SharedPages",
    "papersite.web.middleware.WithoutDatabase",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "papersite.web.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "papersite.web.middleware.LinksToTheSite",
    "papersite.web.middleware.PlainAnswers",
]

ROOT_URLCONF = "papersite.urls"
WSGI_APPLICATION = "papersite.wsgi.application"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "papersite.web.context_processors.site",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
    # The few that are rendered for each of many papers, in a tenth of the time.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "papersite.web.jinja.environment"},
    },
]
