from django.urls import path
from django.views.generic import RedirectView

from digest import feeds
from digest.views import (
    editions,
    feedback,
    follows,
    for_you,
    leaving,
    mails,
    monitoring,
    outlines,
    preview,
    schedule,
    subscription,
    welcome,
)

app_name = "digest"

urlpatterns = [
    path("subscription/", subscription.subscription, name="subscription"),
    path("subscription/start/", subscription.start, name="start"),
    path("subscription/sent/<paper_id:public_id>/", subscription.was_sent, name="was_sent"),
    path("subscription/said/<paper_id:public_id>/", subscription.say, name="say"),
    path("subscription/feed/<slug:key>/", feeds.digests, name="feed"),
    path("subscription/resume/", leaving.resume, name="resume"),
    path("subscription/end/", leaving.end, name="end"),
    path("subscription/less/", leaving.less_of_it, name="less_of_it"),
    path("subscription/schedule/", schedule.schedule, name="schedule"),
    path("subscription/pause/", schedule.pause, name="pause"),
    path("subscription/mail/", schedule.switches, name="switches"),
    path("subscription/now/", schedule.ask, name="ask"),
    path("subscription/address/", schedule.let_go, name="let_go"),
    path("subscription/follows/", follows.follow_list, name="follows"),
    path("subscription/follows/add/", follows.follow, name="follow"),
    path("subscription/follows/import/", follows.bring, name="import_follows"),
    path("subscription/follows/export/", follows.export, name="export_follows"),
    path("subscription/follows.opml", outlines.outlines, name="follows_opml"),
    path("subscription/opinions/", feedback.opinion_list, name="opinions"),
    path("subscription/opinions/<int:pk>/undo/", feedback.undo_opinion, name="undo_opinion"),
    path("subscription/preview/", preview.preview, name="preview"),
    path("subscription/for-you/", for_you.for_you, name="for_you"),
    path("subscription/welcome/", welcome.topics, name="welcome"),
    path("subscription/welcome/schedule/", welcome.schedule, name="welcome_schedule"),
    path("subscription/welcome/preview/", welcome.look, name="welcome_preview"),
    path("archive/", editions.archive, name="archive"),
    path("archive/feed/", feeds.archive, name="archive_feed"),
    # Former addresses of days.
    path("archive/<day:day>/", RedirectView.as_view(pattern_name="catalogue:day", permanent=True)),
    path("d/<str:token>/", mails.delivery_detail, name="delivery_detail"),
    path("d/<str:token>/unsubscribe/", leaving.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/resubscribe/", leaving.resubscribe, name="resubscribe"),
    path("d/<str:token>/less/", leaving.less, name="less"),
    path("d/<str:token>/p/<paper_id:public_id>/", feedback.feedback, name="feedback"),
    path("d/<str:token>/p/<paper_id:public_id>/<slug:act>/", feedback.feedback, name="feedback_act"),
    path("copy/<str:token>/", mails.copy, name="copy"),
    path("metrics/", monitoring.metrics_page, name="metrics"),
]
