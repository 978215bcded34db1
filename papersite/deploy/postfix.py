"""What comes back goes into the site: failure reports and complaints, and mails that unsubscribe."""

from papersite.deploy.place import Place

PIPES = {"bounces": "process_bounce", "unsub": "process_unsubscribe"}


def files(place: Place) -> dict[str, str]:
    return {"main.cf": _main(place), "master.cf": _master(place)}


def _main(place: Place) -> str:
    keys = [f"{name}@{place.host}" for name in PIPES]
    boxes = ", ".join(f"{{ {key} = {place.name} }}" for key in keys)
    ways = ", ".join(f"{{ {name}@{place.host} = {place.name}-{name}: }}" for name in PIPES)
    limits = "".join(f"{place.name}-{name}_destination_recipient_limit = 1\n" for name in PIPES)
    return f"""\
# To be added to /etc/postfix/main.cf. The MX of {place.host} must lead here; EMAIL_URL=smtp://127.0.0.1:25.
recipient_delimiter = +
virtual_mailbox_domains = {place.host}
virtual_mailbox_maps = inline:{{ {boxes} }}
transport_maps = inline:{{ {ways} }}
# A command gets one mail for one address, so that it knows whose it is.
{limits}"""


def _master(place: Place) -> str:
    lines = "".join(
        f"""\
{place.name}-{name} unix - n n - 2 pipe
  flags=DOR user={place.name} directory={place.folder}
  argv={place.python} {place.manage} {command}
"""
        for name, command in PIPES.items()
    )
    return f"# To be added to /etc/postfix/master.cf.\n{lines}"
