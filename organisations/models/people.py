"""The people of the portal and the roles that they hold."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from organisations.models.names import NameField
from organisations.models.tree import Organisation
from organisations.phones import LENGTH, first_number
from organisations.querysets import UserQuerySet
from organisations.roles import Role


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def managed_by(self, user: Any) -> UserQuerySet:
        return self.get_queryset().managed_by(user)

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
    full_name = NameField("фамилия, имя, отчество", max_length=200)
    position = models.CharField("должность", max_length=300, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    phone = models.CharField("телефон", max_length=LENGTH, blank=True)
    is_active = models.BooleanField("действует", default=True)
    is_staff = models.BooleanField("доступ в служебный раздел", default=False)
    password_set_at = models.DateTimeField("пароль задан", null=True, blank=True)
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
    def dialled(self) -> str:
        """The telephone as a link dials it."""
        return first_number(self.phone)

    @property
    def given_names(self) -> str:
        """How people are greeted: «Анна Сергеевна»; the whole name where there is but one word."""
        return " ".join(self.full_name.split()[1:]) or self.full_name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
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
