"""The site's addresses as they are where a webhook secret is set."""

from django.urls import include, path

from papersite.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [*urlpatterns, path("anymail/", include("papersite.mailing.webhooks"))]
