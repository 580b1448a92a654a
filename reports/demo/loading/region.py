"""The tree of organisations and everybody who has an account."""

from __future__ import annotations

from organisations.models import OrganisationKind
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from reports.demo.accounts import ACCOUNTS, PASSWORD
from reports.demo.geography import MUNICIPALITIES, REGION_NAME, REGION_OKTMO
from reports.demo.loading.state import Loaded
from reports.demo.organisations import organisations as demo_organisations
from reports.demo.people import head_of

_POSITIONS = {
    OrganisationKind.SCHOOL: "директор",
    OrganisationKind.KINDERGARTEN: "заведующая",
    OrganisationKind.COLLEGE: "директор",
    OrganisationKind.CENTRE: "директор",
}


def organisations(loaded: Loaded) -> str:
    """The region, its municipalities and their organisations."""
    loaded.root = organisation_create(kind=OrganisationKind.REGION, name=REGION_NAME, oktmo=REGION_OKTMO)
    for place in MUNICIPALITIES:
        loaded.places[place.key] = organisation_create(
            kind=OrganisationKind.MUNICIPALITY,
            name=place.name,
            short_name=place.short_name,
            parent=loaded.root,
            oktmo=place.oktmo,
        )
    for row in demo_organisations():
        loaded.organisations[row.short_name] = organisation_create(
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            parent=loaded.places[row.municipality],
            inn=row.inn,
            oktmo=row.oktmo,
        )
    return f"{len(loaded.places)} муниципалитетов, {len(loaded.organisations)} организаций"


def people(loaded: Loaded) -> str:
    """The accounts that are printed, and a head for every other organisation, who cannot sign in until let in."""
    for account in ACCOUNTS:
        user = user_create(
            login=account.login,
            full_name=account.full_name,
            password=PASSWORD,
            position=account.position,
            email=_address(account.login),
            roles=((account.role, loaded.at(account.at)),),
        )
        loaded.people[account.login] = user
        if account.role == Role.REPORTER and account.at:
            loaded.heads[account.at] = user
    for row in demo_organisations():
        if row.short_name not in loaded.heads:
            loaded.heads[row.short_name] = user_create(
                login=row.inn,
                email=_address(row.inn),
                full_name=head_of(row.short_name),
                position=_POSITIONS[OrganisationKind(row.kind)],
                roles=((Role.REPORTER, loaded.organisations[row.short_name]),),
            )
    return f"{len(ACCOUNTS)} входят с паролем, {len(loaded.heads)} руководят организациями"


def _address(login: str) -> str:
    """At a name that nobody can ever register: letters of the demo reach nobody."""
    return f"{login}@severnaya.example"
