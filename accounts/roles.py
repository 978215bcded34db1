"""What staff may do: one table, which each migration writes into the two groups.

A superuser puts people into them. Only a superuser grants anything, and nobody else touches an account that has rights.
"""

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.models import Q, QuerySet

from accounts.models import User

CURATORS, OPERATORS = GROUPS = ("curators", "operators")

NOTHING = ""
VIEW = "view"
CHANGE = "view change"
EDIT = "view add change"
ALL = "view add change delete"

# Curators make what is read, and see no reader's address; operators see that it arrives.
TABLE = {
    #                               curators     operators
    "catalogue.paper":             (ALL,         VIEW),
    "catalogue.topic":             (ALL,         VIEW),
    "catalogue.papertopic":        (ALL,         NOTHING),
    "catalogue.author":            (ALL,         VIEW),
    "catalogue.authorship":        (ALL,         NOTHING),
    "catalogue.category":          (EDIT,        NOTHING),
    "catalogue.vote":              (VIEW,        NOTHING),
    "catalogue.signalweight":      (EDIT,        NOTHING),
    "catalogue.reading":           (VIEW,        NOTHING),
    "catalogue.repository":        (VIEW,        VIEW),
    "catalogue.harvest":           ("view add",  "view add"),  # to add one is to order a run
    "catalogue.reject":            (VIEW,        VIEW),
    "catalogue.requestslot":       (VIEW,        VIEW),
    "digest.edition":              (ALL,         NOTHING),
    "digest.editionrules":         (CHANGE,      VIEW),
    "digest.persona":              (ALL,         NOTHING),
    "digest.pick":                 (ALL,         NOTHING),
    "digest.subscription":         (NOTHING,     CHANGE),
    "digest.follow":               (NOTHING,     ALL),
    "digest.delivery":             (NOTHING,     VIEW),
    "digest.deliveryitem":         (NOTHING,     VIEW),
    "digest.ledgermonth":          (NOTHING,     VIEW),
    "digest.batchcursor":          (NOTHING,     VIEW),
    "digest.handover":             (NOTHING,     VIEW),
    "digest.relay":                (NOTHING,     CHANGE),
    "digest.mailevent":            (NOTHING,     VIEW),
    "digest.suppression":          (NOTHING,     "view add delete"),  # to delete one is to lift it
    "accounts.user":               (NOTHING,     "view change delete"),
    "accounts.deed":               (NOTHING,     VIEW),  # of what they may look at
    "account.emailaddress":        (NOTHING,     VIEW),
    "socialaccount.socialaccount": (NOTHING,     NOTHING),
    "auth.group":                  (NOTHING,     NOTHING),
    "papersite.heartbeat":         (VIEW,        VIEW),
}  # fmt: skip


def permissions_of(group: str, app_label: str = "") -> set[str]:
    """Such as ``catalogue.view_paper``, those of one app or of all."""
    column = GROUPS.index(group)
    return {
        f"{app}.{action}_{model}"
        for app, model, row in ((*name.split("."), row) for name, row in TABLE.items())
        if app_label in ("", app)
        for action in row[column].split()
    }


def write(
    app_config: Any,
    *,
    using: str,
    apps: Apps = current_apps,
    verbosity: int = 0,
    interactive: bool = False,
    **kwargs: Any,
) -> None:
    """Called after each migration and flush, for one app: the groups are there, and may do what the table says.

    Where the app's models or the groups' tables are not there yet, or not any more, it writes what can be written.
    """
    if not any(name.startswith(f"{app_config.label}.") for name in TABLE):
        return
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return
    # Django makes them in a receiver of the same signal, whose turn may come later.
    create_permissions(app_config, verbosity=0, interactive=False, using=using, apps=apps)
    there = permissions.objects.using(using).filter(content_type__app_label=app_config.label)
    by_name = {f"{app_config.label}.{one.codename}": one for one in there}
    for name in GROUPS:
        group, _ = groups.objects.using(using).get_or_create(name=name)
        held = set(group.permissions.filter(content_type__app_label=app_config.label))
        wanted = {by_name[each] for each in permissions_of(name, app_config.label) if each in by_name}
        group.permissions.remove(*held - wanted)
        group.permissions.add(*wanted - held)


def with_rights() -> QuerySet[User]:
    """Accounts that are more than a reader's."""
    granted = Q(is_staff=True) | Q(is_superuser=True) | Q(groups__isnull=False) | Q(user_permissions__isnull=False)
    return User.objects.filter(granted).distinct()


def may_manage(staff: User, account: User) -> bool:
    """Whether staff may change an account: readers' for any who may change accounts, all others for superusers."""
    return staff.is_superuser or not with_rights().filter(pk=account.pk).exists()
