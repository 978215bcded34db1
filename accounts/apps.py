from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import receivers, tasks  # noqa: F401, PLC0415  connecting them needs loaded apps


class DeskConfig(admin.AdminConfig):
    """Django's admin, behind the site's own doors."""

    default = False
    default_site = "accounts.desk.Desk"
