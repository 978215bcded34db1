from django.urls import path

from digest.views import editions, follows, mails, monitoring, preview, schedule, subscription, welcome

app_name = "digest"

urlpatterns = [
    path("subscription/", subscription.subscription, name="subscription"),
    path("subscription/start/", subscription.start, name="start"),
    path("subscription/resume/", subscription.resume, name="resume"),
    path("subscription/end/", subscription.end, name="end"),
    path("subscription/schedule/", schedule.schedule, name="schedule"),
    path("subscription/follows/", follows.follow_list, name="follows"),
    path("subscription/follows/add/", follows.follow, name="follow"),
    path("subscription/follows/import/", follows.bring, name="import_follows"),
    path("subscription/follows/export/", follows.export, name="export_follows"),
    path("subscription/preview/", preview.preview, name="preview"),
    path("subscription/welcome/", welcome.topics, name="welcome"),
    path("subscription/welcome/schedule/", welcome.schedule, name="welcome_schedule"),
    path("subscription/welcome/preview/", welcome.look, name="welcome_preview"),
    path("archive/", editions.archive, name="archive"),
    path("archive/<day:day>/", editions.edition_detail, name="edition_detail"),
    path("d/<str:token>/", mails.delivery_detail, name="delivery_detail"),
    path("d/<str:token>/unsubscribe/", mails.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/resubscribe/", mails.resubscribe, name="resubscribe"),
    path("metrics/", monitoring.metrics_page, name="metrics"),
]
