"""What each answer tells browsers and caches about itself."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP

# Nothing of what a page could ask of the device, but passkeys.
PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
                *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
                *("picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
            )
        ),
        *(f"{name}=(self)" for name in ("publickey-credentials-create", "publickey-credentials-get")),
    ]
)
# Whoever knows such an address may do what its page offers.
SECRET_ADDRESSES = re.compile(
    r"/(?:d|subscription/feed|saved/feed|accounts/confirm-email|accounts/password/reset/key|outbox)/."
)
# One reader's own, but programs must be able to keep it and ask whether it still holds.
KEPT_BY_ITS_READER = re.compile(r"/(?:subscription|saved)/feed/.")
PRIVATE = "private, no-cache"
PERSONAL = re.compile(r"/(?:accounts|admin|subscription|saved|api/v1/me)(?:/|$)")


def policy(*, form_targets: Iterable[str]) -> dict[str, list[str]]:
    """The Content-Security-Policy of every page: its own files, no frames, no other site."""
    return {
        "default-src": [CSP.NONE],
        "base-uri": [CSP.NONE],
        "connect-src": [CSP.SELF],
        "font-src": [CSP.SELF],
        # Signing in through another site leaves by a form, and browsers follow where that leads.
        "form-action": [CSP.SELF, *form_targets],
        "frame-ancestors": [CSP.NONE],
        "frame-src": [CSP.SELF],
        "img-src": [CSP.SELF, "data:"],
        "manifest-src": [CSP.SELF],
        "script-src": [CSP.SELF],
        "style-src": [CSP.SELF],
    }


class Headers:
    """Stands around everything, files included.

    An answer to somebody signed in, one that sets a cookie, and one behind a secret address is kept nowhere;
    of a secret address no other page learns.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_secret = bool(SECRET_ADDRESSES.match(request.path_info))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if _is_file(request):
            return response
        if KEPT_BY_ITS_READER.match(request.path_info) and response.headers.get("Cache-Control") == PRIVATE:
            return response
        is_personal = is_secret or PERSONAL.match(request.path_info) or settings.SESSION_COOKIE_NAME in request.COOKIES
        if (is_personal or response.cookies) and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_file(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.STATIC_URL)
