from django.urls import path

from papersite.catalogue.saved import feeds, views

urlpatterns = [
    path("", views.saved, name="saved"),
    path("undo/", views.undo, name="saved_undo"),
    path("feed/<slug:key>/", feeds.saved, name="saved_feed"),
    path("papers.<str:kind>", views.export, name="saved_export"),
    path("<int:pk>/note/", views.note, name="saved_note"),
    path("<int:pk>/read/", views.mark_read, name="saved_read"),
    path("<int:pk>/remove/", views.remove, name="saved_remove"),
]
