from django.urls import path

from accounts import doors, token_views, views

app_name = "accounts"

urlpatterns = [
    path("", views.account, name="account"),
    path("feeds/renew/", views.renew_feeds, name="renew_feeds"),
    path("tokens/", token_views.token_list, name="tokens"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="revoke_token"),
    path("data/", views.data, name="data"),
    path("data/export/", views.download, name="download"),
    path("close/", views.close, name="close"),
    path("goodbye/", views.goodbye, name="goodbye"),
    # In front of allauth's pages at the same addresses.
    path("password/set/", views.SetPassword.as_view()),
    path("signup/", doors.sign_up),
    path("login/code/", doors.RequestCode.as_view()),
    path("login/code/confirm/", doors.ConfirmCode.as_view()),
    path("confirm-email/<str:key>/", doors.ConfirmAddress.as_view()),
    path("reauthenticate/code/", views.RequestProofCode.as_view()),
]
