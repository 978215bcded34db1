"""Heads of pages; what programs read there is in ../test_metadata.py."""

from django.template import Context, Template
from django.test import RequestFactory


def test_a_later_page_is_another_page_with_the_same_feed(rf: RequestFactory) -> None:
    template = Template('{% load heads %}{% list_head "T" %}{% takeaway %}')

    shown = template.render(Context({"request": rf.get("/topics/x/", {"after": "1.5_2", "view": "detailed"})}))

    assert '/topics/x/?after=1.5_2">' in shown
    assert "view=detailed" not in shown
    assert shown.count('href="/topics/x/feed/"') == 2
    assert shown.count('href="/topics/x.bib"') == 2
