from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "digest"
    verbose_name = "Digest"

    def ready(self) -> None:
        from accounts import blocklist  # noqa: PLC0415
        from digest.bounces import handling, webhooks  # noqa: F401, PLC0415  connecting them needs loaded apps
        from digest.following import merged_topics  # noqa: PLC0415
        from digest.planning import issues  # noqa: PLC0415
        from digest.readers import export, receivers  # noqa: F401, PLC0415
        from digest.sending import incidents  # noqa: F401, PLC0415  the same

        export.contribute()
        issues.contribute()
        merged_topics.register()
        blocklist.register("digest", handling.has_complained)
