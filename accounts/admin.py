"""The desk for people. Addresses change by confirmation, rights by superusers, and accounts end as a whole."""

from typing import Any

# Importing these three registers what is taken off the desk below.
from allauth.account.admin import EmailAddressAdmin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAppAdmin  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from accounts import closing, roles
from accounts.models import Deed, User
from accounts.staff_forms import AccountForm, AskForAddressForm, NewAccountForm, PasswordForm
from papersite import desk, desk_lists
from papersite.web import typed

# Keys and secrets are nobody's reading. Addresses and linked sites open accounts: they are shown with their account,
# and nobody types, confirms or moves one here.
admin.site.unregister([Authenticator, SocialApp, SocialToken, EmailAddress, SocialAccount, Group])


class AddressInline(desk.ReadOnly, admin.TabularInline):
    model = EmailAddress
    fields = ["email", "verified", "primary"]
    can_delete = False


class LinkedInline(desk.ReadOnly, admin.TabularInline):
    model = SocialAccount
    fields = ("provider", "date_joined", "last_login")
    readonly_fields = fields
    can_delete = False


@admin.register(User)
class UserAdmin(desk_lists.LargeList, desk.Unnamed, desk.ModelAdmin, DjangoUserAdmin):
    form = AccountForm
    unlogged = ("name", "password")
    add_form = NewAccountForm
    change_password_form = PasswordForm
    list_display = ["email", "name", "is_staff", "is_active", "joined_at", "last_login"]
    list_filter = ["is_staff", "is_superuser", "groups", "is_active", "joined_at"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        is_super = _user(request).is_superuser
        rights = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")
        return (
            (None, {"fields": ("email", "name", "password") if is_super else ("email", "name")}),
            ("Rights", {"fields": rights if is_super else ("is_active", "is_staff")}),
            ("History", {"fields": ("joined_at", "last_login")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return []
        granted = [] if _user(request).is_superuser else ["is_staff"]
        return ["email", "joined_at", "last_login", *granted]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [AddressInline, LinkedInline] if obj is not None else []

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """Accounts are closed one by one."""
        found = super().get_actions(request, action_location)
        return {name: action for name, action in found.items() if name != "delete_selected"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Whoever makes an account knows its password.
        return super().has_add_permission(request) and _user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_manage(request, obj)

    def _may_manage(self, request: HttpRequest, account: User | None) -> bool:
        return account is None or roles.may_manage(_user(request), account)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Writes what was changed here and nothing else: the rest may have changed since it was read."""
        if not change:
            obj.save()
        elif fields := {field.name for field in User._meta.fields}.intersection(form.changed_data):
            obj.save(update_fields=fields)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """An account takes all its rows along, as its owner would: what counts is who may close it."""
        accounts = list(objs)
        lacking = {"account"} if not all(self.has_delete_permission(request, one) for one in accounts) else set()
        rows = [f"{one}: the account, its subscription, follows, votes, saved papers and ledger" for one in accounts]
        kept = [f"{one} is the last superuser" for one in accounts if closing.is_last_curator(one)]
        return rows, {"accounts": len(accounts)}, lacking, kept

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        try:
            closing.close(obj)
        except closing.LastCurator:
            raise PermissionDenied from None

    def get_urls(self) -> list[Any]:
        asked = path("<id>/address/", self.admin_site.admin_view(self.ask_for_address), name="accounts_user_address")
        return [asked, *super().get_urls()]

    def ask_for_address(self, request: HttpRequest, id: str) -> HttpResponse:
        """GET asks for another address; POST mails a link there, which makes it the account's, and tells the old."""
        account = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404
        form = AskForAddressForm(request.POST or None, user=account)
        if request.method == "POST" and form.is_valid():
            form.save(request)
            self.log_change(request, account, "Asked for another address.")
            return redirect("admin:accounts_user_change", account.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Ask for another address",
            "subtitle": str(account),
            "opts": self.opts,
            "original": account,
            "form": form,
        }
        return render(request, "admin/accounts/user/address.html", context)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        # Whoever sets a password signs in with it.
        if not _user(request).is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


@admin.register(Deed)
class DeedAdmin(desk_lists.LargeList, desk.ReadOnly, desk.ModelAdmin):
    """What staff did, to what whoever looks may look at. It outlives accounts and rows."""

    list_display = ["made_at", "by_name", "action", "model", "object_repr", "said"]
    list_filter = ["action", "model"]
    search_fields = ["by_name", "object_repr", "said"]
    search_help_text = "A name, words of the thing or of what changed, paper:12 for one thing, by:3 for one account."
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deed]:
        found: QuerySet[Deed] = super().get_queryset(request)
        if _user(request).is_superuser:
            return found
        seen = [
            model._meta.label_lower
            for model in self.admin_site._registry
            if request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        ]
        return found.filter(model__in=seen)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Deed], search_term: str) -> Any:
        kind, _, number = search_term.strip().partition(":")
        if kind == "by" and (by := typed.number(number, 18)) is not None:
            return queryset.filter(by_number=by), False
        model = next((one._meta.label_lower for one in self.admin_site._registry if one._meta.model_name == kind), "")
        if model and number:
            return queryset.filter(model=model, object_id=number), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(Group)
class GroupAdmin(desk.ModelAdmin, DjangoGroupAdmin):
    """For superusers. What curators and operators may do is written in the code, and shown here."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """What may only be looked at names each right by its kind of row: else one question for each."""
        return super().get_queryset(request).prefetch_related("permissions__content_type")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _user(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _user(request).is_superuser and not self._is_house(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _user(request).is_superuser and not self._is_house(obj)

    def _is_house(self, obj: Any) -> bool:
        return isinstance(obj, Group) and obj.name in roles.GROUPS


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
