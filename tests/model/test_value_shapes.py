"""A value of another shape than its word needs: told with its line, what was written, and how
to write it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import ModelError
from workbook.model import load_model

IDENTITY = "identity:\n  person:\n    rules: [{name: m, match: mail}]\n"
CODES = {
    "date": "model.yaml.not_a_date",
    "whole": "model.yaml.not_a_whole_number",
    "number": "model.yaml.not_a_number",
    "great": "model.yaml.too_great",
    "small": "model.yaml.too_small",
}
WRONG = [
    (
        {"grain": "primary: person\nsentence: One.\ndecided: soon"},
        "02_grain.yml",
        3,
        "soon",
        "date",
    ),
    (
        {"identity": f"{IDENTITY}    guard: {{cluster_size: few}}"},
        "04b_identity.yml",
        4,
        "few",
        "whole",
    ),
    (
        {"identity": f"{IDENTITY}    suggest: {{bands: {{a: high}}}}"},
        "04b_identity.yml",
        4,
        "high",
        "number",
    ),
    ({"project": "name: T\nfiscal_year_starts: 13"}, "workbook.yml", 2, "13", "great"),
    ({"project": "name: T\nfiscal_year_starts: 0"}, "workbook.yml", 2, "0", "small"),
]


@pytest.mark.parametrize(("steps", "file", "line", "written", "shape"), WRONG)
def test_a_value_that_does_not_fit_is_told_with_what_to_write(
    a_project: Callable[..., Path],
    steps: dict[str, str],
    file: str,
    line: int,
    written: str,
    shape: str,
) -> None:
    with pytest.raises(ModelError) as raised:
        load_model(a_project(**steps))
    (problem,) = raised.value.problems
    assert (Path(problem.file).name, problem.line) == (file, line)
    assert problem.code == CODES[shape] and written in problem.what
    assert problem.advice


def test_an_entity_of_an_unknown_source_is_told(a_project: Callable[..., Path]) -> None:
    """Beside a relationship `by:` it once ended in a KeyError."""
    entities = (
        "entities:\n  order: {from: shop.order}\nrelationships:\n  r: {from: order, to: order, by:"
        " person_no}"
    )
    with pytest.raises(ModelError) as raised:
        load_model(a_project(entities=entities))
    assert [each.line for each in raised.value.problems if "shop.order'" in each.what] == [2]


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        ("systems: [crm]", "model.yaml.not_words"),
        ("sources: {crm.a: {fields: [k]}}", "model.yaml.not_words"),
        ("sources: {crm.a: {fields: {k: {type: [id]}}}}", "model.yaml.not_one_text"),
        ("sources: {crm.a: {valid: {from: d}, fields: {d: date}}}", "model.yaml.not_one_text"),
    ],
)
def test_a_value_of_another_kind_is_told_in_words_of_ours(
    a_project: Callable[..., Path], sources: str, code: str
) -> None:
    with pytest.raises(ModelError) as raised:
        load_model(a_project(sources=sources))
    assert code in {problem.code for problem in raised.value.problems}
