"""Making a change request out of a document, and settling what its rows are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from jobs.models import StoredFile
from organisations.models import Organisation, User
from projects.identity import Identity, Link
from projects.models import ChangeRequest, Project
from projects.passport import check
from projects.passport.matching import Match, Named, match, words
from projects.passport.schema import BreakdownRow, Methodology, Passport
from projects.services.errors import StaleVersion, StateConflict
from projects.services.former_rows import ids_of, redactions_of, rows_in_question, rows_taken
from projects.services.row_ids import with_row_ids


@transaction.atomic
def change_request_open(
    *,
    passport: Passport,
    territory: Organisation,
    project: Project | None,
    source_file: StoredFile | None,
    actor: User,
) -> ChangeRequest:
    """Propose a document: its rows get ids (those they had, where recognised) and everything noticed is kept beside."""
    redactions = list(project.redactions.all()) if project else []
    in_force = redactions[0] if redactions else None
    before, known = (in_force.passport, in_force.recognised) if in_force else (Passport(), Identity())
    passports = [redaction.passport for redaction in redactions]
    document = with_row_ids(passport, before, passports[1:])
    identity = recognise_again(before, document, territory, known)
    made = ChangeRequest.objects.create(
        project=project,
        territory=territory,
        base=in_force,
        document=document.model_dump(mode="json"),
        findings=[finding.model_dump(mode="json") for finding in check(document)],
        identity=identity.model_copy(update={"former": rows_in_question(document, passports)}).model_dump(mode="json"),
        source_file=source_file,
        author=actor,
    )
    made.writers.add(actor)
    return made


@transaction.atomic
def change_request_confirm(
    *, change_request: ChangeRequest, links: dict[str, dict[str, str | None]], version: int
) -> ChangeRequest:
    """Record what a person says the rows are: ``links[part][key] = target`` over the parts of :class:`Identity`.

    Raises ``StateConflict`` when the request is no longer a draft or a row would stand twice, ``StaleVersion`` when
    somebody wrote meanwhile.
    """
    locked = draft_locked(change_request, version)
    document, identity = locked.passport, locked.recognised.model_dump()
    for part, chosen in links.items():
        for key, target in chosen.items():
            if part != "former" and key in identity[part]:
                identity[part][key] = {"target": target, "confidence": "confirmed" if target else "none"}
    settled = Identity.model_validate(identity)
    if answers := links.get("former"):
        # Last: whatever else was answered names rows by the ids that they had on the page.
        document, settled = rows_taken(document, settled, answers, redactions_of(locked.project))
    locked.document, locked.identity = document.model_dump(mode="json"), settled.model_dump(mode="json")
    locked.version += 1
    locked.save(update_fields=["document", "identity", "version"])
    return ChangeRequest.objects.get(pk=locked.pk)


def draft_locked(change_request: ChangeRequest, version: int) -> ChangeRequest:
    """The row under lock, still a draft and still the version that the person saw."""
    locked = request_locked(change_request, version)
    if locked.state != ChangeRequest.State.DRAFT:
        raise StateConflict("Запрос на согласовании: чтобы его изменить, автор должен его отозвать.")
    return locked


def request_locked(change_request: ChangeRequest, version: int) -> ChangeRequest:
    """The row under lock. Whoever closed it is told of before the version: ``StateConflict``, else ``StaleVersion``."""
    locked = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=change_request.pk)
    if locked.decided_at is not None:
        raise StateConflict(f"Запрос уже закрыт: {locked.get_state_display().lower()}.")
    if locked.version != version:
        raise StaleVersion("Пока вы смотрели, запрос изменил другой сотрудник. Проверьте и повторите.")
    return locked


def recognise(document: Passport, territory: Organisation, settled: Identity) -> Identity:
    """Propose what the rows of a document are; nothing here decides, a person can change every link.

    ``settled`` are links that stay: comparing words is most of a save, so only the other rows are compared.
    """
    results = [Named(str(row.id), row.number, row.name) for row in document.results]
    indicators = [Named(str(row.id), row.number, row.name) for row in document.indicators]
    plan = [Named(str(row.id), row.number, row.name) for row in document.plan if row.kind == "result"]
    money = [Named(str(row.id), row.number, row.name) for row in document.finance if row.source is None]
    here = ids_of(document)
    return Identity(
        territories=_territories(document, territory, settled.territories),
        plan_results=_matched(plan, results, settled.plan_results),
        finance_results=_matched(money, results, settled.finance_results),
        breakdown_indicators=_by_reference(document.breakdown, indicators, settled.breakdown_indicators),
        methodology_indicators=_by_reference(document.methodology, indicators, settled.methodology_indicators),
        former={key: link for key, link in settled.former.items() if key in here},
    )


def _matched(rows: list[Named], among: list[Named], settled: dict[str, Link]) -> dict[str, Link]:
    """The rows by their words; what a settled link leads to is no longer to be had."""
    taken = {link.target for link in settled.values()}
    fresh = [row for row in rows if row.key not in settled]
    free, rivals = [row for row in among if row.key not in taken], [row for row in among if row.key in taken]
    links = settled | _links(match(fresh, free, rivals))
    return {row.key: links[row.key] for row in rows}


def recognise_again(before: Passport, document: Passport, territory: Organisation, known: Identity) -> Identity:
    """Keep the links that are known for the rows of ``before`` that are still there; propose links for the others.

    A link that was settled once is not guessed again: a person may have corrected it. A row of the breakdown or of the
    methodology that names another indicator now is recognised anew.
    """
    rows = {row.id for row in (*document.results, *document.indicators)}
    named = _references(before)
    renamed = {key for key, indicator in _references(document).items() if named.get(key) != indicator}
    kept = {
        part: {
            key: link
            for key, link in getattr(known, part).items()
            if key not in renamed and (part in ("territories", "former") or link.target is None or link.target in rows)
        }
        for part in Identity.model_fields
    }
    return recognise(document, territory, Identity.model_validate(kept))


def _references(document: Passport) -> dict[str | None, str | None]:
    rows: tuple[BreakdownRow | Methodology, ...] = (*document.breakdown, *document.methodology)
    return {row.id: row.indicator for row in rows}


def _territories(document: Passport, territory: Organisation, settled: dict[str, Link]) -> dict[str, Link]:
    every = list(dict.fromkeys(row.territory for row in document.breakdown if row.territory))
    names = [name for name in every if name not in settled]
    if not names:
        return {name: settled[name] for name in every}
    organisations = list(Organisation.objects.under(territory).open())
    found = match(
        [Named(name, None, name) for name in names],
        [Named(str(organisation.pk), None, organisation.name) for organisation in organisations],
    )
    short = match(
        [Named(name, None, name) for name in names],
        [Named(str(organisation.pk), None, organisation.short_name) for organisation in organisations],
    )
    best = [max(pair, key=lambda m: (m.confidence == "sure", m.likeness)) for pair in zip(found, short, strict=True)]
    links = settled | _once(_links(best), {link.target for link in settled.values()})
    return {name: links[name] for name in every}


def _once(links: dict[str, Link], taken: set[str | None]) -> dict[str, Link]:
    """Two names cannot both be the same organisation: keep the first, ask a person about the rest."""
    seen = {None, *taken}
    kept = {}
    for key, link in links.items():
        kept[key] = Link() if link.target in seen and link.target else link
        seen.add(link.target)
    return kept


def _links(found: Iterable[Match]) -> dict[str, Link]:
    return {m.key: Link(target=m.target, confidence=m.confidence) for m in found}


def _by_reference(
    rows: Iterable[BreakdownRow | Methodology], indicators: list[Named], settled: dict[str, Link]
) -> dict[str, Link]:
    """Rows name their indicator by its number, or by its words where the document gives only those."""
    by_number: dict[str, list[str]] = {}
    for indicator in indicators:
        if indicator.number:
            by_number.setdefault(indicator.number, []).append(indicator.key)
    found = {}
    cache: dict[str, Link] = {}
    for row in rows:
        if (link := settled.get(str(row.id))) is not None:
            found[str(row.id)] = link
            continue
        reference = row.indicator or ""
        if reference not in cache:
            numbered = by_number.get(reference, [])
            if len(numbered) == 1:
                cache[reference] = Link(target=numbered[0], confidence="sure")
            else:
                matched = match([Named(reference, None, words(reference))], indicators)[0]
                cache[reference] = Link(target=matched.target, confidence=matched.confidence)
        found[str(row.id)] = cache[reference]
    return found
