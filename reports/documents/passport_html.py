"""The passport as the HTML that WeasyPrint prints."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.template import Context, Engine

from projects.passport.schema import Passport
from reports.documents.check_mark import check_mark
from reports.documents.passport_form import passport_form

_TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@cache
def template_engine() -> Engine:
    """An engine of our own: no context processor, setting or language of a request reaches a document."""
    return Engine(dirs=[str(_TEMPLATES)], autoescape=True)


def passport_html(passport: Passport, *, abbreviation_point: bool = True, check_at: str = "") -> str:
    """The whole form as one HTML page; every text of the passport is escaped by the template."""
    form = passport_form(passport, abbreviation_point=abbreviation_point)
    template = template_engine().get_template("reports/documents/passport.html")
    context = {"form": form, "word": form.word, "check": check_mark(check_at)}
    return template.render(Context(context, use_l10n=False, use_tz=False))
