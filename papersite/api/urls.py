from django.urls import include, path

from papersite.api import pages, v1
from papersite.catalogue.api import huggingface

urlpatterns = [
    path("", pages.for_programs, name="for_programs"),
    path("v1/", include((v1.patterns(), "api"))),
    # Without slashes at the end, as Hugging Face's programs ask.
    path("daily_papers", huggingface.daily_papers),
    path("papers/search", huggingface.search),
    path("papers/<path:name>", huggingface.paper),
    path("<path:rest>", huggingface.nothing_here),
]
