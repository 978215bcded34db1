"""Mail as files."""

from pathlib import Path

from django.core.mail import EmailMessage

from papersite.mailing.outbox import EmailBackend, newest, read


def test_each_message_is_one_whole_file(tmp_path: Path) -> None:
    backend = EmailBackend(folder=tmp_path / "outbox", alias="default")

    sent = backend.send_messages([EmailMessage("Ünïcode", "Text.", to=["a@example.org"]), EmailMessage("Nobody", "x")])

    (path,) = newest(tmp_path / "outbox")
    assert sent == 1
    assert (read(path)["Subject"], read(path)["To"]) == ("Ünïcode", "a@example.org")
    assert list((tmp_path / "outbox").iterdir()) == [path]


def test_newest_come_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    backend = EmailBackend(folder=tmp_path, alias="default")
    for number in range(5):
        backend.send_messages([EmailMessage(str(number), "x", to=["a@example.org"])])

    assert [read(path)["Subject"] for path in newest(tmp_path, limit=2)] == ["4", "3"]
