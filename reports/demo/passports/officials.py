"""Officials who stand in the passports, named the same everywhere."""

from reports.demo.passports.building import Somebody

MINISTRY = "министерства образования Северской области"
_MINISTER = "Дорофеев И. П., министр образования Северской области"
_GOVERNMENT = "Громов С. А., председатель Правительства Северской области"

CURATOR = Somebody("Вересов А. Н.", "заместитель председателя Правительства Северской области", _GOVERNMENT)
MINISTER = Somebody("Дорофеев И. П.", "министр образования Северской области", "Вересов А. Н., куратор проекта")

# «Цифровая школа»
DIGITAL_HEAD = Somebody("Ларионова Е. С.", "заместитель министра образования Северской области", _MINISTER)
_OF_DIGITAL_HEAD = "Ларионова Е. С., заместитель министра образования Северской области"
DIGITAL_ADMINISTRATOR = Somebody("Зимина М. О.", f"начальник отдела цифрового развития {MINISTRY}", _OF_DIGITAL_HEAD)
_OF_DIGITAL_ADMINISTRATOR = "Зимина М. О., начальник отдела цифрового развития"
NETWORKS = Somebody("Кондратов Д. В.", f"консультант отдела цифрового развития {MINISTRY}", _OF_DIGITAL_ADMINISTRATOR)
EQUIPMENT = Somebody(
    "Филатова Н. А.", f"главный специалист отдела цифрового развития {MINISTRY}", _OF_DIGITAL_ADMINISTRATOR
)
TRAINING = Somebody("Абросимова Л. Ю.", "ректор Северского института развития образования", _MINISTER)
COLLEGES = Somebody("Чистяков Р. И.", f"начальник отдела профессионального образования {MINISTRY}", _OF_DIGITAL_HEAD)
COMMUNICATIONS = Somebody(
    "Угрюмов П. С.", "министр связи и цифровой экономики Северской области", "Вересов А. Н., куратор проекта"
)

# «Тёплая школа»
WARM_HEAD = Somebody("Панкратов В. Ю.", "заместитель министра образования Северской области", _MINISTER)
_OF_WARM_HEAD = "Панкратов В. Ю., заместитель министра образования Северской области"
WARM_ADMINISTRATOR = Somebody("Голубева И. М.", f"начальник отдела модернизации зданий {MINISTRY}", _OF_WARM_HEAD)
_OF_WARM_ADMINISTRATOR = "Голубева И. М., начальник отдела модернизации зданий"
REPAIRS = Somebody("Мальцев Г. Е.", f"консультант отдела модернизации зданий {MINISTRY}", _OF_WARM_ADMINISTRATOR)
HEATING = Somebody("Осокина В. П.", f"главный специалист отдела модернизации зданий {MINISTRY}", _OF_WARM_ADMINISTRATOR)
BUILDING = Somebody("Шабалин К. О.", "министр строительства Северской области", "Вересов А. Н., куратор проекта")
SECONDARY = Somebody("Назарова Ж. Л.", f"начальник отдела общего образования {MINISTRY}", _OF_WARM_HEAD)

# Город Камнегорск
TOWN_CURATOR = Somebody(
    "Макаров О. Б.",
    "заместитель главы города Камнегорска по социальным вопросам",
    "Щеглов Ф. М., глава города Камнегорска",
)
_OF_TOWN_CURATOR = "Макаров О. Б., заместитель главы города Камнегорска"
TOWN_HEAD = Somebody("Шилова Т. Г.", "начальник управления образования города Камнегорска", _OF_TOWN_CURATOR)
_OF_TOWN_HEAD = "Шилова Т. Г., начальник управления образования города Камнегорска"
TOWN_ADMINISTRATOR = Somebody(
    "Юдина К. Р.", "директор Центра сопровождения образования города Камнегорска", _OF_TOWN_HEAD
)
TOWN_MEALS = Somebody("Гладышева О. Н.", "главный специалист управления образования города Камнегорска", _OF_TOWN_HEAD)
TOWN_BUILDINGS = Somebody(
    "Сомов В. К.", "начальник отдела капитального строительства города Камнегорска", _OF_TOWN_CURATOR
)

HEADS_OF_ORGANISATIONS = Somebody(
    None, "руководители образовательных организаций", "руководители органов управления образованием муниципалитетов"
)
MUNICIPAL_DEPARTMENTS = Somebody(None, "руководители органов управления образованием муниципалитетов", _MINISTER)
HEADS_OF_TOWN_SCHOOLS = Somebody(None, "директора школ города Камнегорска", _OF_TOWN_HEAD)
