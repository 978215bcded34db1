from django.apps import AppConfig


class PapersiteConfig(AppConfig):
    name = "papersite"

    def ready(self) -> None:
        from papersite import checks, database, lookups  # noqa: F401, PLC0415  registering the checks needs loaded apps
