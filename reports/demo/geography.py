"""The map of the fictional «Северская область»: municipalities on the river Сувера and its tributaries, and villages.

Every name is made up. Codes look like real ones and belong to nobody: ИНН begin with 98 and ОКТМО with 16, which no
region of Russia has.
"""

from __future__ import annotations

from dataclasses import dataclass

REGION_NAME = "Северская область"
REGION_OKTMO = "16000000"


@dataclass(frozen=True)
class Municipality:
    """``genitive`` completes «школа …»; ``city`` schools are numbered, those of ``villages`` are called by theirs.

    ``basic``: how many of the villages, from the end, have a basic school (nine classes) only. ``lag`` from 0 to 1:
    how far behind the rest of the region it is.
    """

    key: str
    name: str
    short_name: str
    genitive: str
    oktmo: str
    centre: str
    numbered: int
    villages: tuple[str, ...]
    basic: int
    kindergartens: int
    colleges: tuple[str, ...]
    centres: tuple[str, ...]
    lag: float = 0.0

    @property
    def is_town(self) -> bool:
        return not self.villages


MUNICIPALITIES: tuple[Municipality, ...] = (
    Municipality(
        key="ust-seversk",
        name="Городской округ «Город Усть-Северск»",
        short_name="г. Усть-Северск",
        genitive="города Усть-Северска",
        oktmo="16701000",
        centre="г. Усть-Северск",
        numbered=26,
        villages=(),
        basic=0,
        kindergartens=24,
        colleges=(
            "Северский политехнический колледж",
            "Усть-Северский медицинский колледж",
            "Северский педагогический колледж",
            "Усть-Северский колледж транспорта и связи",
            "Северский колледж искусств и ремёсел",
        ),
        centres=(
            "Дворец творчества юных «Суверский причал»",
            "Детский технопарк «Импульс»",
            "Станция юных натуралистов «Кедровка»",
            "Центр детского туризма «Перевал»",
            "Детско-юношеский центр «Орбита»",
        ),
    ),
    Municipality(
        key="kamnegorsk",
        name="Городской округ «Город Камнегорск»",
        short_name="г. Камнегорск",
        genitive="города Камнегорска",
        oktmo="16702000",
        centre="г. Камнегорск",
        numbered=11,
        villages=(),
        basic=0,
        kindergartens=10,
        colleges=("Камнегорский горно-обогатительный колледж", "Камнегорский колледж сервиса"),
        centres=("Дом детского творчества «Самоцвет»", "Центр технического творчества «Рудник»"),
    ),
    Municipality(
        key="verhnesuversky",
        name="Верхнесуверский муниципальный округ",
        short_name="Верхнесуверский округ",
        genitive="Верхнесуверского муниципального округа",
        oktmo="16501000",
        centre="пгт Верхняя Сувера",
        numbered=3,
        villages=(
            "с. Тихий Плёс",
            "с. Кондоровка",
            "с. Белый Мыс",
            "с. Сухой Волок",
            "с. Лосиный Брод",
            "п. Сплавная Запань",
            "с. Малая Тайница",
            "д. Перекатная",
            "д. Ельнячиха",
            "д. Нижний Бечевник",
            "п. Четвёртый Плотбищенский",
        ),
        basic=4,
        kindergartens=4,
        colleges=("Верхнесуверский лесотехнический техникум",),
        centres=("Дом детского творчества пгт Верхняя Сувера", "Спортивная школа «Плёс»"),
    ),
    Municipality(
        key="lutminsky",
        name="Лутьминский муниципальный район",
        short_name="Лутьминский район",
        genitive="Лутьминского муниципального района",
        oktmo="16602000",
        centre="пгт Лутьма",
        numbered=2,
        villages=(
            "с. Большая Росошь",
            "с. Заручевье-на-Лутьме",
            "с. Мокрая Гарь",
            "с. Синий Камень",
            "п. Торфокомбинат",
            "с. Ивняковское",
            "д. Барсучий Лог",
            "д. Поветлужка",
            "д. Косая Нива",
            "с. Дальние Выселки",
        ),
        basic=4,
        kindergartens=4,
        colleges=("Лутьминский агротехнологический техникум",),
        centres=("Центр дополнительного образования «Лутьма»",),
    ),
    Municipality(
        key="kedrinsky",
        name="Кедринский муниципальный округ",
        short_name="Кедринский округ",
        genitive="Кедринского муниципального округа",
        oktmo="16503000",
        centre="с. Кедрино",
        numbered=2,
        villages=(
            "с. Шишкобой",
            "с. Ореховая Грива",
            "с. Старая Пасека",
            "с. Глухариный Ток",
            "с. Медвяное",
            "п. Смолокуренный",
            "с. Пихтовый Яр",
            "д. Подкедровка",
            "д. Верхний Увал",
            "д. Заимка Лазарева",
            "с. Троекурово Поле",
        ),
        basic=4,
        kindergartens=4,
        colleges=("Кедринский колледж лесного хозяйства",),
        centres=("Дом детского творчества с. Кедрино", "Спортивная школа «Таёжник»"),
    ),
    Municipality(
        key="tarshinsky",
        name="Таршинский муниципальный район",
        short_name="Таршинский район",
        genitive="Таршинского муниципального района",
        oktmo="16604000",
        centre="с. Тарша",
        numbered=1,
        villages=(
            "с. Верхняя Тарша",
            "с. Каменный Перебор",
            "с. Полынный Яр",
            "с. Утиное Займище",
            "д. Гусиный Перелёт",
            "д. Сухая Тарша",
            "п. Разъезд Полевой",
            "д. Чибисовка",
        ),
        basic=4,
        kindergartens=2,
        colleges=(),
        centres=("Дом детского творчества с. Тарша",),
        lag=0.15,
    ),
    Municipality(
        key="vezhsky",
        name="Вежский муниципальный округ",
        short_name="Вежский округ",
        genitive="Вежского муниципального округа",
        oktmo="16505000",
        centre="пгт Вежа",
        numbered=3,
        villages=(
            "с. Вежские Столбы",
            "с. Рыбачья Слобода",
            "с. Красный Невод",
            "с. Сиговое",
            "с. Озёрный Ключ",
            "д. Щучий Остров",
            "п. Маячный-на-Веже",
            "д. Камышовая Падь",
            "д. Ряпушкино",
        ),
        basic=3,
        kindergartens=4,
        colleges=("Вежский рыбопромышленный техникум",),
        centres=("Центр дополнительного образования «Маяк»",),
    ),
    Municipality(
        key="staroborsky",
        name="Староборский муниципальный район",
        short_name="Староборский район",
        genitive="Староборского муниципального района",
        oktmo="16606000",
        centre="с. Старый Бор",
        numbered=2,
        villages=(
            "с. Борок-на-Кедрянке",
            "с. Грибное Урочище",
            "с. Соловарное",
            "с. Мельничный Пруд",
            "д. Новый Починок",
            "д. Горелый Починок",
            "п. Лесобиржа",
            "с. Хмелевые Горки",
        ),
        basic=3,
        kindergartens=3,
        colleges=("Староборский колледж народных промыслов",),
        centres=("Дом детского творчества с. Старый Бор",),
    ),
    Municipality(
        key="polozersky",
        name="Полозерский муниципальный округ",
        short_name="Полозерский округ",
        genitive="Полозерского муниципального округа",
        oktmo="16507000",
        centre="с. Полозерье",
        numbered=1,
        villages=(
            "с. Заполозерье",
            "с. Моховая Лука",
            "с. Долгий Плавник",
            "п. Узкоколейный",
            "д. Клюквенная Рада",
            "д. Топкий Берег",
            "д. Журавлиные Кочки",
        ),
        basic=3,
        kindergartens=3,
        colleges=(),
        centres=("Дом детского творчества с. Полозерье",),
        lag=0.75,
    ),
    Municipality(
        key="moroshkinsky",
        name="Морошкинский муниципальный район",
        short_name="Морошкинский район",
        genitive="Морошкинского муниципального района",
        oktmo="16608000",
        centre="с. Морошкино",
        numbered=1,
        villages=("с. Оленья Тоня", "п. Зимник-Северный", "с. Усть-Хановка", "д. Ягельная"),
        basic=2,
        kindergartens=1,
        colleges=(),
        centres=("Дом культуры и творчества детей с. Морошкино",),
        lag=0.35,
    ),
    Municipality(
        key="zhuravinsky",
        name="Журавинский муниципальный округ",
        short_name="Журавинский округ",
        genitive="Журавинского муниципального округа",
        oktmo="16509000",
        centre="с. Журавино",
        numbered=2,
        villages=(
            "с. Степной Кордон",
            "с. Ковыльное Поле",
            "с. Пшеничный Стан",
            "с. Гречишное",
            "с. Конный Двор",
            "п. Элеваторный",
            "д. Жаворонки-Вторые",
            "д. Сенокосная Пустошь",
            "с. Ржаные Ямы",
        ),
        basic=3,
        kindergartens=4,
        colleges=("Журавинский сельскохозяйственный техникум",),
        centres=("Центр дополнительного образования «Журавушка»", "Спортивная школа «Степняк»"),
    ),
    Municipality(
        key="olhovetsky",
        name="Ольховецкий муниципальный район",
        short_name="Ольховецкий район",
        genitive="Ольховецкого муниципального района",
        oktmo="16610000",
        centre="с. Ольховец",
        numbered=2,
        villages=(
            "с. Верба-Ольховецкая",
            "с. Ключевой Хутор",
            "с. Известковое",
            "п. Карьерный-на-Лутьме",
            "с. Глиняный Скат",
            "д. Подольшаник",
            "д. Сорочий Куст",
        ),
        basic=2,
        kindergartens=3,
        colleges=("Ольховецкий строительный техникум",),
        centres=("Дом детского творчества с. Ольховец",),
    ),
)

PROJECT_TOWN = "kamnegorsk"
LAGGING = "polozersky"
"""The municipality that is far behind its targets."""
SILENT_LAST_YEAR = "moroshkinsky"
"""The municipality that handed in nothing for the last closed year."""
SILENT_NOW = "tarshinsky"
"""The municipality where nobody has begun the open form."""

KINDERGARTEN_NAMES = (
    "Росинка", "Солнышко", "Теремок", "Светлячок", "Ромашка", "Колосок", "Берёзка", "Ручеёк", "Сказка", "Журавлик",
    "Огонёк", "Василёк", "Снегурочка", "Кораблик", "Звёздочка", "Ягодка", "Радуга", "Зайчонок", "Рябинка", "Ласточка",
    "Аленький цветочек", "Подснежник", "Лесовичок", "Золотой ключик",
)  # fmt: skip
