from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "papersite.catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from papersite.catalogue import export  # noqa: PLC0415  its models need loaded apps

        export.contribute()
