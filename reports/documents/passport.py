"""The passport printed: one door to every ending, the same bytes for the same snapshot."""

from __future__ import annotations

from projects.passport.schema import Passport
from reports.documents.passport_docx import passport_docx
from reports.documents.passport_html import passport_html
from reports.documents.passport_xlsx import passport_xlsx
from reports.documents.pdf import html_to_pdf

ENDINGS = ("pdf", "docx", "xlsx")


class UnknownEndingError(ValueError):
    """The portal does not print passports in that format."""


def render(passport: Passport, ending: str, *, abbreviation_point: bool = True, check_at: str = "") -> bytes:
    """Print a passport as ``pdf``, ``docx`` or ``xlsx``; raises :class:`UnknownEndingError` for anything else.

    ``abbreviation_point`` chooses «млн. рублей» (as the form has it) over «млн рублей»; ``check_at`` is the address of
    the page that knows the document, to stand on a PDF as a square code.
    """
    if ending == "pdf":
        return html_to_pdf(passport_html(passport, abbreviation_point=abbreviation_point, check_at=check_at))
    if ending == "docx":
        return passport_docx(passport, abbreviation_point=abbreviation_point)
    if ending == "xlsx":
        return passport_xlsx(passport, abbreviation_point=abbreviation_point)
    raise UnknownEndingError(f"Паспорт печатается в форматах: {', '.join(ENDINGS)}")
