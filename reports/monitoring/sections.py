"""The sections of a monitoring report in their order, by the keys under which staff write their words."""

from __future__ import annotations

SECTIONS = {
    "general": "Общие сведения",
    "indicators": "Показатели",
    "results": "Результаты",
    "plan": "План мероприятий",
    "money": "Финансирование",
    "deviations": "Отклонения",
}
WORDS_LIMIT = 5_000
