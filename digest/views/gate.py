"""Who may see a reader's own pages, and whose they are."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from digest.models import Delivery, Subscription

# After signing in a form cannot be sent again by itself: better the page it stands on.
signed_in = login_required(redirect_field_name=None)


class UnknownMail(Http404):
    """No mail that this database knows of has this link."""


def subscription_of(request: HttpRequest) -> Subscription:
    """That of whoever is signed in; 404 where they have none."""
    return get_object_or_404(Subscription, reader_id=request.user.pk)


def delivery_of(token: str) -> Delivery:
    """The delivery that a link in a mail names; raises UnknownMail where there is none."""
    found = Delivery.objects.select_related("subscription__reader").with_token(token)
    if found is None:
        raise UnknownMail
    return found


def from_a_mail[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """For pages that links of mails lead to: of an unknown mail they say what can be done instead.

    Nobody can tell whose mail it was, and so there is nothing that such a link may change.
    """

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except UnknownMail:
            request = args[0]
            assert isinstance(request, HttpRequest)
            return render(request, "digest/unknown_mail.html", status=404)

    return answer
