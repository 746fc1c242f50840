"""What 05 says of fields that one source alone holds."""

from __future__ import annotations

from workbook.words import number

ONE_SOURCE = "one source only"
AND_SINGLE = "; then fields with a rule whose values come from one source"


def of_single(rules: int) -> str:
    """The headline where no field has several sources.

    >>> of_single(9)
    'Each field comes from one source; 9 rules choose among its records.'
    """
    choose = "chooses" if rules == 1 else "choose"
    said = f"{number.plural(rules, 'rule')} {choose} among its records"
    return f"Each field comes from one source; {said}."
