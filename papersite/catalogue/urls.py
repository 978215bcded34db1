from django.urls import include, path, re_path, register_converter

from papersite.catalogue import converters, crawlers, feeds, habits, images, views
from papersite.catalogue.api import huggingface
from papersite.catalogue.citing import references
from papersite.catalogue.saved.views import save

register_converter(converters.PaperIdConverter, "paper_id")
register_converter(converters.AnyPaperIdConverter, "any_paper_id")
register_converter(converters.CategoryConverter, "category")
register_converter(converters.DayConverter, "day")
register_converter(converters.WeekConverter, "week")
register_converter(converters.MonthConverter, "month")
register_converter(converters.ReferenceConverter, "reference")

# Of arXiv, as people write it: "arXiv:" in front, a version behind, a class within.
ANY_ID = r"(?i:arxiv:)?(?:[0-9]{4}\.[0-9]{4,5}|[A-Za-z-]{2,12}(?:\.[A-Za-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?"

app_name = "catalogue"

urlpatterns = [
    path("", views.home, name="home"),
    path("papers/<day:day>/", views.day, name="day"),
    path("papers/week/<week:day>/", views.week, name="week"),
    path("papers/month/<month:day>/", views.month, name="month"),
    path("papers/<day:day>.<reference:kind>", references.day, name="day_references"),
    path("papers/week/<week:day>.<reference:kind>", references.week, name="week_references"),
    path("papers/month/<month:day>.<reference:kind>", references.month, name="month_references"),
    path("papers/<paper_id:public_id>.<reference:kind>", references.paper, name="paper_references"),
    path("trending.<reference:kind>", references.trending, name="trending_references"),
    path("archive.<reference:kind>", references.archive, name="archive_references"),
    path("search.<reference:kind>", references.search, name="search_references"),
    path("papers/<paper_id:public_id>.png", images.paper, name="paper_image"),
    path("papers/<any_paper_id:public_id>.md", huggingface.as_markdown, name="paper_markdown"),
    path("topics/<slug:slug>.<reference:kind>", references.topic, name="topic_references"),
    path("categories/<category:code>.<reference:kind>", references.category, name="category_references"),
    path("authors/<int:pk>.<reference:kind>", references.author, name="author_references"),
    path("feed/", feeds.home, name="home_feed"),
    path("papers/<day:day>/feed/", feeds.day, name="day_feed"),
    path("papers/week/<week:day>/feed/", feeds.week, name="week_feed"),
    path("papers/month/<month:day>/feed/", feeds.month, name="month_feed"),
    path("topics/<slug:slug>/feed/", feeds.topic, name="topic_feed"),
    path("categories/<category:code>/feed/", feeds.category, name="category_feed"),
    path("authors/<int:pk>/feed/", feeds.author, name="author_feed"),
    # What looks like one of these and is in no calendar.
    re_path(r"^papers/(?:week/|month/)?[0-9]{4}-(?:W?[0-9]{1,2})(?:-[0-9]{1,2})?/(?:feed/)?$", views.no_such_time),
    path("papers/<paper_id:public_id>/", views.paper_detail, name="paper_detail"),
    path("papers/<paper_id:public_id>/vote/", views.vote, name="vote"),
    path("papers/<paper_id:public_id>/cite/", views.cite, name="cite"),
    path("papers/<paper_id:public_id>/save/", save, name="save"),
    path("saved/", include("papersite.catalogue.saved.urls")),
    path("search/", include("papersite.catalogue.search.urls")),
    path("trending/how/", views.trending_how, name="trending_how"),
    path("topics.opml", feeds.topics_opml, name="topics_opml"),
    path("topics/", views.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("categories/<category:code>/", views.category_detail, name="category_detail"),
    path("authors/<int:pk>/", views.author_detail, name="author_detail"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap_index, name="sitemap_index"),
    path("sitemaps/site.xml", crawlers.sitemap_site, name="sitemap_site"),
    path("sitemaps/<month:month>/<int:part>.xml", crawlers.sitemap, name="sitemap"),
    path("opensearch.xml", crawlers.opensearch, name="opensearch"),
    path("manifest.webmanifest", crawlers.manifest, name="manifest"),
    path(".well-known/security.txt", crawlers.security, name="security"),
    path("favicon.ico", crawlers.favicon, name="favicon"),
    re_path(r"^(?:abs|pdf|html)/(?P<written>[^?#]{1,60}?)/?$", habits.paper),
    re_path(rf"^papers/(?P<written>{ANY_ID})(?P<end>/|\.(?:bib|ris|json|png))$", habits.paper),
]
