"""Numbers since 1970 against Python's own clock: every unit, before and after 1970, down to a
microsecond.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest

from workbook.engine import Engine, Plan
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import typed
from workbook.engine.sql import text
from workbook.model.time_formats import SINCE_1970

_NOTHING = Plan([])
_START = dt.datetime(1970, 1, 1)
_SPAN = (978_307_200_000_000, 9_000_000_000_000_000)  # from 2001 to 2255, in microseconds
_PAST = (-62_000_000_000_000_000, -1)


def _moments() -> list[int]:
    random_numbers = random.Random(16)
    spans = (_SPAN, _PAST, (_SPAN[0], _SPAN[0] + 10**7))
    return [random_numbers.randint(*span) for span in spans for _ in range(400)]


def _written(form: str, moment: int) -> str:
    """A moment as a number of a unit, with a fraction where the unit is larger than a
    microsecond.
    """
    per_second = SINCE_1970[form][1]
    if per_second >= 10**6:
        return str(moment * (per_second // 10**6))
    parts = 10**6 // per_second
    sign, whole, rest = "-" if moment < 0 else "", *divmod(abs(moment), parts)
    return f"{sign}{whole}.{rest:0{len(str(parts)) - 1}}"


@pytest.mark.parametrize("form", list(SINCE_1970))
def test_a_number_is_the_moment_that_python_makes_of_it(form: str, engine: Engine) -> None:
    spec = SourceSpec("shop.a", ("a.csv",), (FieldSpec("t", type="timestamp", formats=(form,)),))
    moments = _moments()
    cells = ", ".join(
        f"({number}, {text(_written(form, moment))})" for number, moment in enumerate(moments)
    )
    read = typed(spec, spec.fields[0], "x")
    found = engine.query(
        _NOTHING, f"select n, {read} as t from (values {cells}) as v(n, x) order by n"
    )["t"].to_list()
    assert found == [_START + dt.timedelta(microseconds=moment) for moment in moments]
