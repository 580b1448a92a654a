"""The passport as the HTML that WeasyPrint prints: the official form, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import Context, Engine

from projects.passport.schema import Passport, Person
from projects.passport.typography import date_long, date_short
from reports.documents import passport_tables as tables
from reports.documents.print_table import PrintTable
from reports.documents.wording import ProjectWord, money_unit, programmes_title, project_word
from reports.documents.written import Written, printable

_TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_NB = "\u00a0"
# Less than a page in millimetres, without the heading of an appendix.
_BRIEF = 145.0


@cache
def template_engine() -> Engine:
    """An engine of our own: no context processor, setting or language of a request reaches a document."""
    return Engine(dirs=[str(_TEMPLATES)], autoescape=True)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The approval stamp: its heading («УТВЕРЖДЕН») and the lines below it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """A row of section 1; the row of the short name holds a second pair, the term of the project."""

    title: str
    lines: tuple[str, ...]
    second_title: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    number: int
    title: str
    subtitle: str
    table: PrintTable | None
    control_levels: tuple[str, ...] = ()

    @property
    def brief(self) -> bool:
        """Whether it may begin on the page where the appendix before it ends."""
        return self.number > 1 and (self.table is None or self.table.height < _BRIEF)


def passport_html(passport: Passport, *, abbreviation_point: bool = True) -> str:
    """The whole form as one HTML page; every text of the passport is escaped by the template."""
    written = Written(passport)
    word = project_word(passport.level)
    unit = money_unit(passport.finance_unit, abbreviation_point=abbreviation_point)
    finance, finance_notes = tables.finance_table(passport, written, unit)
    context = {
        "word": word,
        "title": printable(passport.title),
        "territory": printable(passport.territory),
        "stamp": _stamp(passport, written),
        "provisions": _provisions(passport, written, word),
        "goal": _paragraphs(passport.goal),
        "indicators": tables.indicators_table(passport, written),
        "results": tables.results_table(passport, written),
        "finance": finance,
        "finance_notes": [(tables.note_sign(index), note) for index, note in enumerate(finance_notes)],
        "participants": tables.participants_table(passport, written),
        "additional": _paragraphs(passport.additional),
        "appendices": _appendices(passport, written, word),
        "footnotes": [printable(note) for note in passport.footnotes],
    }
    # Asked last: every table above has said which cells it has printed.
    context["left_over"] = [printable(entry.raw) for entry in written.left_over()]
    template = template_engine().get_template("reports/documents/passport.html")
    return template.render(Context(context, use_l10n=False, use_tz=False))


def _paragraphs(text: str | None) -> list[str]:
    return [line.strip() for line in printable(text).splitlines() if line.strip()]


def _stamp(passport: Passport, written: Written) -> Stamp | None:
    """«УТВЕРЖДЕН» by a body under a protocol, or «УТВЕРЖДАЮ» and the person; none for what nobody has approved."""
    approval = passport.approval
    protocol = _protocol(passport, written)
    if approval.approver:
        day = date_long(approval.protocol_date) if approval.protocol_date else ""
        day = day or written.text("approval", None, "protocol_date", None)
        number = f"(протокол №{_NB}{printable(approval.protocol_number)})" if approval.protocol_number else ""
        lines = [printable(approval.body), printable(approval.approver), day, number, _amendments(passport, written)]
        return Stamp("УТВЕРЖДАЮ", tuple(line for line in lines if line))
    if approval.body or protocol:
        lines = [printable(approval.body), f"({protocol})" if protocol else ""]
        return Stamp("УТВЕРЖДЕН", tuple(line for line in lines if line))
    return None


def _protocol(passport: Passport, written: Written) -> str:
    approval = passport.approval
    day = written.date("approval", None, "protocol_date", approval.protocol_date)
    number = written.text("approval", None, "protocol_number", approval.protocol_number)
    own = _from_number(day, number)
    parts = [f"протокол {own}" if own else "", _amendments(passport, written)]
    return ", ".join(part for part in parts if part)


def _amendments(passport: Passport, written: Written) -> str:
    changes = []
    for index, amendment in enumerate(passport.approval.amendments):
        field = f"amendments.{index}"
        day = written.date("approval", None, f"{field}.protocol_date", amendment.protocol_date)
        number = written.text("approval", None, f"{field}.protocol_number", amendment.protocol_number)
        changes.append(_from_number(day, number))
    joined = ", ".join(change for change in changes if change)
    return f"с{_NB}изм. {joined}" if joined else ""


def _from_number(day: str, number: str) -> str:
    return " ".join(part for part in (f"от{_NB}{day}" if day else "", f"№{_NB}{number}" if number else "") if part)


def _provisions(passport: Passport, written: Written, word: ProjectWord) -> list[Provision]:
    """The rows of section 1 in the order of the form."""
    parent = project_word(passport.parent_level or ("national" if passport.level == "federal" else "federal"))
    return [
        Provision(f"Наименование {parent.genitive}", (printable(passport.parent_title),)),
        Provision(
            f"Краткое наименование {word.genitive}",
            (printable(passport.short_title),),
            "Срок начала и окончания проекта",
            _term(passport, written),
        ),
        Provision(f"Куратор {word.genitive}", (_person(passport.curator),)),
        Provision(f"Руководитель {word.genitive}", (_person(passport.head),)),
        Provision(f"Администратор {word.genitive}", (_person(passport.administrator),)),
        Provision(
            programmes_title(passport.level),
            tuple(printable(programme) for programme in passport.programmes),
        ),
    ]


def _person(person: Person) -> str:
    return ", ".join(printable(part) for part in (person.name, person.position) if part)


def _term(passport: Passport, written: Written) -> str:
    start = date_short(passport.start) if passport.start else written.text("start", None, "start", None)
    end = date_short(passport.end) if passport.end else written.text("end", None, "end", None)
    return f"{start} – {end}" if start and end else start or end


def _appendices(passport: Passport, written: Written, word: ProjectWord) -> list[Appendix]:
    """The event plan, the breakdown where there is one, the methodology; numbered as they come."""
    levels = tuple(f"{printable(short)} – {printable(meaning)}" for short, meaning in passport.control_levels.items())
    named = f"{word.genitive} «{printable(passport.title)}»" if passport.title else word.genitive
    where = "в разрезе организаций" if passport.level == "municipal" else "в разрезе муниципальных образований"
    plan = Appendix(
        1, "ПЛАН МЕРОПРИЯТИЙ", f"по реализации {named}", tables.plan_table(passport, written), control_levels=levels
    )
    breakdown = tables.breakdown_table(passport, written)
    appendices = [plan]
    if breakdown:
        appendices.append(Appendix(2, "ПОКАЗАТЕЛИ", f"{word.genitive} {where}", breakdown))
    methodology = tables.methodology_table(passport, written)
    appendices.append(Appendix(len(appendices) + 1, "МЕТОДИКА", f"расчета показателей {named}", methodology))
    return appendices
