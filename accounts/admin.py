# Importing these two registers what is taken off the curators' desk below.
from allauth.mfa.admin import AuthenticatorAdmin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAppAdmin  # noqa: F401
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from accounts.models import User

# Keys and secrets are nobody's reading.
admin.site.unregister([Authenticator, SocialApp, SocialToken])


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["email", "name", "is_staff", "is_active", "joined_at", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "joined_at"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    date_hierarchy = "joined_at"
    readonly_fields = ["joined_at", "last_login"]
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("History", {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
