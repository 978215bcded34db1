"""Words, static files, and what pages allow browsers."""

from papersite.settings.environment import BASE_DIR, env
from papersite.settings.signing_in import SIGN_IN_ORIGINS, SOCIALACCOUNT_PROVIDERS
from papersite.settings.site import DATA_DIR, DEBUG
from papersite.web import headers

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
