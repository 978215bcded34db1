"""Who a token is of, and whose subscription its programs speak of."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from accounts.models import ApiToken
from digest.models import Subscription
from papersite.api.answers import ReaderToken, Shown, answer, reader_of
from papersite.api.problems import Problem

router = Router(tags=["me"], auth=ReaderToken())


class TokenShown(Shown):
    name: str
    scope: Literal["read", "write"]
    made_at: datetime
    expires_at: datetime | None


class Me(Shown):
    address: str
    is_subscribed: bool = Field(description="Whether digests come, apart from pauses.")
    token: TokenShown = Field(description="The one that was sent.")


@router.get("", response=Me, summary="Whose token this is")
def me(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    token: ApiToken = request.api_token  # type: ignore[attr-defined]
    held = Subscription.objects.filter(reader=reader).first()
    shown = TokenShown.model_validate(
        {"name": token.name, "scope": token.scope, "made_at": token.made_at, "expires_at": token.expires_at}
    )
    return answer(Me(address=reader.email, is_subscribed=held is not None and held.is_active, token=shown))


def subscription_of(request: HttpRequest) -> Subscription:
    """Raises Problem where the reader has none."""
    held = Subscription.objects.select_related("reader").filter(reader=reader_of(request)).first()
    if held is None:
        raise Problem(404, "There is no subscription: begin one on the site, on your digest's page.")
    return held
