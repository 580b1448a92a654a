"""Words of the official form that renderers print and readers must not take for content.

They say that something is not there, or end what was said above. A printed passport then reads to what it was made
of. The words of real documents for the same things are the recogniser's own business.
"""

from __future__ import annotations

import re

from projects.passport.intermediate import squash

NO_GOAL = "Цель не указана."
NO_INDICATORS = "Показатели не предусмотрены."
NO_RESULTS = "Задачи и результаты не предусмотрены."
NO_FINANCE = "Финансовое обеспечение не предусмотрено."
NO_PARTICIPANTS = "Сведения об участниках отсутствуют."
NO_ADDITIONAL = "Дополнительная информация не приведена."
NO_APPENDIX = "Сведения отсутствуют."
NO_TERRITORY = "не указана"

# Rows across a table that end what a row above them said of the rows below it.
NO_TASK = "Результаты, не отнесенные к задачам"
NO_GROUP = "Вне групп"
NO_INDICATOR = "Без показателя"
OWN_INDICATORS = "Показатели {project}"
OWN_RESULTS = "Результаты {project}"

# A federal result is said to be one by its own words, or quoted after these.
QUOTED_RESULT = "Справочно, результат федерального проекта: "
# A task that is named again, because results of another stood between its own.
TASK_AGAIN = " (продолжение)"
# Cells that no table of the form has a place for.
ALSO_WRITTEN = "В исходном документе также записано: "

_NOTHING = {NO_GOAL, NO_INDICATORS, NO_RESULTS, NO_FINANCE, NO_PARTICIPANTS, NO_ADDITIONAL, NO_APPENDIX}
_OWN_RESULTS = re.compile(
    r"^результаты (федеральн|региональн|муниципальн|национальн)?(ого )?проекта\W*$", re.IGNORECASE
)


def says_nothing(text: str) -> bool:
    """Whether a paragraph only says that a part of the form is empty, or holds no content of it."""
    line = squash(text)
    return line in _NOTHING or line.startswith(ALSO_WRITTEN)


def are_own_results(text: str) -> bool:
    """Whether a row only says that the results below it are the project's own and serve no federal one."""
    return bool(_OWN_RESULTS.match(squash(text)))
