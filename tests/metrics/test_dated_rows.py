"""What dates a row is declared or stands in its source: no list of attributes gives a number
months, or takes them.
"""

from __future__ import annotations

import pytest
from small_company import write_project

from workbook import metrics
from workbook.errors import ModelError
from workbook.model import load_model

ONE = """
entities:
  client: {row_is: one client, from: shop.clients}
  visit: {row_is: one visit, from: shop.visits, attributes: {page: shop.visits%s}}
relationships: {client_visits: {from: visit, to: client, by: client_id, required: false}}
"""
MANY = """
entities:
  guest: {row_is: one guest, from: shop.visits, attributes: {page: shop.visits%s}}
  bill: {row_is: one bill, from: shop.bills}
"""
IDENTITY = (
    "identity: {guest: {rules: [{name: same_client, match: client_id, confidence: certain}]}}\n"
)
VISITS = (
    "v1 | k1 | home | 2025-05-10 10:00:00 \n v2 | k1 | home | 2025-06-10 10:00:00 \n v3 | k2 | cart"
    " | 2025-06-11 10:00:00"
)


def seven(of: str, **more: str) -> dict[str, object]:
    models = {"all": {"of": of, "measures": {"rows": {"agg": "count"}}, **more}}
    return {"owner": "finance", "semantic_models": models, "metrics": {"rows": {"measure": "rows"}}}


@pytest.mark.parametrize("attribute", ["", ", first_seen: shop.visits.seen"])
def test_rows_of_one_source_have_months_whether_or_not_an_attribute_names_its_valid(
    company, attribute
) -> None:
    made = company({"shop.visits": VISITS}, seven("visit"), more={"04_entities": ONE % attribute})
    assert metrics.nature_of(made.model, "rows") == "flow"
    assert made.months("rows") == {"2025-05": 1, "2025-06": 2}


def guests(folder, attribute: str = "", **more: str):
    files = {"04_entities": MANY % attribute, "04b_identity": IDENTITY}
    return load_model(
        write_project(folder / "p", {"shop.visits": VISITS}, seven("guest", **more), more=files)
    )


@pytest.mark.parametrize("attribute", ["", ", first_seen: shop.visits.seen"])
def test_rows_resolved_from_records_have_no_months_because_of_an_attribute(
    tmp_path, attribute
) -> None:
    model = guests(tmp_path, attribute)
    assert metrics.nature_of(model, "rows") == "count"
    (refusal,) = [each for each in metrics.refusals(model) if each.part == "month"]
    assert (refusal.code, "“all”" in refusal.advice) == ("metrics.no_history", True)


def test_an_attribute_that_is_declared_as_their_time_dates_them(tmp_path) -> None:
    model = guests(tmp_path, ", first_seen: shop.visits.seen", time="first_seen")
    assert metrics.nature_of(model, "rows") == "flow"
    assert not metrics.refusals(model)


def test_only_a_date_can_be_their_time(tmp_path) -> None:
    with pytest.raises(ModelError, match="'page' is text") as refused:
        guests(tmp_path, time="page")
    assert refused.value.code == "model.metrics.time_is_no_date"
