"""The tree of organisations, the people of the portal and the roles that they hold."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from organisations.querysets import OrganisationQuerySet
from organisations.roles import Role


class OrganisationKind(models.TextChoices):
    REGION = "region", "Регион"
    MUNICIPALITY = "municipality", "Муниципальное образование"
    SCHOOL = "school", "Школа"
    KINDERGARTEN = "kindergarten", "Детский сад"
    COLLEGE = "college", "Колледж"
    CENTRE = "centre", "Центр"


REPORTING_KINDS: tuple[str, ...] = (
    OrganisationKind.SCHOOL,
    OrganisationKind.KINDERGARTEN,
    OrganisationKind.COLLEGE,
    OrganisationKind.CENTRE,
)
"""Kinds of organisation that stand at the leaves of the tree and report actuals."""


def sort_key_of(name: str) -> str:
    """A key that sorts Russian names as people expect: «ё» beside «е», case and quotes ignored, № 2 before № 10.

    The embedded server has no ICU collation, so the order is made once, here, and kept beside the name.
    """
    text = name.casefold().replace("ё", "е")
    plain = "".join(letter if letter.isalnum() else " " for letter in text).strip()
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), plain)


@pghistory.track()
class Organisation(models.Model):
    """A node of the tree: the region, a municipality, or an organisation that reports.

    ``path`` is the materialised path: ids from the root, each with a trailing dot («1.5.123.»), so that the nodes
    below one are those whose path starts with its own.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField("вид", max_length=20, choices=OrganisationKind)
    name = models.CharField("полное наименование", max_length=500)
    short_name = models.CharField("краткое наименование", max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    inn = models.CharField("ИНН", max_length=12, null=True, blank=True, unique=True)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    closed_at = models.DateField("закрыта", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(path__regex=r"^([0-9]+\.)+$"), name="organisation_path_form"),
            models.CheckConstraint(
                condition=models.Q(depth=0, parent=None) | models.Q(depth__gt=0, parent__isnull=False),
                name="organisation_root_has_no_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(inn=None) | models.Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"),
                name="organisation_inn_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the node itself."""
        return [int(part) for part in self.path.split(".") if part]


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(login=login.strip().casefold(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, login: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(login, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=(username or "").strip().casefold())


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The login is not an e-mail: many heads of schools share a mailbox."""

    login = models.CharField("логин", max_length=100, unique=True)
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    position = models.CharField("должность", max_length=300, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    is_active = models.BooleanField("действует", default=True)
    is_staff = models.BooleanField("доступ в служебный раздел", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"
        ordering: ClassVar = ["full_name", "id"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def short_name(self) -> str:
        """Surname and initials, as officials are named: «Волкова А. С.»."""
        surname, *rest = self.full_name.split()
        return " ".join([surname, *(f"{word[0]}." for word in rest)])

    @property
    def given_names(self) -> str:
        """How people are greeted: «Анна Сергеевна»; the whole name where there is but one word."""
        return " ".join(self.full_name.split()[1:]) or self.full_name


@pghistory.track()
class Membership(models.Model):
    """A role that a person holds at a node of the tree; it reaches everything below that node."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField("роль", max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "роль пользователя"
        verbose_name_plural = "роли пользователей"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
