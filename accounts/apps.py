from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import receivers, roles, tasks  # noqa: F401, PLC0415  connecting them needs loaded apps

        post_migrate.connect(roles.write, dispatch_uid="accounts.write_roles")


class DeskConfig(admin.AdminConfig):
    """Django's admin, behind the site's own doors."""

    default = False
    default_site = "accounts.desk.Desk"
