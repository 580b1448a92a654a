"""Every write to people and their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from organisations.access import access_of
from organisations.mail import mail_later
from organisations.models import Membership, Organisation, OrganisationKind, User
from organisations.roles import Role
from organisations.services.attempts import attempts_forgive, login_key
from organisations.services.errors import StateConflict
from organisations.services.invitations import Slip, invitations_cancel, slip_first
from organisations.services.second_factor import second_factor_remove
from organisations.services.sessions import sessions_end
from organisations.services.tree import organisation_create

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (*"abvgdee", "zh", *"ziiklmnoprstuf", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia"),
        strict=True,
    )
)
_TYPED = re.compile(r"[a-z0-9 -]")


@transaction.atomic
def user_create(
    *,
    login: str,
    full_name: str,
    password: str | None = None,
    position: str = "",
    email: str = "",
    phone: str = "",
    roles: tuple[tuple[Role, Organisation], ...] = (),
) -> User:
    """Add a person with their roles. Without a password nobody can sign in until one is set."""
    user = User.objects.create_user(
        login,
        password,
        full_name=full_name,
        position=position,
        email=email,
        phone=phone,
        password_set_at=timezone.now() if password else None,
    )
    for role, organisation in roles:
        Membership.objects.create(user=user, role=role, organisation=organisation)
    return user


@transaction.atomic
def person_add(
    *,
    full_name: str,
    position: str,
    email: str,
    phone: str = "",
    role: Role,
    organisation: Organisation,
    actor: User,
) -> User:
    """Add a person in their role, with a login of the portal's choice; they cannot sign in until they are invited."""
    _require_to_give(role, organisation, actor)
    for login in _logins(full_name, role, organisation):
        try:
            with transaction.atomic():
                return user_create(
                    login=login,
                    full_name=full_name,
                    position=position,
                    email=email,
                    phone=phone,
                    roles=((role, organisation),),
                )
        except IntegrityError:
            continue  # the login is taken
    raise AssertionError("there is always another login")


@transaction.atomic
def office_found(*, full_name: str, region: str) -> Slip:
    """The first person of an empty portal: the project office of its region, which invites everybody else."""
    if User.objects.filter(memberships__role=Role.OFFICE).exists():
        raise StateConflict("Проектный офис уже есть: доступ даёт он.")
    root = Organisation.objects.filter(depth=0).order_by("pk").first()
    if root is None:
        root = organisation_create(kind=OrganisationKind.REGION, name=region)
    login = next(_logins(full_name, Role.OFFICE, root))
    return slip_first(user=user_create(login=login, full_name=full_name, roles=((Role.OFFICE, root),)))


@transaction.atomic
def office_restored(*, login: str) -> Slip:
    """Let the project office in again when nobody in it can: no app, no password needed, only the code on the slip."""
    office = User.objects.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), role=Role.OFFICE)))
    user = office.select_for_update().filter(login=login_key(login)).first()
    if user is None:
        raise StateConflict("Такого логина в проектном офисе нет. Остальным доступ возвращает он сам.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    second_factor_remove(user=user)
    sessions_end(user=user)
    attempts_forgive(login=user.login)
    return slip_first(user=user)


@transaction.atomic
def person_change(*, user: User, full_name: str, position: str, email: str, phone: str, actor: User) -> User:
    """Correct what is written about a person. A letter to an address that was wrong must not give access."""
    locked = _lock_managed(user, actor)
    before = locked.email
    locked.full_name, locked.position, locked.email, locked.phone = full_name, position, email, phone
    locked.save(update_fields=["full_name", "position", "email", "phone"])
    if before != email:
        invitations_cancel(users=[locked])
        _tell_former_address(locked, before)
    return locked


@transaction.atomic
def email_change(*, user: User, email: str) -> User:
    """A person's own address. The one before hears of it: whoever changes it can have a new password sent there."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    before, locked.email = locked.email, email
    locked.save(update_fields=["email"])
    if before != email:
        _tell_former_address(locked, before)
    return locked


@transaction.atomic
def role_give(*, user: User, role: Role, organisation: Organisation, actor: User) -> Membership:
    """One more role. A disabled account that gets one still has to be enabled."""
    locked = _lock_managed(user, actor)
    _require_to_give(role, organisation, actor)
    membership, given = Membership.objects.get_or_create(user=locked, role=role, organisation=organisation)
    if not given:
        raise StateConflict("Такая роль у этого человека уже есть.")
    return membership


@transaction.atomic
def role_take(*, membership: Membership, actor: User) -> User:
    """Take a role away, from the next request on. Whoever has none left has no account to sign in to."""
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if not access_of(actor).may_give(membership.role, membership.organisation):
        raise PermissionDenied("role")
    if membership.user_id == actor.pk:
        raise PermissionDenied("own role")
    if not Membership.objects.filter(pk=membership.pk).delete()[0]:
        raise StateConflict("Эта роль уже снята.")
    if not user.memberships.exists():
        _disable(user)
    return user


@transaction.atomic
def head_change(
    *, organisation: Organisation, full_name: str, position: str, email: str, phone: str = "", actor: User
) -> User:
    """A new head in place of those there are: they lose their role here, and what the organisation has begun stays."""
    _require_to_give(Role.REPORTER, organisation, actor)
    # The organisation is the lock: of two changes at once the second takes the place of the first one's head.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    for membership in Membership.objects.filter(organisation=organisation, role=Role.REPORTER):
        role_take(membership=membership, actor=actor)
    return person_add(
        full_name=full_name,
        position=position,
        email=email,
        phone=phone,
        role=Role.REPORTER,
        organisation=organisation,
        actor=actor,
    )


@transaction.atomic
def person_disable(*, user: User, actor: User) -> User:
    """Shut an account. Its sessions end now, its invitations are worth nothing; its roles wait for its return."""
    locked = _lock_managed(user, actor)
    if not locked.is_active:
        raise StateConflict("Учётная запись уже отключена.")
    return _disable(locked)


@transaction.atomic
def person_enable(*, user: User, actor: User) -> User:
    locked = _lock_managed(user, actor)
    if locked.is_active:
        raise StateConflict("Учётная запись уже действует.")
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    return locked


def _disable(user: User) -> User:
    user.is_active = False
    user.save(update_fields=["is_active"])
    invitations_cancel(users=[user])
    sessions_end(user=user)
    return user


def _tell_former_address(user: User, address: str) -> None:
    if address:
        mail_later(
            to=address,
            subject="Адрес почты изменён",
            template="mail/email_changed.txt",
            context={"name": user.given_names, "login": user.login},
        )


def _lock_managed(user: User, actor: User) -> User:
    """The row under lock, of somebody whom the actor manages: asked after the lock, for a role may have come before."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not User.objects.managed_by(actor).filter(pk=locked.pk).exists():
        raise PermissionDenied("person")
    return locked


def _require_to_give(role: Role, organisation: Organisation, actor: User) -> None:
    if not access_of(actor).may_give(role, organisation):
        raise PermissionDenied("role")
    if organisation.closed_at is not None:
        raise StateConflict("Организация закрыта: доступ от её имени не выдаётся.")


def _logins(full_name: str, role: Role, organisation: Organisation) -> Iterator[str]:
    """The ИНН of an organisation is known to its head by heart; others are named as they are in a mailbox."""
    if role == Role.REPORTER:
        first = organisation.inn or f"org{organisation.pk}"
    else:
        surname, *rest = full_name.split()
        initials = "".join(word[0] for word in rest)
        first = latin(f"{surname} {initials}").strip().replace(" ", ".")[:80] or f"person{organisation.pk}"
    yield first
    yield from (f"{first}-{number}" for number in count(2))


def latin(words: str) -> str:
    """A Russian name in letters that a login is typed with, and that may stand in an address."""
    return "".join(_LATIN.get(letter, letter if _TYPED.fullmatch(letter) else "") for letter in words.casefold())
