"""The official form of a passport, section by section: what every printed format sets in its own way."""

from __future__ import annotations

from dataclasses import dataclass

from projects.passport import form_words
from projects.passport.intermediate import squash
from projects.passport.recogniser.draft import Draft
from projects.passport.recogniser.general import person, programmes, unquoted
from projects.passport.recogniser.plan import control_levels
from projects.passport.schema import Passport, Person
from projects.passport.typography import date_short
from reports.documents import passport_tables as tables
from reports.documents.passport_money_table import finance_table
from reports.documents.print_table import PrintTable
from reports.documents.wording import ProjectWord, money_unit, programmes_title, project_word
from reports.documents.written import Written, printable

_NB = "\u00a0"
# Less than a page in millimetres, without the heading of an appendix.
_BRIEF = 145.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """An approval stamp: its heading («УТВЕРЖДЕН») and the lines below it."""

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
class Section:
    """A numbered section: paragraphs, then a table where the section has one, then what says that it is empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: PrintTable | None = None
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    number: int
    title: str
    subtitle: str
    table: PrintTable | None
    control_levels: tuple[str, ...] = ()
    nothing: str = form_words.NO_APPENDIX

    @property
    def brief(self) -> bool:
        """Whether it may begin on the page where the appendix before it ends."""
        return self.number > 1 and (self.table is None or self.table.height < _BRIEF)


@dataclass(frozen=True, slots=True)
class PassportForm:
    """The whole form. ``notes`` are the footnotes and what the tables had no place for."""

    word: ProjectWord
    title: str
    stamps: tuple[Stamp, ...]
    provisions: tuple[Provision, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    appendices: tuple[Appendix, ...]

    @property
    def name(self) -> str:
        """«регионального проекта «Тёплая школа»»: of what the passport is."""
        return f"{self.word.genitive} «{self.title}»" if self.title else self.word.genitive


def passport_form(passport: Passport, *, abbreviation_point: bool = True) -> PassportForm:
    """Lay a passport out by the official form; ``abbreviation_point`` chooses «млн. рублей» over «млн рублей»."""
    written = Written(passport)
    word = project_word(passport.level)
    unit = money_unit(passport.finance_unit, abbreviation_point=abbreviation_point)
    sections = _sections(passport, written, word, unit)
    appendices = _appendices(passport, written, word)
    stamps = _stamps(passport, written)
    provisions = _provisions(passport, written, word)
    # Asked last: everything above has said which cells it has printed.
    left_over = [form_words.ALSO_WRITTEN + printable(entry.raw) for entry in written.left_over()]
    return PassportForm(
        word=word,
        title=printable(passport.title),
        stamps=stamps,
        provisions=provisions,
        sections=sections,
        notes=(*(printable(note) for note in passport.footnotes), *left_over),
        appendices=appendices,
    )


def _sections(passport: Passport, written: Written, word: ProjectWord, unit: str) -> tuple[Section, ...]:
    """Sections 2 to 6; section 1 is made of :class:`Provision` rows."""
    goal = _paragraphs(passport.goal)
    goal = (f"Цель: {goal[0]}", *goal[1:]) if goal else (form_words.NO_GOAL,)
    finance = finance_table(passport, written, unit)
    money = f"4. Финансовое обеспечение реализации {word.genitive}"
    if finance is None and passport.finance_unit != "million":
        # Without a table the heading says in what unit the project counts.
        money = f"{money} ({unit})"
    return (
        Section(
            f"2. Цель и показатели {word.genitive}",
            goal,
            tables.indicators_table(passport, written),
            form_words.NO_INDICATORS,
        ),
        Section(
            f"3. Задачи и результаты {word.genitive}",
            table=tables.results_table(passport, written),
            nothing=form_words.NO_RESULTS,
        ),
        Section(money, table=finance, nothing=form_words.NO_FINANCE),
        Section(
            f"5. Участники {word.genitive}",
            table=tables.participants_table(passport, written),
            nothing=form_words.NO_PARTICIPANTS,
        ),
        Section("6. Дополнительная информация", _paragraphs(passport.additional) or (form_words.NO_ADDITIONAL,)),
    )


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in printable(text).splitlines() if line.strip())


def _stamps(passport: Passport, written: Written) -> tuple[Stamp, ...]:
    """«УТВЕРЖДАЮ» and the person, «УТВЕРЖДЕН» by a body under a protocol, or both; none for what nobody approved."""
    approval = passport.approval
    protocol = _protocol(passport, written)
    under = (f"({protocol})",) if protocol else ()
    by_body = Stamp("УТВЕРЖДЕН", (printable(approval.body), *under) if approval.body else under)
    if not approval.approver:
        return (by_body,) if by_body.lines else ()
    if approval.body:
        return Stamp("УТВЕРЖДАЮ", (printable(approval.approver),)), by_body
    return (Stamp("УТВЕРЖДАЮ", (printable(approval.approver), *under)),)


def _protocol(passport: Passport, written: Written) -> str:
    approval = passport.approval
    day = written.date("approval", None, "protocol_date", approval.protocol_date)
    number = written.text("approval", None, "protocol_number", approval.protocol_number)
    own = _from_number(day, number)
    parts = [f"протокол {own}" if own else "", _amendments(passport, written)]
    return ", ".join(part for part in parts if part)


def _amendments(passport: Passport, written: Written) -> str:
    changes = []
    whole = True
    for index, amendment in enumerate(passport.approval.amendments):
        field = f"amendments.{index}"
        day = written.date("approval", None, f"{field}.protocol_date", amendment.protocol_date)
        number = written.text("approval", None, f"{field}.protocol_number", amendment.protocol_number)
        changes.append(_from_number(day, number))
        whole = whole and bool(day and number)
    # A change without its number would be taken for one with the next change without its date.
    joined = (", " if whole else "; ").join(change for change in changes if change)
    return f"с{_NB}изм. {joined}" if joined else ""


def _from_number(day: str, number: str) -> str:
    return " ".join(part for part in (f"от{_NB}{day}" if day else "", f"№{_NB}{number}" if number else "") if part)


def _provisions(passport: Passport, written: Written, word: ProjectWord) -> tuple[Provision, ...]:
    """The rows of section 1 in the order of the form."""
    parent = project_word(passport.parent_level).genitive if passport.parent_level else "вышестоящего проекта"
    rows = [
        Provision(f"Наименование {parent}", (_named(passport.parent_title),)),
        Provision(
            f"Краткое наименование {word.genitive}",
            (_named(passport.short_title),),
            "Срок начала и окончания проекта",
            _term(passport, written),
        ),
    ]
    if passport.territory or passport.level != "federal":
        rows.append(Provision("Территория", (printable(passport.territory) or form_words.NO_TERRITORY,)))
    for field, title in (("curator", "Куратор"), ("head", "Руководитель"), ("administrator", "Администратор")):
        rows.append(Provision(f"{title} {word.genitive}", (_person(field, getattr(passport, field), written),)))
    rows.append(Provision(programmes_title(passport.level), _programmes(passport.programmes)))
    return tuple(rows)


def _named(title: str | None) -> str:
    """A name as it is, in quotes where its own last sign would be taken for the end of a sentence."""
    text = printable(title)
    return text if unquoted(text) == squash(text) else f"«{text}»"


def _person(field: str, who: Person, written: Written) -> str:
    """«Name, position»; labelled where a reader would not know which is which."""
    if who == Person():
        return written.text(field, None, "name", None)
    plain = ", ".join(printable(part) for part in (who.name, who.position) if part)
    if person(plain, field, Draft()) == _squashed(who):
        return plain
    if who.name:
        position = f"; должность: {printable(who.position)}" if who.position else ""
        return f"Ф. И. О.: {printable(who.name)}{position}"
    return f"Должность: {printable(who.position)}"


def _squashed(who: Person) -> Person:
    return Person(name=squash(who.name or "") or None, position=squash(who.position or "") or None)


def _programmes(names: tuple[str, ...]) -> tuple[str, ...]:
    """One programme a line, numbered where their words do not show where each begins."""
    lines = tuple(squash(printable(name)) for name in names)
    if programmes("\n".join(lines)) == lines:
        return lines
    return tuple(f"{index}. {line}" for index, line in enumerate(lines, 1))


def _term(passport: Passport, written: Written) -> str:
    start = date_short(passport.start) if passport.start else written.text("start", None, "start", None)
    end = date_short(passport.end) if passport.end else written.text("end", None, "end", None)
    if start and end:
        return f"{start} – {end}"
    return start or (f"до {end}" if end else "")


def _appendices(passport: Passport, written: Written, word: ProjectWord) -> tuple[Appendix, ...]:
    """The event plan, the breakdown where there is one, the methodology; numbered as they come."""
    named = f"{word.genitive} «{printable(passport.title)}»" if passport.title else word.genitive
    where = "в разрезе организаций" if passport.level == "municipal" else "в разрезе муниципальных образований"
    levels = tuple(_control_level(short, meaning) for short, meaning in passport.control_levels.items())
    plan = Appendix(
        1, "ПЛАН МЕРОПРИЯТИЙ", f"по реализации {named}", tables.plan_table(passport, written), control_levels=levels
    )
    breakdown = tables.breakdown_table(passport, written)
    appendices = [plan]
    if breakdown:
        appendices.append(Appendix(2, f"ПОКАЗАТЕЛИ {word.genitive} {where}", "", breakdown))
    methodology = tables.methodology_table(passport, written)
    appendices.append(Appendix(len(appendices) + 1, "МЕТОДИКА", f"расчета показателей {named}", methodology))
    return tuple(appendices)


def _control_level(short: str, meaning: str) -> str:
    line = f"{printable(short)} – {printable(meaning)}"
    if control_levels(line) == {squash(short): squash(meaning)}:
        return line
    return f"Уровень контроля «{printable(short)}» – {printable(meaning)}"
