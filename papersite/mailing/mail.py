"""The only door for mail: renders a mail folder into one message.

A mail is a folder ``templates/emails/<name>/`` with ``subject.txt``, ``body.txt``
and ``body.html``. Whoever wants to send something names the folder.
"""

import re
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
# Of a line, without its end (RFC 5322). Longer ones must be encoded, which costs size and time.
LINE_LIMIT = 998
# Well below, since a break needs a space.
LINE_WISH = 800


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
    """A message whose links in the headers stay links, and whose bodies are encoded only where they must be."""

    boundary = ""
    """What parts the two bodies, where the same mail must be the same bytes at every attempt."""

    def message(self, *, policy: Policy = default) -> EmailMessage:  # type: ignore[override]
        built: EmailMessage = super().message(policy=policy)
        built.policy = WholeAddresses(linesep=policy.linesep, max_line_length=policy.max_line_length)
        if self.boundary:
            built.set_boundary(self.boundary)
        return built

    def _add_bodies(self, msg: EmailMessage) -> None:
        # Python's own choice would be quoted-printable for every line of more than 78 characters.
        msg.set_content(str(self.body), subtype="plain", charset="utf-8", cte=encoding_of(str(self.body)))
        msg.make_alternative()
        for content, _ in self.alternatives:
            html = str(content)
            msg.add_alternative(html, subtype="html", charset="utf-8", cte=encoding_of(html))


def encoding_of(body: str) -> str:
    """The plainest transfer encoding that a body can travel in."""
    if max(map(len, body.encode().splitlines()), default=0) > LINE_LIMIT:
        return "quoted-printable"
    return "7bit" if body.isascii() else "8bit"


def build(
    name: str,
    *,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    envelope_sender: str = "",
    subject: str = "",
) -> Mail:
    """One message to one address, ready to send.

    A subject is always a single line, whatever its template and context hold; ``subject`` stands instead of it.
    ``envelope_sender`` is where bounces go; the ``From`` that people see stays the site's.
    """
    full = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "postal_address": settings.MAIL_POSTAL_ADDRESS,
    }
    full |= context
    subject = subject or one_line(render_to_string(f"emails/{name}/subject.txt", full))
    message = Mail(
        subject=subject,
        body=render_to_string(f"emails/{name}/body.txt", full).strip() + "\n",
        from_email=envelope_sender or settings.MAIL_FROM,
        to=[to],
        headers={"From": settings.MAIL_FROM, **AUTOMATIC, **(headers or {})},
    )
    html = render_to_string(f"emails/{name}/body.html", full | {"subject": subject})
    message.attach_alternative(inline(html), "text/html")
    return message


# RFC 3834 and Exchange's own word for it: no vacation replies to a machine.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def one_line(text: str) -> str:
    """Without any character that could end a header or reorder what stands in it."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())


def inline(html: str) -> str:
    """A whole page of HTML with its styles in its tags and no line too long for the post."""
    return "\n".join(broken(line) for line in inline_only(html).split("\n"))


def inline_only(html: str) -> str:
    return _inliner().inline(html)


def broken(line: str) -> str:
    """A line cut at spaces, which in HTML changes nothing that is seen."""
    if len(line) * 4 <= LINE_WISH or len(line.encode()) <= LINE_WISH:
        return line
    rows: list[list[str]] = [[]]
    length = 0
    for word in line.split(" "):
        size = len(word.encode()) + 1
        if length + size > LINE_WISH and rows[-1]:
            rows.append([])
            length = 0
        rows[-1].append(word)
        length += size
    return "\n".join(" ".join(row) for row in rows)


@cache
def _inliner() -> css_inline.CSSInliner:
    css = Path(str(finders.find("css/email.css"))).read_text(encoding="utf-8")
    return css_inline.CSSInliner(extra_css=css, load_remote_stylesheets=False, keep_style_tags=True)
