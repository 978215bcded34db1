from django.urls import path

from digest import views

app_name = "digest"

urlpatterns = [
    path("subscription/", views.subscription, name="subscription"),
    path("subscription/start/", views.start, name="start"),
    path("subscription/resume/", views.resume, name="resume"),
    path("subscription/end/", views.end, name="end"),
    path("subscription/follows/", views.follow, name="follow"),
    path("subscription/follows/<int:pk>/remove/", views.unfollow, name="unfollow"),
    path("metrics/", views.metrics_page, name="metrics"),
    path("archive/", views.archive, name="archive"),
    path("archive/<day:day>/", views.edition_detail, name="edition_detail"),
    path("d/<str:token>/", views.delivery_detail, name="delivery_detail"),
    path("d/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/resubscribe/", views.resubscribe, name="resubscribe"),
]
