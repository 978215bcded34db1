from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "digest"
    verbose_name = "Digest"

    def ready(self) -> None:
        from digest import export, receivers  # noqa: F401, PLC0415  connecting them needs loaded apps

        export.contribute()
