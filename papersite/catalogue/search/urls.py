from django.urls import path

from papersite.catalogue.search import feeds, views
from papersite.limits import limited
from papersite.shared_pages import shared

urlpatterns = [
    path("", views.search, name="search"),
    path("help/", views.search_help, name="search_help"),
    path("suggest/", views.suggest, name="suggest"),
    path("feed/", shared("q")(limited("search")(feeds.SearchFeed())), name="search_feed"),
]
