"""What stands out in the demo region on purpose, so that there is something to discover.

- Полозерский округ is far behind in everything (its ``lag`` in the map), and cancelled lessons because of the cold.
- Морошкинский район handed in nothing for 2025; nobody in Таршинский район has begun the open form.
- A school of Ольховец reported its speed for 2025 ten times too high: only this makes the region reach its target.
- A school reports in the open period ten times the devices of its neighbours; the form waits for review.
- Another school lost a digit of its devices in 2025; the closed year was opened for it and has a version 2.
- In one school the devices delivered since the beginning of the project became fewer.
- A school was closed in the summer of 2026: it stands in the years before and in no later period.
- Targets missed in 2025: connection, training, worn buildings, heat meters, cold days (target 0). New places exceed
  theirs by far.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from reports.demo.chance import share
from reports.demo.figures import Figures, figures
from reports.demo.geography import SILENT_LAST_YEAR
from reports.demo.moments import HALF_2026, NINE_MONTHS_2025, NINE_MONTHS_2026, YEAR_2024, YEAR_2025, Moment
from reports.demo.organisations import DemoOrganisation

TEN_TIMES_SPEED = "СОШ № 2 с. Ольховец"
TEN_TIMES_DEVICES = "СОШ с. Ореховая Грива"
FEWER_DEVICES = "СОШ с. Мокрая Гарь"
CORRECTED_SCHOOL = "СОШ № 2 г. Камнегорска"
CLOSED_SCHOOL = "ООШ д. Перекатная"
CLOSED_ON = dt.date(2026, 8, 31)

_COLD = {
    YEAR_2024.key: {
        "СОШ с. Полозерье": 2,
        "ООШ д. Топкий Берег": 1,
        "ООШ д. Сенокосная Пустошь": 1,
        "Детский сад № 2 «Солнышко» с. Полозерье": 2,
    },
    NINE_MONTHS_2025.key: {"СОШ с. Полозерье": 1, "ООШ д. Топкий Берег": 1},
    YEAR_2025.key: {"СОШ с. Полозерье": 3},
    NINE_MONTHS_2026.key: {"ООШ д. Горелый Починок": 1},
}
# Who handed in nothing: this share of organisations at random, more where the place is behind.
_SILENT_SHARE = {YEAR_2024.key: 0.035, NINE_MONTHS_2025.key: 0.06, YEAR_2025.key: 0.045, HALF_2026.key: 0.0}


def figures_with_deviations(organisation: DemoOrganisation, moment: Moment) -> Figures:
    """The figures that an organisation hands in, the slips of its pen included."""
    found = figures(organisation, moment)
    name = organisation.short_name
    if "cold_days" in found:
        found["cold_days"] = Decimal(_COLD.get(moment.key, {}).get(name, 0))
    if name == TEN_TIMES_SPEED and moment is YEAR_2025:
        found["internet_speed"] = (found["internet_speed"] or Decimal(0)) * 10
    if name == TEN_TIMES_DEVICES and moment is NINE_MONTHS_2026:
        found["devices"] = (found["devices"] or Decimal(0)) * 10
    if name == CORRECTED_SCHOOL and moment is YEAR_2025:
        found["devices"] = (found["devices"] or Decimal(0)) // 10
    if name == FEWER_DEVICES and moment.progress >= YEAR_2025.progress:
        found["devices"] = (found["devices"] or Decimal(0)) // 3
    return found


def is_silent(organisation: DemoOrganisation, moment: Moment) -> bool:
    """Whether an organisation handed in nothing for a closed period."""
    if moment is YEAR_2025 and organisation.municipality == SILENT_LAST_YEAR:
        return True
    limit = _SILENT_SHARE[moment.key] * (1 + 2 * organisation.lag)
    return share("silent", moment.key, organisation.short_name) < limit
