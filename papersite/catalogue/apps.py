from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class CatalogueConfig(AppConfig):
    name = "papersite.catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from papersite import markdown  # noqa: PLC0415
        from papersite.catalogue import export  # noqa: PLC0415  its models need loaded apps
        from papersite.catalogue.sources import tex  # noqa: PLC0415

        export.contribute()
        markdown.read_formulas_with(lambda formula: tex.plain(f"${formula}$"))
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(sender: Any, using: str, plan: Any = (), **signal: Any) -> None:
    from papersite.catalogue.database import triggers  # noqa: PLC0415

    triggers.before_migrations(connections[using], plan)


def _after_migrations(sender: Any, using: str, plan: Any = (), **signal: Any) -> None:
    from papersite.catalogue import tallies  # noqa: PLC0415
    from papersite.catalogue.database import triggers  # noqa: PLC0415

    if triggers.after_migrations(connections[using], plan):
        tallies.mend_with(connections[using])
