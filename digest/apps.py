from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "digest"
    verbose_name = "Digest"

    def ready(self) -> None:
        from accounts import blocklist  # noqa: PLC0415
        from digest import bounces, export, receivers  # noqa: F401, PLC0415  connecting them needs loaded apps

        export.contribute()
        blocklist.register("digest", bounces.has_complained)
