"""What 05 says of fields that one source alone holds."""

from __future__ import annotations

from workbook.show import number

ONE_SOURCE = "one source only"
AND_SINGLE = "; then fields with a rule whose values come from one source"


def of_single(rules: int) -> str:
    """The headline where no field has several sources.

    >>> of_single(9), of_single(1)
    ('Each field comes from one source; 9 rules choose among its records.', 'Each field comes from one source; 1 rule chooses among its records.')
    """
    return f"Each field comes from one source; {number.plural(rules, 'rule')} {'chooses' if rules == 1 else 'choose'} among its records."
