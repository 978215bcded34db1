"""How much lists say of each paper: a choice without an account, kept in a cookie that is no secret."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

COOKIE = "view"
VIEWS = ("compact", "detailed")
KEPT_FOR = 365 * 24 * 3600

View = Callable[..., HttpResponse]


def is_detailed(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == "detailed"


def remembers_view(view: View) -> Callable[..., HttpResponseBase]:
    """A page whose link ``?view=`` sets the cookie and leads back to the page without it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        wanted = request.GET.get(COOKIE)
        if wanted is None:
            return view(request, *args, **kwargs)
        left = request.GET.copy()
        del left[COOKIE]
        response = HttpResponseRedirect(f"{request.path}{'?' if left else ''}{left.urlencode()}")
        if wanted in VIEWS:
            response.set_cookie(COOKIE, wanted, max_age=KEPT_FOR, samesite="Lax", secure=request.is_secure())
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer
