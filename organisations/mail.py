"""Letters. Each is a job of its own, so that a mail server which is slow or down never stops what caused the letter.

    mail_later(to=user.email, subject="Форма возвращена", template="mail/returned.txt", context={"name": "Анна"})

A template is plain text: nothing in it is escaped. It knows `portal`, the address at which the portal answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.template import Context, engines
from django.urls import reverse
from django.utils.crypto import get_random_string

from jobs.models import Job
from jobs.services import enqueue
from organisations.models import User

HANDLER = "organisations.send_mail"


def mail_later(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> Job:
    """Write a letter into the outbox of the caller's transaction.

    The context is kept with the job as JSON: give plain values, and never a secret. What holds one (a link that signs
    somebody in) is made by a job of its own, which calls :func:`send`.
    """
    arguments = {"to": to, "subject": subject, "template": template, "context": dict(context), "id": new_message_id()}
    return enqueue(handler=HANDLER, arguments=arguments, title=f"Письмо: {subject}"[:300])


def tell_owner(*, user: User, subject: str, happened: str) -> None:
    """Write to a person what was done to their account, perhaps by somebody else; only their own mailbox tells them."""
    if user.email:
        context = {"name": user.given_names, "login": user.login, "happened": happened}
        mail_later(to=user.email, subject=subject, template="mail/account_changed.txt", context=context)


def send(*, to: str, subject: str, template: str, context: Mapping[str, Any], message_id: str) -> None:
    """Send a letter now, from a job. One sent twice has one id, so a mailbox shows it once."""
    words = engines["django"].engine.get_template(template)  # type: ignore[attr-defined]
    body = words.render(Context({"portal": settings.PORTAL_ADDRESS, **context}, autoescape=False))
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to], headers=headers).send()


def new_message_id() -> str:
    return f"<{get_random_string(32)}@{DNS_NAME.get_fqdn()}>"


def portal_link(name: str, *arguments: str) -> str:
    """The whole address of a page, for what is read outside the portal: a letter, a printed slip.

    It is the address that the portal is known by; the host of a request may be another, or somebody's invention.
    """
    return f"{settings.PORTAL_ADDRESS}{reverse(name, args=arguments)}"
