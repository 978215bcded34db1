"""Where the links of mails, feeds and exports lead: always to the site as the world knows it."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings


def absolute(address: str) -> str:
    """An address of this site, path or whole, as ``SITE_URL`` has it.

    Whatever host, port and scheme it was asked for by are left out: a stranger chooses those.
    """
    _, _, path, query, fragment = urlsplit(address)
    return f"{settings.SITE_URL}{urlunsplit(('', '', path, query, fragment))}"
