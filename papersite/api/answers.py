"""What comes in and goes out, for the routers of all apps."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja.security.http import HttpAuthBase
from pydantic import BaseModel, ConfigDict, Field
from pydantic.functional_validators import AfterValidator, BeforeValidator

from accounts.models import ApiToken, User
from papersite.api.problems import Problem


def _number(value: Any) -> Any:
    """JSON knows 7 and 7.0 as one number, and neither true nor "7" as any."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("it should be a whole number")
    return value


# For whole numbers in bodies, after their bounds; what stands in addresses is text.
WHOLE = BeforeValidator(_number)
SIZE = 50
MOST = 100


class Shown(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid", ser_json_timedelta="iso8601")


class Asked(BaseModel):
    """What is sent: a field that is none is a slip of spelling, and is said."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


def _storable(text: str) -> str:
    """Text that every database takes: JSON may hold a NUL and halves of characters."""
    if "\x00" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise ValueError("there is something in it that is no text")
    return text


Text = Annotated[str, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str, Field(pattern=r"^[0-9A-Za-z_.\-~]{1,80}$", description="`cursor` of the page before, for the next one.")
]


def answer(shown: BaseModel, status: int = 200) -> HttpResponse:
    return HttpResponse(shown.model_dump_json(), content_type="application/json", status=status)


class ReaderToken(HttpAuthBase):
    """A personal token, made on the account's page. One that reads changes nothing."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> ApiToken:
        """That which the gate found. Raises Problem."""
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is None:
            raise Problem(401, headers={"WWW-Authenticate": 'Bearer realm="papersite"'})
        if request.method not in ("GET", "HEAD") and token.scope != ApiToken.Scope.WRITE:
            told = 'Bearer realm="papersite", error="insufficient_scope", scope="write"'
            raise Problem(403, "This token may read and change nothing.", {"WWW-Authenticate": told})
        return token


def reader_of(request: HttpRequest) -> User:
    """Whose token a request brought."""
    token: ApiToken = request.api_token  # type: ignore[attr-defined]
    return token.user
