"""Python and PostgreSQL compute the same value of any formula, to the last digit."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.formulas import Binary, Call, Negate, Node, Number, Operand, evaluate, parse, to_sql, to_text

NAMES = ("a", "b", "c")

numbers = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False).map(lambda d: Number(abs(d)))
places = st.integers(0, 10).map(lambda n: Number(Decimal(n)))


def _bigger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Negate, inner),
        st.builds(Call, st.sampled_from(["min", "max"]), several),
        st.builds(Call, st.just("round"), st.one_of(st.tuples(inner), st.tuples(inner, places))),
    )


formulas: st.SearchStrategy[Node] = st.recursive(
    st.one_of(numbers, st.sampled_from(NAMES).map(Operand)), _bigger, max_leaves=8
)
values = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(
        st.none(),
        st.just(Decimal(0)),
        st.decimals(min_value=-(10**17), max_value=10**17, places=6, allow_nan=False),
        st.integers(-9, 9).map(Decimal),
    ),
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, derandomize=True)
@given(formula=formulas, values=values)
def test_python_and_postgresql_agree(formula: Node, values: dict[str, Decimal | None]) -> None:
    columns = ", ".join("%s::numeric AS " + name for name in NAMES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {to_sql(formula, lambda name: f'v.{name}')} FROM (SELECT {columns}) AS v",
            [values.get(name) for name in NAMES],
        )
        in_sql = cursor.fetchone()[0]

    in_python = evaluate(formula, values)

    assert in_sql == in_python
    assert str(in_sql) == str(in_python) or in_sql == 0


@settings(max_examples=150, deadline=None, derandomize=True)
@given(formula=formulas)
def test_what_is_shown_can_be_read_back(formula: Node) -> None:
    again = parse(to_text(formula))

    assert to_text(again) == to_text(formula)
    sample = {"a": Decimal("1.5"), "b": Decimal(-2), "c": Decimal(7)}
    assert evaluate(again, sample) == evaluate(formula, sample)
