"""A formula is understood as it looks, or refused with one sentence and a position."""

from decimal import Decimal

import pytest

from indicators.formulas import FormulaError, evaluate, operands, parse, to_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 − 4 − 3", "3"),
        ("100 ÷ 8 / 2", "6.25"),
        ("-2 * -(3 - 5)", "-4"),
        ("- -2", "2"),
        ("0,5 + 0.25", "0.75"),
        ("min(3; 1,5; 2)", "1.5"),
        ("max(3, 1.5)", "3"),
        ("round(2,5)", "3"),
        ("round(-2,5)", "-3"),
        ("round(2,345; 2)", "2.35"),
        ("100 * connected / organisations", "14.2857142857"),
        ("100 * connected / expected", "12.5"),
        ("1 / 3 * 3", "1"),
    ],
)
def test_formula_means_what_it_looks_like(text: str, value: str) -> None:
    values: dict[str, Decimal | None] = {
        "connected": Decimal(1),
        "organisations": Decimal(7),
        "expected": Decimal(8),
    }

    assert evaluate(parse(text), values) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "connected / nothing",
        "connected / (1 - 1)",
        "min(connected; missing)",
        "max(1; unknown)",
        "-missing",
        "big * big",
    ],
)
def test_what_cannot_be_computed_is_not_defined_and_no_error(text: str) -> None:
    values = {"connected": Decimal(1), "nothing": Decimal(0), "missing": None, "big": Decimal(10) ** 17}

    assert evaluate(parse(text), values) is None


def test_a_zero_is_a_value_and_a_missing_one_is_not() -> None:
    formula = parse("100 * connected / total")

    assert evaluate(formula, {"connected": Decimal(0), "total": Decimal(4)}) == 0
    assert evaluate(formula, {"connected": None, "total": Decimal(4)}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Формула пуста (знак 1)."),
        ("  ", "Формула пуста (знак 3)."),
        ("1 +", "Формула обрывается: не хватает числа или имени (знак 4)."),
        ("(1 + 2", "Скобка не закрыта (знак 1)."),
        ("1 + 2)", "Лишняя закрывающая скобка (знак 6)."),
        ("()", "Перед скобкой не хватает числа или имени (знак 2)."),
        ("100 connected", "Не ожидалось «connected»: перед ним не хватает знака действия или числа (знак 5)."),
        ("100 * школы", "Имена пишутся строчными латинскими буквами, а здесь «ш» (знак 7)."),
        ("100 * Connected", "Имена пишутся строчными латинскими буквами, а здесь «C» (знак 7)."),
        ("٣ + 1", "Цифра «٣» не из тех, что на клавиатуре (знак 1)."),
        ("a; b", "Не ожидалось «;»: перед ним не хватает знака действия или числа (знак 2)."),
        ("a % b", "Знак «%» в формуле не используется (знак 3)."),
        ("sqrt(4)", "Функции «sqrt» нет, есть min, max, round (знак 1)."),
        ("min * 2", "После min нужна скобка (знак 1)."),
        ("min(1,2)", "В min нужны хотя бы два значения через «;» (знак 1)."),
        ("round(1; 2; 3)", "В round одно значение и, через «;», число знаков (знак 1)."),
        ("round(1; a)", "Число знаков в round — целое от 0 до 10 (знак 1)."),
        ("round(1; 11)", "Число знаков в round — целое от 0 до 10 (знак 1)."),
        ("1234567890123456789", "Число слишком длинное (знак 1)."),
        ("a" * 61, "Имя длиннее 60 знаков (знак 1)."),
        ("1" + " " * 1000, "Формула длиннее 1000 знаков (знак 1001)."),
        ("(" * 31 + "1" + ")" * 31, "Скобок и знаков внутри друг друга больше 30 (знак 32)."),
        ("-" * 31 + "1", "Скобок и знаков внутри друг друга больше 30 (знак 32)."),
        ("1" + "+1" * 120, "В формуле больше 200 частей (знак 202)."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_a_position(text: str, message: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("100*connected/organisations", "100 × connected ÷ organisations"),
        ("a-(b-c)", "a − (b − c)"),
        ("(a-b)-c", "a − b − c"),
        ("-(a+b)*2", "−(a + b) × 2"),
        ("round(a/b, 2)+0.5", "round(a ÷ b; 2) + 0,5"),
        ("a/(b*c)", "a ÷ (b × c)"),
    ],
)
def test_formula_is_shown_as_people_write_it(text: str, shown: str) -> None:
    assert to_text(parse(text)) == shown


def test_operands_are_the_base_indicators_it_is_made_of() -> None:
    assert operands(parse("100 * min(connected; total) / organisations + expected")) == {"connected", "total"}
