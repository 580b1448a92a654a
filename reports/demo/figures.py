"""What each organisation of the demo region counted at the end of each period.

Everybody has a lot drawn once («connected early», «repaired late»), and the region moves along a curve from year to
year: so figures grow without jumping back, and differ from one organisation to the next. What stands out on purpose is
written in ``deviations``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from organisations.models import OrganisationKind
from reports.demo.chance import between, share
from reports.demo.geography import PROJECT_TOWN
from reports.demo.moments import Moment
from reports.demo.organisations import DemoOrganisation

NOT_APPLICABLE = None
Figures = dict[str, Decimal | None]
_POINTS = (0.0, 1.0, 1.75, 2.0, 2.5, 2.75)

# How the region stood at the beginning and at the end of each period.
_CURVES: dict[str, Sequence[float]] = {
    "connected": (0.48, 0.645, 0.685, 0.73, 0.785, 0.815),
    "equipped": (0.285, 0.381, 0.48, 0.512, 0.562, 0.588),
    "pupils_portfolio": (0, 0.117, 0.235, 0.272, 0.4, 0.435),
    "students_portfolio": (0, 0.04, 0.145, 0.17, 0.285, 0.315),
    "trained": (0, 0.128, 0.235, 0.27, 0.37, 0.405),
    "devices": (0, 0.66, 1.22, 1.46, 1.86, 2.02),
    "worn": (0.37, 0.335, 0.315, 0.295, 0.26, 0.245),
    "metered": (0.38, 0.515, 0.59, 0.615, 0.68, 0.71),
    "second_shift": (1.0, 0.93, 0.89, 0.86, 0.78, 0.73),
    "meals_junior": (0.94, 0.964, 0.973, 0.976, 0.982, 0.986),
    "meals_senior": (0.61, 0.672, 0.7, 0.707, 0.735, 0.748),
    "class_size": (27.8, 27.35, 27.0, 26.9, 26.5, 26.3),
    "outages": (1.6, 1.17, 1.0, 0.98, 0.75, 0.7),
}
# The schools of the town by number: since which period they are connected, and until which they work in two shifts.
_TOWN_CONNECTED = {1: 0.0, 4: 0.0, 6: 0.0, 8: 0.0, 3: 0.9, 11: 0.9, 7: 1.7, 5: 2.4, 2: 2.7}
_TOWN_TWO_SHIFTS_UNTIL = {7: 1.7, 3: 2.7, 2: 9.0, 9: 9.0, 10: 9.0}
NEW_PLACES = {"СОШ № 1 пгт Лутьма": (1.7, 186), "Детский сад № 1 «Берёзка» с. Журавино": (1.9, 74)}


def curve(name: str, progress: float) -> float:
    """The region at a point in time, in a straight line between the ends of periods."""
    values = _CURVES[name]
    for left, right, low, high in zip(_POINTS, _POINTS[1:], values, values[1:], strict=False):
        if progress <= right:
            return low + (high - low) * (progress - left) / (right - left)
    return values[-1]


def figures(organisation: DemoOrganisation, moment: Moment) -> Figures:
    """What an organisation of its kind may be asked, by the code of the base indicator; None: not applicable."""
    found: Figures = {}
    if organisation.kind == OrganisationKind.SCHOOL:
        found |= _pupils(organisation, moment)
    if organisation.kind == OrganisationKind.COLLEGE:
        found |= _students(organisation, moment)
    if organisation.kind != OrganisationKind.KINDERGARTEN:
        found |= _digital(organisation, moment)
    if organisation.kind in {OrganisationKind.SCHOOL, OrganisationKind.KINDERGARTEN}:
        found |= _warm(organisation, moment)
    return found


def _whole(value: float) -> Decimal:
    return Decimal(round(value))


def _part(whole: Decimal, value: float) -> Decimal:
    """A whole number from 0 up to the whole."""
    return min(whole, max(Decimal(0), _whole(float(whole) * value)))


def _size(organisation: DemoOrganisation, moment: Moment) -> Decimal:
    drift = between(-0.012, 0.02, "drift", organisation.short_name)
    return _whole(organisation.size * (1 + drift * moment.progress))


def _number_in_town(organisation: DemoOrganisation) -> int | None:
    if organisation.municipality != PROJECT_TOWN or organisation.kind != OrganisationKind.SCHOOL:
        return None
    return int(organisation.short_name.split("№ ")[1].split()[0])


def _own(organisation: DemoOrganisation, name: str, spread: float = 0.25) -> float:
    """How far this organisation is from the average of the region in one respect, the lag of its place included."""
    return between(1 - spread, 1 + spread, name, organisation.short_name) * (1 - 0.6 * organisation.lag)


def _pupils(organisation: DemoOrganisation, moment: Moment) -> Figures:
    pupils = _size(organisation, moment)
    junior = _part(pupils, between(0.41, 0.46, "junior", organisation.short_name))
    number = _number_in_town(organisation)
    two_shifts = number is not None and moment.progress < _TOWN_TWO_SHIFTS_UNTIL.get(number, 0.0)
    if number is None:
        two_shifts = organisation.size > 430 and share("shift", organisation.short_name) < 0.78
    second = between(0.2, 0.45, "second", organisation.short_name) * curve("second_shift", moment.progress)
    return {
        "pupils": pupils,
        "pupils_portfolio": _part(
            pupils, curve("pupils_portfolio", moment.progress) * _own(organisation, "portfolio", 0.4)
        ),
        "pupils_second_shift": _part(pupils, second) if two_shifts else Decimal(0),
        "two_shifts": Decimal(int(two_shifts)),
        "classes": max(
            Decimal(1), _whole(float(pupils) / (curve("class_size", moment.progress) * _class(organisation)))
        ),
        "pupils_junior": junior,
        "meals_junior": _part(
            junior, curve("meals_junior", moment.progress) * between(0.98, 1.02, "m", organisation.inn)
        ),
        "pupils_senior": pupils - junior,
        "meals_senior": _part(
            pupils - junior, curve("meals_senior", moment.progress) * between(0.85, 1.15, "s", organisation.inn)
        ),
        "orders_overdue": Decimal(int(number == 10 and moment.progress > 2.6)),
    }


def _class(organisation: DemoOrganisation) -> float:
    return between(0.96, 1.04, "class", organisation.short_name)


def _students(organisation: DemoOrganisation, moment: Moment) -> Figures:
    students = _size(organisation, moment)
    with_portfolio = curve("students_portfolio", moment.progress) * _own(organisation, "portfolio", 0.4)
    return {"students": students, "students_portfolio": _part(students, with_portfolio)}


def _digital(organisation: DemoOrganisation, moment: Moment) -> Figures:
    centre = organisation.kind == OrganisationKind.CENTRE
    size = float(_size(organisation, moment))
    teachers = _whole(size / (70 if centre else 15)) + 4
    rooms = _whole(size / (120 if centre else 27)) + (3 if centre else 7)
    connected = _is_connected(organisation, moment)
    per_year = curve("outages", moment.progress) * (0.5 if connected else 1.7) * (1 + organisation.lag)
    return {
        "teachers": teachers,
        "teachers_trained": _part(teachers, curve("trained", moment.progress) * _own(organisation, "trained", 0.35)),
        "internet_fast": Decimal(int(connected)),
        "internet_speed": _speed(organisation, connected),
        "internet_outages": _times(per_year, organisation, moment),
        "rooms": rooms,
        "rooms_equipped": _part(rooms, curve("equipped", moment.progress) * _own(organisation, "rooms")),
        "devices": _whole(float(rooms) * curve("devices", moment.progress) * _own(organisation, "devices", 0.3)),
    }


def _is_connected(organisation: DemoOrganisation, moment: Moment) -> bool:
    number = _number_in_town(organisation)
    if number is not None:
        return moment.progress >= _TOWN_CONNECTED.get(number, 9.0)
    lot = share("connected", organisation.short_name) * (1.0 if organisation.rural else 0.86)
    return lot < curve("connected", moment.progress) * (1 - 0.95 * organisation.lag)


def _speed(organisation: DemoOrganisation, connected: bool) -> Decimal:
    if organisation.rural:
        low, high = (52, 96) if connected else (8, 38)
    else:
        low, high = (102, 190) if connected else (35, 92)
    return Decimal(round(between(low, high, "speed", organisation.short_name, connected)))


def _times(per_year: float, organisation: DemoOrganisation, moment: Moment) -> Decimal:
    """A count of events, rounded by lot so that small averages do not vanish; more in a year than in its part."""
    lot = share("times", organisation.short_name, moment.year)
    own = between(0.2, 1.8, "events", organisation.short_name, moment.year)
    return Decimal(int(per_year * own * moment.year_part + lot))


def _warm(organisation: DemoOrganisation, moment: Moment) -> Figures:
    large = organisation.size > (800 if organisation.kind == OrganisationKind.SCHOOL else 200)
    buildings = 1 + int(large) + int(share("house", organisation.short_name) < 0.18)
    worn_line = curve("worn", moment.progress) * (1 + 0.7 * organisation.lag)
    worn = sum(share("worn", organisation.short_name, house) < worn_line for house in range(buildings))
    metered = share("metered", organisation.short_name) < curve("metered", moment.progress) * (
        1 - 0.5 * organisation.lag
    )
    temperature = between(18.3, 20.3, "warm", organisation.short_name) + 0.24 * moment.progress - 1.3 * organisation.lag
    since, places = NEW_PLACES.get(organisation.short_name, (9.0, 0))
    return {
        "buildings": Decimal(buildings),
        "buildings_worn": Decimal(worn),
        "heat_metered": Decimal(int(metered)),
        "cold_days": Decimal(0),
        "temperature": Decimal(str(round(temperature, 1))),
        "places_created": Decimal(places) if moment.progress >= since else NOT_APPLICABLE,
    }
