"""One person of a passport replaced by another: which cells change, and the passport with them changed.

A person stands in section 1, in section 5 as a participant and as somebody's superior, and in the event plan among
those responsible. Only what names the person changes, and each cell keeps its way of writing names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from projects.passport.intermediate import squash
from projects.passport.people import Mention, Named, is_same, mentions_in, people_in_cell
from projects.passport.schema import Participant, Passport, Person

Office = Literal["curator", "head", "administrator"]
OFFICES: tuple[Office, ...] = ("curator", "head", "administrator")
"""The people of section 1."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes instead. ``name`` in full; an empty post or superior leaves what is written."""

    name: str
    position: str = ""
    supervisor: str = ""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """``section`` is a list of the passport, or an office of section 1 with ``row`` None."""

    section: str
    row: int | None
    number: str | None
    field: str
    before: str | None
    after: str


def replacing(passport: Passport, who: Named, newcomer: Newcomer) -> tuple[ChangedCell, ...]:
    """The cells that change, in the order of the form. Empty where the passport does not name the person."""
    posts = _posts(passport, who)
    found: list[ChangedCell] = []
    for office in OFFICES:
        found += _person(office, None, None, getattr(passport, office), who, newcomer, posts)
    for index, row in enumerate(passport.participants):
        found += _person("participants", index, row.number, row, who, newcomer, posts)
    for index, event in enumerate(passport.plan):
        text = _replaced(event.responsible, who, newcomer, posts)
        if text != event.responsible:
            found.append(ChangedCell("plan", index, event.number, "responsible", event.responsible, text or ""))
    return tuple(found)


def with_cells(passport: Passport, cells: Iterable[ChangedCell]) -> Passport:
    """The passport with these cells as they become; everything else stays as it is."""
    changes: dict[tuple[str, int | None], dict[str, str]] = defaultdict(dict)
    for cell in cells:
        changes[cell.section, cell.row][cell.field] = cell.after
    update: dict[str, Any] = {}
    for (section, row), fields in changes.items():
        if row is None:
            update[section] = getattr(passport, section).model_copy(update=fields)
        else:
            rows = update.setdefault(section, list(getattr(passport, section)))
            rows[row] = rows[row].model_copy(update=fields)
    update = {section: tuple(part) if isinstance(part, list) else part for section, part in update.items()}
    # What was written in place of a value stands no longer where a value is.
    update["unread"] = tuple(u for u in passport.unread if u.field not in changes.get((u.section, u.row), {}))
    return passport.model_copy(update=update)


def _person(
    section: str,
    index: int | None,
    number: str | None,
    row: Person | Participant,
    who: Named,
    newcomer: Newcomer,
    posts: frozenset[str],
) -> Iterator[ChangedCell]:
    """A row whose name may be the person's: with it go the post and the superior, where the name stands alone."""
    after: dict[str, str | None] = {"name": _replaced(row.name, who, newcomer, posts)}
    alone = after["name"] != row.name and len(people_in_cell(row.name)) == 1
    if alone:
        after["position"] = newcomer.position or row.position
    if isinstance(row, Participant):
        superior = _replaced(row.supervisor, who, newcomer, posts, with_post=True)
        after["supervisor"] = (newcomer.supervisor if alone else "") or superior
    for field, text in after.items():
        before: str | None = getattr(row, field)
        if text and text != before:
            yield ChangedCell(section, index, number, field, before, text)


def _posts(passport: Passport, who: Named) -> frozenset[str]:
    """The posts that the passport gives the person, to be known where they follow the name."""
    rows = (*(getattr(passport, office) for office in OFFICES), *passport.participants)
    return frozenset(
        squash(row.position).casefold()
        for row in rows
        if row.position and [is_same(named, who) for named in people_in_cell(row.name)] == [True]
    )


def _replaced(
    text: str | None, who: Named, newcomer: Newcomer, posts: frozenset[str], *, with_post: bool = False
) -> str | None:
    """The text with the newcomer in the person's place; of several people in it the others stay as they are.

    The post behind the name goes with it where it is known to be the person's. ``with_post``: what follows the only
    name of the text is a post, whichever it is.
    """
    line = squash(text or "")
    mentions = list(mentions_in(line))
    own = [mention for mention in mentions if is_same(mention.named, who)]
    if not own:
        whole = not mentions and [is_same(named, who) for named in people_in_cell(text)] == [True]
        return newcomer.name if whole else text
    others = [mention.named for mention in mentions if mention not in own]
    theirs = [named for named in people_in_cell(newcomer.name) if any(is_same(named, other) for other in others)]
    for mention in reversed(own):
        head, tail = line[: mention.start], line[mention.end :]
        if theirs or mention is not own[0]:
            line = _joined(head, tail)
            continue
        if newcomer.position:
            tail = _post_replaced(tail, newcomer.position, posts, whole=with_post and len(mentions) == 1 and not head)
        line = head + spelled_like(mention, line, newcomer.name) + tail
    return line


def _joined(head: str, tail: str) -> str:
    """A list without the name that stood between: the comma goes with it."""
    if head.rstrip().endswith((",", ";")):
        return head.rstrip()[:-1] + tail
    return head + tail.lstrip(",; ")


def _post_replaced(tail: str, position: str, posts: frozenset[str], *, whole: bool) -> str:
    found = re.match(r"\s*[,–—-]\s*", tail)
    if found is None:
        return tail
    written = tail[found.end() :]
    if whole:
        return found[0] + position
    for post in sorted(posts, key=len, reverse=True):
        rest = written[len(post) :]
        if written.casefold().startswith(post) and not rest[:1].isalnum():
            return found[0] + position + rest
    return tail


def spelled_like(mention: Mention, line: str, name: str) -> str:
    """A name in the way in which the line writes the one it replaces: «И. О. Фамилия», «Фамилия И.О.» or in full."""
    parts = list(mentions_in(squash(name)))
    if mention.initials is None or len(parts) != 1 or len(squash(name)) != len(parts[0].named.raw):
        return name
    new = parts[0]
    surname = squash(name)[slice(*new.surname)]
    letters = iter(new.named.initials.upper())
    initials = re.sub(r"\w", lambda old: next(letters, old[0]), line[slice(*mention.initials)])
    places = sorted([(mention.surname, surname), (mention.initials, initials)])
    (first, one), (second, other) = places
    return line[mention.start : first[0]] + one + line[first[1] : second[0]] + other + line[second[1] : mention.end]
