from django.urls import include, path, re_path, register_converter

from papersite.catalogue import converters, feeds, references, views
from papersite.catalogue.api import huggingface
from papersite.catalogue.saved.views import save

register_converter(converters.PaperIdConverter, "paper_id")
register_converter(converters.AnyPaperIdConverter, "any_paper_id")
register_converter(converters.CategoryConverter, "category")
register_converter(converters.DayConverter, "day")
register_converter(converters.WeekConverter, "week")
register_converter(converters.MonthConverter, "month")
register_converter(converters.ReferenceConverter, "reference")

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
    path("topics/", views.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("categories/<category:code>/", views.category_detail, name="category_detail"),
    path("authors/<int:pk>/", views.author_detail, name="author_detail"),
]
