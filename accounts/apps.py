from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import receivers, roles  # noqa: F401, PLC0415  connecting them needs loaded apps

        post_migrate.connect(roles.write, dispatch_uid="accounts.write_roles")
