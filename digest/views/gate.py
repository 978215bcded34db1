"""Who may see a reader's own pages, and whose they are."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from digest import tokens
from digest.models import Delivery, Subscription

# After signing in a form cannot be sent again by itself: better the page it stands on.
signed_in = login_required(redirect_field_name=None)


def subscription_of(request: HttpRequest) -> Subscription:
    """That of whoever is signed in; 404 where they have none."""
    return get_object_or_404(Subscription, reader_id=request.user.pk)


def delivery_of(token: str) -> Delivery:
    """The delivery that a link in a mail names; 404 where the token is not one of ours."""
    pk = tokens.read(token)
    if pk is None:
        raise Http404("This link is not one of ours.")
    return get_object_or_404(Delivery.objects.select_related("subscription__reader"), pk=pk)
