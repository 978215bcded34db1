"""Makes the first curator of a site, or another one, without a password that anybody else knows."""

from argparse import ArgumentParser
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from papersite import links

GROUP = "curators"


class Command(BaseCommand):
    help = "Makes the person with this address a curator, and prints a link under which they set their password, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")
        parser.add_argument(
            "--superuser", action="store_true", help="with every right, also that to make others curators"
        )

    def handle(self, *, address: str, superuser: bool, **options: Any) -> None:
        try:
            validate_email(address)
            address = get_adapter().clean_email(address)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            curator, is_new = _curator(address, superuser=superuser)
            has_group = _join(curator)
        self.stdout.write(f"{'made' if is_new else 'promoted'}: {curator.email}")
        if not has_group and not curator.is_superuser:
            self.stdout.write(
                f"There is no group {GROUP!r} here: give rights in admin, or run this again with --superuser."
            )
        if curator.has_usable_password():
            self.stdout.write("The password stays as it is.")
        else:
            self.stdout.write(f"To set a password, once and within days: {_link(curator)}")
        self.stdout.write(f"Admin: {links.absolute(reverse('admin:index'))}")


def _curator(address: str, *, superuser: bool) -> tuple[User, bool]:
    """The user with the rights of a curator, and whether there was none before."""
    curator = User.objects.select_for_update().filter(email=address).first()
    is_new = curator is None
    curator = curator or User.objects.create_user(address)
    if curator.is_demo:
        raise CommandError(f"{address} is an account of the demo, whose password is published. Choose another address.")
    if not curator.is_active:
        raise CommandError(f"The account of {address} is not active. Tick that in admin, or choose another address.")
    curator.is_staff = True
    curator.is_superuser |= superuser
    curator.save(update_fields=["is_staff", "is_superuser"])
    # Whoever runs commands on the server vouches for it.
    EmailAddress.objects.update_or_create(user=curator, email=address, defaults={"verified": True, "primary": True})
    return curator, is_new


def _join(curator: User) -> bool:
    """Whether there is a group of curators, to which they belong from now on."""
    group = Group.objects.filter(name=GROUP).first()
    if group is not None:
        curator.groups.add(group)
    return group is not None


def _link(curator: User) -> str:
    """As in the mail for a forgotten password: it is good once, and for ``PASSWORD_RESET_TIMEOUT`` seconds."""
    key = default_token_generator.make_token(curator)
    return links.absolute(
        reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(curator), "key": key})
    )
