"""The only door for mail: renders a mail folder into one message.

A mail is a folder ``templates/emails/<name>/`` with ``subject.txt``, ``body.txt``
and ``body.html``. Whoever wants to send something names the folder.
"""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy, default
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

# Lists of addresses between angle brackets, which mail providers read as they stand (RFC 2369, 8058).
ADDRESS_LISTS = frozenset({"list-unsubscribe"})


class WholeAddresses(EmailPolicy):
    """Folds lists of addresses between two of them only.

    The plain policy writes an address that is longer than a line as an encoded word, which is
    right for words: no provider finds a link to click in it.
    """

    def fold(self, name: str, value: Any) -> str:
        if name.lower() not in ADDRESS_LISTS:
            return str(super().fold(name, value))
        return f"{name}: {str(value).replace(', ', f',{self.linesep} ')}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() not in ADDRESS_LISTS:
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


class Mail(EmailMultiAlternatives):
    """A message whose links in the headers stay links."""

    def message(self, *, policy: Policy = default) -> EmailMessage:  # type: ignore[override]
        built: EmailMessage = super().message(policy=policy)
        built.policy = WholeAddresses(linesep=policy.linesep, max_line_length=policy.max_line_length)
        return built


def build(
    name: str,
    *,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    envelope_sender: str = "",
) -> EmailMultiAlternatives:
    """One message to one address, ready to send.

    A subject is always a single line, whatever its template and context hold.
    ``envelope_sender`` is where bounces go; the ``From`` that people see stays the site's.
    """
    full = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "postal_address": settings.MAIL_POSTAL_ADDRESS,
    }
    full |= context
    subject = " ".join(render_to_string(f"emails/{name}/subject.txt", full).split())
    message = Mail(
        subject=subject,
        body=render_to_string(f"emails/{name}/body.txt", full).strip() + "\n",
        from_email=envelope_sender or settings.MAIL_FROM,
        to=[to],
        headers={"From": settings.MAIL_FROM, **AUTOMATIC, **(headers or {})},
    )
    html = render_to_string(f"emails/{name}/body.html", full | {"subject": subject})
    message.attach_alternative(_inliner().inline(html), "text/html")
    return message


# RFC 3834 and Exchange's own word for it: no vacation replies to a machine.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@cache
def _inliner() -> css_inline.CSSInliner:
    css = Path(str(finders.find("css/email.css"))).read_text(encoding="utf-8")
    return css_inline.CSSInliner(extra_css=css, load_remote_stylesheets=False, keep_style_tags=True)
