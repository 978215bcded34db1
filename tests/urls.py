"""The site's addresses with those that exist only while DEBUG: pytest-django turns it off."""

from papersite.urls import handler400, handler403, handler404, handler429, handler500, outbox_urlpatterns, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]

urlpatterns = [*urlpatterns, *outbox_urlpatterns]
