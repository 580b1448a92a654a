"""Names of the people of the demo region; nobody of them exists."""

from __future__ import annotations

from reports.demo.chance import choose, share

_SURNAMES = (
    "Абросимов", "Балашов", "Вересов", "Воронихин", "Гладышев", "Голубев", "Дементьев", "Дорофеев", "Ермолин",
    "Жилин", "Завьялов", "Зимин", "Ивлев", "Калинников", "Карпухин", "Киселёв", "Кондратов", "Ларионов", "Лобанов",
    "Макаров", "Мальцев", "Назаров", "Никифоров", "Овчинников", "Осокин", "Панкратов", "Пестов", "Рогозин",
    "Рябинин", "Савельев", "Селиванов", "Сомов", "Тарасов", "Тихомиров", "Угрюмов", "Устинов", "Фадеев", "Филатов",
    "Харитонов", "Черепанов", "Чистяков", "Шабалин", "Шилов", "Щеглов", "Юдин", "Яковлев",
)  # fmt: skip
_WOMEN = (
    "Алла", "Анна", "Валентина", "Вера", "Галина", "Дарья", "Екатерина", "Елена", "Жанна", "Зинаида", "Инна", "Ирина",
    "Ксения", "Лариса", "Лидия", "Любовь", "Марина", "Надежда", "Наталья", "Нина", "Оксана", "Ольга", "Полина",
    "Раиса", "Светлана", "Тамара", "Татьяна", "Юлия",
)  # fmt: skip
_MEN = (
    "Александр", "Алексей", "Андрей", "Борис", "Вадим", "Василий", "Виктор", "Глеб", "Денис", "Евгений", "Иван",
    "Игорь", "Кирилл", "Константин", "Максим", "Михаил", "Николай", "Олег", "Павел", "Роман", "Сергей", "Фёдор",
)  # fmt: skip
_FATHERS = (
    "Александр", "Алексей", "Андрей", "Борис", "Вадим", "Виктор", "Владимир", "Геннадий", "Евгений", "Иван", "Максим",
    "Михаил", "Николай", "Олег", "Павел", "Пётр", "Роман", "Сергей", "Степан", "Фёдор", "Юрий",
)  # fmt: skip
_IRREGULAR = {"Пётр": "Петр"}
_FIXED_HEADS = {
    # They have accounts of the demo, so their names are settled.
    "СОШ № 3 г. Камнегорска": "Тихомирова Ольга Викторовна",
    "СОШ с. Синий Камень": "Осокин Павел Андреевич",
}


def head_of(organisation: str) -> str:
    """The head of an organisation: surname, first name, patronymic."""
    if organisation in _FIXED_HEADS:
        return _FIXED_HEADS[organisation]
    woman = share("woman", organisation) < 0.78
    surname = choose(_SURNAMES, "surname", organisation)
    first = choose(_WOMEN if woman else _MEN, "first", organisation)
    return f"{surname}{'а' if woman else ''} {first} {_patronymic(choose(_FATHERS, 'father', organisation), woman)}"


def _patronymic(father: str, woman: bool) -> str:
    stem = _IRREGULAR.get(father, father)
    if stem.endswith("ий"):
        return f"{stem[:-2]}ьевна" if woman else f"{stem[:-2]}ьевич"
    if stem.endswith("й"):
        return f"{stem[:-1]}евна" if woman else f"{stem[:-1]}евич"
    if stem.endswith("ь"):
        return f"{stem[:-1]}евна" if woman else f"{stem[:-1]}евич"
    return f"{stem}овна" if woman else f"{stem}ович"
