"""The empty workbook of the register: headings, lists to choose from and a sheet that tells how to fill it in."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

from organisations.models import REPORTING_KINDS, OrganisationKind
from organisations.register.columns import COLUMNS
from organisations.register.reading import MOST_ROWS

KINDS = [OrganisationKind(kind).label for kind in (*REPORTING_KINDS, OrganisationKind.MUNICIPALITY)]
_RULES = (
    "Одна строка – одна организация. Она узнаётся по ИНН: если он уже есть в реестре, изменятся её сведения.",
    "Пустая ячейка оставляет в реестре то, что там есть.",
    "Столбцы можно переставить или убрать; нужны ИНН, вид, муниципалитет и полное наименование.",
    "Муниципалитет, которого нет в реестре, добавьте отдельной строкой вида «Муниципальное образование».",
    "Формулы не принимаются: вставляйте значения.",
    "Портал сначала покажет, что изменится, и ничего не внесёт, пока вы не подтвердите.",
)


def template(municipalities: Sequence[str]) -> bytes:
    """The workbook as bytes; ``municipalities`` are the names to choose from."""
    out = io.BytesIO()
    # Names of the register are words, whatever they begin with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": "Реестр организаций", "author": "Веха", "created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
    )
    sheet, lists, rules = (book.add_worksheet(name) for name in ("Реестр", "Списки", "Как заполнять"))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF5", "border": 1})
    words = book.add_format({"num_format": "@"})
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, words)
        sheet.write_string(0, place, column.title, head)
        sheet.data_validation(
            1,
            place,
            MOST_ROWS,
            place,
            {"input_title": column.title, "input_message": column.hint, **_choices(column.key, len(municipalities))},
        )
    sheet.freeze_panes(1, 0)
    for row, kind in enumerate(KINDS):
        lists.write_string(row, 0, kind)
    for row, name in enumerate(municipalities):
        lists.write_string(row, 1, name)
    lists.set_column(0, 1, 40)
    rules.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    for row, rule in enumerate(_RULES):
        rules.write_string(row, 0, rule)
    book.close()
    return out.getvalue()


def _choices(key: str, municipalities: int) -> dict[str, str]:
    if key == "kind":
        return {"validate": "list", "source": f"=Списки!$A$1:$A${len(KINDS)}"}
    if key == "municipality" and municipalities:
        # A warning, not a wall: a new municipality, or its ОКТМО, may stand there too.
        return {"validate": "list", "source": f"=Списки!$B$1:$B${municipalities}", "error_type": "warning"}
    return {"validate": "any"}
