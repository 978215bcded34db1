from django.urls import path

from digest.views import editions, follows, leaving, mails, monitoring, schedule, subscription

app_name = "digest"

urlpatterns = [
    path("subscription/", subscription.subscription, name="subscription"),
    path("subscription/start/", subscription.start, name="start"),
    path("subscription/resume/", leaving.resume, name="resume"),
    path("subscription/end/", leaving.end, name="end"),
    path("subscription/less/", leaving.less_of_it, name="less_of_it"),
    path("subscription/schedule/", schedule.schedule, name="schedule"),
    path("subscription/pause/", schedule.pause, name="pause"),
    path("subscription/mail/", schedule.switches, name="switches"),
    path("subscription/now/", schedule.ask, name="ask"),
    path("subscription/address/", schedule.let_go, name="let_go"),
    path("subscription/follows/", follows.follows, name="follows"),
    path("subscription/follows/add/", follows.follow, name="follow"),
    path("subscription/follows/<int:pk>/remove/", follows.unfollow, name="unfollow"),
    path("archive/", editions.archive, name="archive"),
    path("archive/<day:day>/", editions.edition_detail, name="edition_detail"),
    path("d/<str:token>/", mails.delivery_detail, name="delivery_detail"),
    path("d/<str:token>/unsubscribe/", leaving.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/resubscribe/", leaving.resubscribe, name="resubscribe"),
    path("d/<str:token>/less/", leaving.less, name="less"),
    path("metrics/", monitoring.metrics_page, name="metrics"),
]
