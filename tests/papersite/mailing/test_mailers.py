"""Which backend mail leaves by."""

from pathlib import Path

from papersite.mailing import mailers, smtp

SERVER = {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": None, "EMAIL_HOST_USER": None, "EMAIL_HOST_PASSWORD": None}


def test_a_provider_goes_before_a_server_and_a_server_before_files() -> None:
    provider = mailers.chosen(provider="postmark", server=SERVER, folder=Path("out"))
    server = mailers.chosen(provider="", server=SERVER, folder=Path("out"))
    files = mailers.chosen(provider="", server=None, folder=Path("out"))

    assert provider["default"] == {"BACKEND": "anymail.backends.postmark.EmailBackend"}
    assert server["default"]["OPTIONS"]["host"] == "mail.example.org"
    assert server["default"]["OPTIONS"]["timeout"] == smtp.PATIENCE
    assert files["default"]["OPTIONS"] == {"folder": Path("out")}
