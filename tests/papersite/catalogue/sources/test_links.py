"""Addresses: which may become a link, and which is a repository of code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading.readable import readable
from papersite.catalogue.sources.links import repository_of, repository_url, web_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("See https://github.com/a-b/c.d.", "https://github.com/a-b/c.d"),
        ("git@github.com:acme/one.git", "https://github.com/acme/one"),
        ("here https://github.com/ acme/one.", "https://github.com/acme/one"),
        ("https://gitlab.uni.example/group/sub/more/deep/one/-/tree/x", "https://gitlab.uni.example/group/sub/more/deep/one"),
        ("https://docs.gitlab.com/ee/user/", ""),
        ("at www.github.com/a/b, and", "https://github.com/a/b"),
        ("github.com/a/b.git.", "https://github.com/a/b"),
        ("https://github.com/a/b/tree/main/c", "https://github.com/a/b"),
        ("https://github.com/a/b{x}", "https://github.com/a/b"),
        ("https://github.com/alone}", ""),
        (r"https://github.com/acme/medical\_notes.", "https://github.com/acme/medical_notes"),
        (r"\url{https://github.com/acme/medical\_notes}", "https://github.com/acme/medical_notes"),
        (r"\href{https://github.com/acme/medical\_notes}{\textcolor{blue}{https://github.com/acme/medical\_notes}}",
         "https://github.com/acme/medical_notes"),
        (r"https://github.com/acme/medical{\_}notes", "https://github.com/acme/medical_notes"),
        (r"\texttt{github.com/acme/a\_b\_c}", "https://github.com/acme/a_b_c"),
        ("https://github.com/users/acme/projects/1", ""),
        ("https://github.com/settings/tokens and github.com/apps/copilot", ""),
        ("https://github.com/login/oauth, /trending/python, github.com/stars/acme", ""),
        ("https://github.com/enterprise/contact then https://github.com/acme/one", "https://github.com/acme/one"),
        ("https://gitlab.com/group/sub/project/-/tree/main", "https://gitlab.com/group/sub/project"),
        ("https://gitlab.com/acme/one.", "https://gitlab.com/acme/one"),
        ("https://codeberg.org/acme/one/src/branch/main", "https://codeberg.org/acme/one"),
        ("https://bitbucket.org/acme/one/src/master/", "https://bitbucket.org/acme/one"),
        ("https://bitbucket.org/product/features", ""),
        ("https://gitlab.com/explore/projects", ""),
        ("https://huggingface.co/acme/model-7b.", "https://huggingface.co/acme/model-7b"),
        ("https://huggingface.co/datasets/acme/set", "https://huggingface.co/datasets/acme/set"),
        ("https://hf.co/spaces/acme/demo", "https://huggingface.co/spaces/acme/demo"),
        ("https://huggingface.co/papers/2605.00001 and huggingface.co/docs/hub", ""),
        ("https://huggingface.co/acme/m, https://github.com/acme/one", "https://github.com/acme/one"),
        ("https://github.com@evil.example/acme/one", ""),
        ("https://notgithub.com/a/b", ""),
        ("nothing", ""),
    ],
)  # fmt: skip
def test_repository_url_is_the_plain_address(text: str, url: str) -> None:
    assert repository_url(readable(text)) == url


@pytest.mark.parametrize(
    ("shown", "source", "url"),
    [
        ("Code is here.", r"Code is \href{https://github.com/acme/a\_b}{here}.", "https://github.com/acme/a_b"),
        (
            "We release it.",
            r"We release it\footnote{See \url{https://github.com/acme/two}}.",
            "https://github.com/acme/two",
        ),
        (
            "Code: https://github.com/acme/one",
            r"github.com/acme/one, \href{github.com/acme/two}{x}",
            "https://github.com/acme/one",
        ),
        ("Data: hf.co/datasets/acme/d", r"\href{https://github.com/acme/e{\_}f}{Code}", "https://github.com/acme/e_f"),
        ("Nothing.", r"Nothing\footnote{of note}.", ""),
    ],
)
def test_an_address_behind_other_words_counts_too(shown: str, source: str, url: str) -> None:
    assert repository_of(shown, source) == url


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)", "data:text/html,x", "//host", "https://a b", "https://a.example/" + "x" * 600, 7,
        None, "",
        "https://github.com@evil.example/", "https://user:word@a.example/x", "https://a.example/x\ty",
        "https://a.example/x\u00a0y", "https://a.example/\u202egnp.exe", "https://a.example/x\ny", "https://a.example/\uffff",
        "https://a.example/\x07", "https://", "https:///path", "https://localhost.", "https://a.example:99999/",
        "https://evil.example\\@github.com/", "https://a.example/\u2066x", "https://[::1", "https://a.example/\u200bx",
    ],
)  # fmt: skip
def test_web_url_refuses_what_must_not_become_a_link(value: object) -> None:
    assert web_url(value) == ""


@pytest.mark.parametrize(
    "value",
    ["https://a.example/x?y=1#z", "http://a.example:8080/~b/@c", "https://müller.example/ü", " https://a.example/x\n"],
)
def test_web_url_keeps_what_is_one(value: str) -> None:
    assert web_url(value) == value.strip()


@given(st.text() | st.from_regex(r"https?://[^ ]{0,20}"))
def test_links_read_again_are_the_same(text: str) -> None:
    assert repository_url(repository_url(text)) == repository_url(text)
    assert web_url(web_url(text)) == web_url(text)
