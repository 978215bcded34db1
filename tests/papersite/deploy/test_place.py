"""Where things are, from what is said and what is not."""

from papersite.deploy.place import Place


def test_certificates_are_where_certbot_keeps_them_unless_said() -> None:
    assert Place(host="a.example").certificates == (
        "/etc/letsencrypt/live/a.example/fullchain.pem",
        "/etc/letsencrypt/live/a.example/privkey.pem",
    )
    assert Place(certificate="/c", key="/k").certificates == ("/c", "/k")
    assert (Place(folder="/x").python, Place(folder="/x").manage) == ("/x/.venv/bin/python", "/x/manage.py")
