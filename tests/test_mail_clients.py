"""What mail programs can do, held against every mail.

The rules come from caniemail.com (padding, max-width, position, display, background-image, rem and others, looked up
in 2026) and from Microsoft's list of what Word renders, which is what Outlook for Windows shows mails with.
"""

import re
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from papersite.mailing import mail

STYLE_LIMIT = 16_000
"""Characters of one style element; Gmail drops a longer one."""
# Word keeps padding of cells alone.
PADDED = {"td", "th"}
# iOS keeps a greatest width of blocks, not of tables.
MOST_WIDE = {"div", "td", "img"}
EVERYWHERE = {
    "background", "background-color", "border", "border-top", "color", "font-family", "font-size", "font-weight",
    "letter-spacing", "line-height", "margin", "text-decoration", "text-align", "mso-hide",
}  # fmt: skip
# What hides a preheader where it is known, and does no harm where it is not.
PREHEADER = {"display", "max-height", "overflow"}
NO_UNITS = re.compile(r"\d(?:rem|vw|vh|ch)\b|calc\(|var\(|url\(|!important")
NO_TAGS = {"script", "form", "input", "svg", "video", "iframe", "object", "link", "base", "button"}

CONTEXTS: dict[str, dict[str, Any]] = {
    "confirm_address": {"activate_url": "https://papers.example.org/c/"},
    "confirm_new_address": {"activate_url": "https://papers.example.org/c/"},
    "reset_password": {"password_reset_url": "https://papers.example.org/r/"},
    "unknown_address": {"signup_url": "https://papers.example.org/s/"},
    "sign_in_code": {"code": "ABC-DEF"},
    "already_subscribed": {},
    "account_changed": {},
    "quiet_day": {"reason": "Nothing new.", "next_words": "Monday"},
    "digest": {"papers": [], "html_lines": [], "html_cards": [], "text_cards": [], "text_lines": [], "lead": "L"},
}


def faults(page: str) -> list[str]:
    """What some mail program would not show as it was meant."""
    root = lxml_html.fromstring(page)
    found = [f"<{one.tag}>" for one in root.iter(etree.Element) if one.tag in NO_TAGS]
    found += ["a long <style>" for one in root.iter("style") if len(one.text or "") > STYLE_LIMIT]
    for one in root.iter(etree.Element):
        for rule in filter(None, (one.get("style") or "").split(";")):
            name, _, value = (part.strip() for part in rule.partition(":"))
            is_hidden = one.get("class") == "preheader" and name in PREHEADER
            is_page = one.tag == "body" and name == "padding"
            is_cell = name == "padding" and one.tag in PADDED
            is_wide = name == "max-width" and one.tag in MOST_WIDE
            if not (name in EVERYWHERE or is_hidden or is_page or is_cell or is_wide) or NO_UNITS.search(value):
                found.append(f"{name}: {value} of <{one.tag}>")
    return found


@pytest.mark.parametrize("name", CONTEXTS)
def test_every_mail_uses_what_all_mail_programs_keep(name: str) -> None:
    page = str(mail.build(name, to="reader@example.org", context=CONTEXTS[name]).alternatives[0][0])

    assert faults(page) == []
    assert "[if mso]" in page


@pytest.mark.parametrize(
    "page",
    [
        '<p style="padding: 1px">a</p>', '<table style="max-width: 600px"></table>', '<p style="font-size: 1rem">a</p>',
        '<p style="position: absolute">a</p>', "<form></form>", '<p style="background: url(a.png)">a</p>',
    ],
)  # fmt: skip
def test_what_a_mail_program_drops_is_a_fault(page: str) -> None:
    assert faults(f"<body>{page}</body>") != []
