#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

SAID = "The settings cannot be used:"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")
    # Imported here, since they read the variable above.
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        settings.INSTALLED_APPS  # noqa: B018  the first look reads them all
    except (ImproperlyConfigured, ValueError) as error:
        lines = str(error).splitlines()
        sys.exit(f"{SAID} {lines[0]}" if len(lines) == 1 else "\n- ".join([SAID, *lines]))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
