from django.urls import path

from papersite.catalogue.saved import feeds, library, views

urlpatterns = [
    path("", views.saved, name="saved"),
    path("undo/", views.undo, name="saved_undo"),
    path("import/", library.library, name="library"),
    path("import/keep/", library.keep, name="library_keep"),
    path("import/forget/", library.forget, name="library_forget"),
    path("import/not-found.txt", library.missing, name="library_missing"),
    path("feed/<slug:key>/", feeds.saved, name="saved_feed"),
    path("papers.<str:kind>", views.export, name="saved_export"),
    path("<int:pk>/note/", views.note, name="saved_note"),
    path("<int:pk>/read/", views.mark_read, name="saved_read"),
    path("<int:pk>/remove/", views.remove, name="saved_remove"),
]
