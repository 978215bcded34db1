from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "papersite.catalogue"
    verbose_name = "Catalogue"
