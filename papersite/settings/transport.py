"""TLS, and the proxies before the site."""

from papersite.settings.environment import env
from papersite.settings.site import SITE_URL

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
# Of how many proxies, one behind the other, each adds the address that it was asked from: so many entries
# from the right of X-Forwarded-For are believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=int(env.bool("BEHIND_PROXY", default=False)))
BEHIND_PROXY = PROXY_COUNT > 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Without the proxy's header a site behind TLS would send every visitor round in a circle.
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=BEHIND_PROXY and SESSION_COOKIE_SECURE)
# Monitors ask the machine itself.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/$"]
# A browser that was told keeps to https for so long, whatever becomes of the certificate.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
# Forms are checked by a class of ours; of HSTS, papersite.W004 says more.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W004"]
SECURE_REFERRER_POLICY = "same-origin"
