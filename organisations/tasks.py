"""What the workers do for this app."""

from __future__ import annotations

from typing import Any

import pghistory
from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from jobs.files.errors import UnreadableFile
from jobs.handlers import Progress, Refused, handler
from jobs.models import StoredFile
from jobs.services import enqueue
from jobs.storage import forget_file
from organisations import mail
from organisations.models import Organisation, RegisterLoad, Session, User
from organisations.register.reading import read_workbook
from organisations.services.attempts import attempts_forget_old
from organisations.services.digests import digests_send
from organisations.services.invitations import LETTER_HANDLER, letter_secret
from organisations.services.passwords import NEW_PASSWORD_HANDLER
from organisations.services.register import APPLY, READ, register_load_apply, register_load_create


@shared_task(name="organisations.send_digests")
def ask_for_digests() -> None:
    """The beat only asks; the job is tried again when it fails, and two beats make one job."""
    enqueue(handler="organisations.send_digests", arguments={}, title="Письма с уведомлениями", key="digests")


@handler("organisations.send_digests")
def send_digests(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return {"letters": digests_send()}


@handler(mail.HANDLER)
def send_mail(arguments: dict[str, Any], _progress: Progress) -> None:
    mail.send(
        to=arguments["to"],
        subject=arguments["subject"],
        template=arguments["template"],
        context=arguments["context"],
        message_id=arguments["id"],
    )


@handler(LETTER_HANDLER)
def send_invitation(arguments: dict[str, Any], _progress: Progress) -> None:
    """Draw the link of an invitation and send it; nothing, when the invitation is no longer open."""
    drawn = letter_secret(invitation_id=arguments["invitation"])
    if drawn is None:
        return
    invitation, token = drawn
    person = invitation.user
    mail.send(
        to=person.email,
        subject="Приглашение на портал «Веха»",
        template="mail/invitation.txt",
        context={
            "name": person.given_names,
            "login": person.login,
            "organisations": [role.organisation.name for role in person.memberships.select_related("organisation")],
            "link": mail.portal_link("organisations:first_sign_in_by_link", person.login, token),
            "until": invitation.expires_at,
        },
        # Not that of the first try, whose link is dead: of two letters with one id a mailbox shows the first.
        message_id=mail.new_message_id(),
    )


@handler(NEW_PASSWORD_HANDLER)
def send_new_password(arguments: dict[str, Any], _progress: Progress) -> None:
    """Send a link that sets a new password, if there is such a person and an address to send it to.

    Whether there is one is found out here, not in the request, whose answer and time therefore tell nothing.
    """
    person = User.objects.filter(login=arguments["login"], is_active=True).exclude(email="").first()
    if person is None:
        return
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    mail.send(
        to=person.email,
        subject="Новый пароль",
        template="mail/new_password.txt",
        context={
            "name": person.given_names,
            "login": person.login,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "link": mail.portal_link("organisations:password_reset", uid, default_token_generator.make_token(person)),
        },
        message_id=arguments["id"],
    )


@handler(READ)
def read_register(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Read a workbook of the register into a preview; one that cannot be read leaves nothing behind."""
    stored = StoredFile.objects.get(pk=arguments["file"])
    made = RegisterLoad.objects.filter(file=stored).first()
    if made is None:
        progress(10, "Читаем файл")
        try:
            table = read_workbook(stored.read())
        except UnreadableFile as refusal:
            forget_file(stored)
            raise Refused(str(refusal)) from refusal
        progress(50, f"Сравниваем с реестром, строк: {len(table.rows)}")
        made = register_load_create(
            file=stored,
            table=table,
            territory=Organisation.objects.get(pk=arguments["territory"]),
            actor=User.objects.get(pk=arguments["actor"]),
        )
    return {"url": reverse("organisations:register_load", args=[made.pk]), "label": "Посмотреть, что изменится"}


@handler(APPLY)
def apply_register(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Write a confirmed preview into the register, or make it anew where the register has changed."""
    load = RegisterLoad.objects.get(pk=arguments["load"])
    progress(20, "Сверяем с реестром и вносим всё разом")
    actor = User.objects.get(pk=arguments["actor"])
    with pghistory.context(user=actor.pk, job=APPLY):
        applied = register_load_apply(load=load, version=arguments["version"], actor=actor)
    here = reverse("organisations:register_load", args=[load.pk])
    if not applied:
        return {"url": here, "label": "Реестр изменился: проверьте предпросмотр заново"}
    return {"url": here, "label": "Посмотреть, что внесено"}


@shared_task(name="organisations.tidy")
def tidy() -> None:
    """Throw away what has run out: sessions, and attempts that count no more."""
    attempts_forget_old()
    Session.objects.filter(expire_date__lt=Now()).delete()
