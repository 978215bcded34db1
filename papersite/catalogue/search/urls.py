from django.urls import path

from papersite.catalogue.search import feeds, views

urlpatterns = [
    path("", views.search, name="search"),
    path("help/", views.search_help, name="search_help"),
    path("suggest/", views.suggest, name="suggest"),
    path("feed/", feeds.search, name="search_feed"),
]
