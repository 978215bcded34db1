"""Variables by their kinds, in files and in the environment, and what is wrong with them."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from papersite.variables import Environment
from papersite.web.rates import Rate


def problems(environment: Environment) -> list[str]:
    try:
        environment.finish()
    except ImproperlyConfigured as error:
        return str(error).splitlines()
    return []


def test_each_kind_is_read() -> None:
    env = Environment(
        {
            "A": " text ", "B": "Off", "C": "7", "D": "0.5", "E": "x, y,,z", "F": "3/10m,10/d", "G": "redis://cache/1",
            "H": "smtp+tls://me:se%40cret@mail.example.org:587", "I": "postgres://me:p@a:1,b:2/papers",
        }
    )  # fmt: skip

    assert (env("A"), env.bool("B", default=True), env.int("C", default=1)) == (" text ", False, 7)
    assert (env.float("D", default=1), env.list("E"), env.url("G", schemes=["redis"])) == (
        0.5,
        ["x", "y", "z"],
        "redis://cache/1",
    )
    assert env.rates("F", default="") == (Rate(3, 600), Rate(10, 86400))
    assert (env.email_url("H") or {})["EMAIL_HOST_PASSWORD"] == "se@cret"
    assert env.db_url("I", default="sqlite:///x")["HOST"] == "a,b"
    assert problems(env) == []


def test_what_is_empty_is_not_set() -> None:
    env = Environment(dict.fromkeys("ABCDEFG", ""))

    assert env.bool("A", default=True) is True
    assert (env("B", default="x"), env.int("C", default=3), env.list("D", default=["y"])) == ("x", 3, ["y"])
    assert env.email_url("E") is None
    assert env.db_url("F", default="sqlite:///x")["NAME"] == "x"
    assert env("G", needed="it signs.") == ""
    assert problems(env) == ["G is not set: it signs."]


def test_all_that_is_wrong_is_said_at_once_and_no_password_with_it() -> None:
    env = Environment(
        {
            "A": "ture", "B": "many", "C": "-1", "D": "3/fortnight", "E": "mysql://me:hunter2@db/x",
            "F": "postgres://me:hunter2:x@db:hunter2/x", "G": "LOUD", "H": "nan", "I": "smtp://me:hunter2@host:port",
        }
    )  # fmt: skip

    assert env.bool("A", default=False) is False
    assert env.int("B", default=4) == 4
    env.int("C", default=4)
    env.rates("D", default="1/m")
    assert env.db_url("E", default="sqlite:///x")["NAME"] == "x"
    env.db_url("F", default="sqlite:///x")
    assert env.choice("G", among=("INFO", "ERROR"), default="INFO") == "INFO"
    env.float("H", default=1)
    env.email_url("I")

    found = problems(env)
    assert [line.partition(":")[0] for line in found] == list("ABCDEFGHI")
    assert "'ture' is neither true nor false" in found[0]
    assert "-1 is less than 0" in found[2]
    assert "postgres://" in found[4]
    assert "hunter2" not in str(found)


def test_any_may_come_from_a_file_without_the_end_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("$ecret word\n")
    (tmp_path / "picture").write_bytes(b"\xff\xfe")
    env = Environment({
        "A_FILE": str(tmp_path / "key"), "B_FILE": str(tmp_path / "none"), "C_FILE": str(tmp_path / "picture"),
        "MAILER_TOKEN_FILE": str(tmp_path / "key"), "MAILER_LOGIN": "me",
    })  # fmt: skip

    assert env("A") == "$ecret word"
    assert env.family("MAILER_", is_used=True) == {"TOKEN": "$ecret word", "LOGIN": "me"}
    assert env.family("MAILER_", is_used=False) == {}
    env.int("B", default=1)
    env("C")
    assert problems(env) == [
        f"B_FILE: {tmp_path / 'none'} cannot be read: No such file or directory",
        f"C_FILE: {tmp_path / 'picture'} cannot be read: it is no text",
    ]
    assert env.unknown() == {}


def test_a_file_says_what_the_environment_does_not(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\n\nSITE='The Papers'\nexport KEY=\"a b\"\nHOST=file\nHOST=file2\nFROM=me # the sender\nnonsense\n"
    )
    env = Environment({"HOST": "process"}, tmp_path / ".env")

    assert (env("SITE"), env("KEY"), env("HOST")) == ("The Papers", "a b", "process")
    assert env("FROM") == "me # the sender"
    assert env.lines == [
        "HOST stands in .env twice; the last counts",
        "FROM in .env has a comment behind its value, which is taken as part of it",
        "line 8 of .env is no NAME=value",
    ]
    assert Environment({}, tmp_path / "none").lines == []


def test_a_name_that_nothing_reads_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HARVEST_SOURCE=arxiv\nSHOE_SIZE=43\nPGSSLMODE=require\nANY_KEY=x\nTZ=UTC\n")
    env = Environment({"PATH": "/bin", "EDITOR": "vi", "MAIL_FORM": "me@example.org"}, tmp_path / ".env")
    for name in ("HARVEST_SOURCES", "MAIL_FROM"):
        env(name)
    env.family("ANY_", is_used=False)

    assert env.unknown() == {"HARVEST_SOURCE": "HARVEST_SOURCES", "MAIL_FORM": "MAIL_FROM", "SHOE_SIZE": ""}


@pytest.mark.parametrize("text", ["1", "TRUE", "yes", "on"])
def test_yes_has_several_words(text: str) -> None:
    assert Environment({"A": text}).bool("A", default=False) is True
