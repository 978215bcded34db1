from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from papersite import views
from papersite.observability import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    # The one page of the account says what allauth's overview of second factors would.
    path("accounts/2fa/", RedirectView.as_view(pattern_name="accounts:account"), name="mfa_index"),
    path("accounts/", include("allauth.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("health/", views.health, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("", include("papersite.catalogue.urls")),
    path("", include("digest.urls")),
    # After the catalogue, whose forms of addresses these share.
    path("api/", include("papersite.api.urls")),
]

outbox_urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<str:name>/", views.outbox_mail, name="outbox_mail"),
    path("outbox/<str:name>/html/", views.outbox_html, name="outbox_html"),
]
if settings.DEBUG:
    urlpatterns += outbox_urlpatterns

# Without a secret anybody could report bounces of anybody.
if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns.append(path("anymail/", include("papersite.mailing.webhooks")))

handler400 = "papersite.views.bad_request"
handler403 = "papersite.views.permission_denied"
handler404 = "papersite.views.page_not_found"
handler429 = "papersite.views.too_many_requests"  # allauth's
handler500 = "papersite.views.server_error"
