"""Who the reader is."""

from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.addresses import CanBeMailed, validate_address


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user; without a password they sign in by mailed code only.

        Raises ``ValidationError`` where no mail server would take the address.
        """
        if not email:
            raise ValueError("A user needs an address.")
        validate_address(email := email.strip().lower())
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)


def new_feed_key() -> str:
    return token_urlsafe(24)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an address."""

    email = models.EmailField("address", unique=True, max_length=254, validators=[validate_address])
    name = models.CharField(max_length=150, blank=True, help_text="Shown nowhere; for curators who know their readers.")
    is_staff = models.BooleanField("staff", default=False, help_text="May sign in to this admin site.")
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="Untick instead of deleting: the person can no longer sign in and gets no mail.",
    )
    joined_at = models.DateTimeField(default=timezone.now)
    feed_key = models.CharField(
        max_length=32,
        unique=True,
        default=new_feed_key,
        editable=False,
        help_text="Opens the reader's private feeds, which a feed reader fetches without signing in.",
    )
    wants_security_mail = models.BooleanField(
        "mail on changes",
        default=True,
        help_text="A mail when the password, the address or a way to sign in has changed.",
    )

    is_demo = models.BooleanField(
        "of the demo",
        default=False,
        db_default=False,
        editable=False,
        help_text="Made by the demo, with a published password: does not sign in outside DEBUG.",
    )
    session_salt = models.CharField(
        max_length=32,
        default="",
        db_default="",
        blank=True,
        editable=False,
        help_text="Part of what each session is checked against: a new one ends all sessions.",
    )

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="address_once_whatever_its_case"),
            models.CheckConstraint(condition=CanBeMailed("email"), name="address_can_be_mailed"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def may_sign_in(self) -> bool:
        """Whether this site lets the account in, in whatever way."""
        return self.is_active and (settings.DEBUG or not self.is_demo)

    def get_session_auth_hash(self) -> str:
        """None that a session could have where the account may not sign in: one from before ends."""
        return super().get_session_auth_hash() if self.may_sign_in else ""

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        if self.may_sign_in:
            yield from super().get_session_auth_fallback_hash()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, of the password, and of the salt where there is one."""
        if not self.session_salt:
            return str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        return salted_hmac(
            "accounts.User.get_session_auth_hash",
            f"{self.password} {self.session_salt}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class MailOrder(models.Model):
    """What was asked for an address at a door: a worker finds out whose it is and mails what is right."""

    class Kind(models.TextChoices):
        SIGN_UP = "sign_up", "a new account, or word that there is one"
        CODE = "code", "a code to sign in with"
        RESET = "reset", "a link to a new password"
        MAIL = "mail", "a mail whose words are known"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=254)
    details = models.JSONField(default=dict)
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, of {self.ordered_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """What lets a program act for a person: known here by its hash alone."""

    class Scope(models.TextChoices):
        READ = "read", "read"
        WRITE = "write", "read and change"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60, help_text="Which program or machine has it.")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token.")
    ending = models.CharField(max_length=4, editable=False, help_text="Its last signs, to tell one from another.")
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is revoked.")
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "token"
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="token_reads_or_writes")
        ]

    def __str__(self) -> str:
        return self.name


class Deed(models.Model):
    """One thing that staff did at the desk. It points at nobody: it outlives who did it and what it was done to."""

    made_at = models.DateTimeField(default=timezone.now)
    by_number = models.PositiveBigIntegerField("by account")
    by_name = models.CharField("by", max_length=150, help_text="As they were called then.")
    model = models.CharField("of", max_length=100, help_text="Such as catalogue.paper.")
    object_id = models.TextField(blank=True)
    object_repr = models.CharField("what", max_length=200)
    action = models.CharField(max_length=10)
    said = models.TextField("what changed", blank=True)
    entry = models.PositiveBigIntegerField(unique=True, editable=False, help_text="Its number in Django's own log.")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "history"
        indexes = [
            models.Index(fields=["model", "object_id"], name="deed_by_object"),
            models.Index(fields=["by_number"], name="deed_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}, {self.made_at:%Y-%m-%d %H:%M}: {self.action} {self.object_repr}"
