from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PapersiteConfig(AppConfig):
    name = "papersite"

    def ready(self) -> None:
        from papersite import checks, database  # noqa: F401, PLC0415  registering the checks needs loaded apps


class DeskConfig(admin_apps.AdminConfig):
    """Django admin, with the staff's desk as its site."""

    default = False
    default_site = "papersite.desk.Desk"
