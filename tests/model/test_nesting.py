"""What is nested too deeply, tagged, recursive or the name of nothing is refused with its line,
and never ends in a traceback.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbook.engine import lint
from workbook.errors import ModelError, PlanError
from workbook.model import load_model
from workbook.model.expressions import ExpressionError, one_query, scalar_expression
from workbook.model.yaml_text import read_text

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("x: 1\na: " + "{a: " * 5_000 + "1" + "}" * 5_000, 2),
        ("x: 1\na: " + "[" * 20_000 + "]" * 20_000, 2),
        ("".join(" " * depth + "a:\n" for depth in range(900)), 51),
    ],
)
def test_yaml_that_is_nested_deeply_is_refused_at_its_line(
    tmp_path: Path, written: str, line: int
) -> None:
    (tmp_path / "x.yml").write_text(written)
    problems = read_text(tmp_path / "x.yml", "x.yml").problems
    assert [(problem.line, problem.code) for problem in problems] == [(line, "model.yaml.too_deep")]


@pytest.mark.parametrize(
    "written", ["a: !!int 5", "a: !!binary aGk=", "a: !foo {b: 1}", "a: !foo [1]", "!!str a: 1"]
)
def test_tags_are_refused_on_any_value(tmp_path: Path, written: str) -> None:
    (tmp_path / "x.yml").write_text(f"x: 1\n{written}\n")
    assert [
        (problem.line, problem.code) for problem in read_text(tmp_path / "x.yml", "x.yml").problems
    ] == [(2, "model.yaml.tag")]


@pytest.mark.parametrize("written", ["? {x: 1}\n: 2", "? [x, y]\n: 2"])
def test_a_key_is_a_word(tmp_path: Path, written: str) -> None:
    (tmp_path / "x.yml").write_text(written)
    [problem] = read_text(tmp_path / "x.yml", "x.yml").problems
    assert (problem.line, problem.code) == (1, "model.yaml.key_of_several")


@pytest.mark.parametrize(
    "written", ["(" * 800 + "a" + ")" * 800, "not " * 500 + "a", "(" * 120 + "a" + ")" * 120]
)
def test_an_expression_that_is_nested_deeply_is_refused(written: str) -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        scalar_expression(written)
    with pytest.raises(ExpressionError, match="nested too deeply"):
        one_query(f"select {written} as id from t")


def test_a_chain_is_no_nesting() -> None:
    assert scalar_expression(" and ".join(["a = 1"] * 2_000))[1] == ("a",)
    assert scalar_expression("(" * 40 + "a" + ")" * 40)[1] == ("a",)


@pytest.mark.parametrize("written", ["{}", "select id from ({}) as inner_one"])
def test_recursive_sql_is_refused(written: str) -> None:
    endless = "with recursive t as (select 1 as id union all select id + 1 from t) select id from t"
    with pytest.raises(ExpressionError) as refused:
        one_query(written.format(endless))
    assert refused.value.code == "model.sql.recursive"
    with pytest.raises(PlanError, match="with recursive is not allowed"):
        lint(written.format(endless))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("systems:", "dialects: {default: {quote: \"''\"}}\nsystems:", "not_a_quote"),
        ("systems:", 'dialects: {default: {quote: ","}}\nsystems:', "not_a_quote"),
        ("systems:", 'dialects: {default: {quote: "»"}}\nsystems:', "not_a_quote"),
        ("row_is: one buyer,", "row_is: one buyer, file: .,", "not_a_file"),
        ("row_is: one buyer,", "row_is: one buyer, file: ..,", "not_a_file"),
        ("row_is: one buyer,", "row_is: one buyer, file: /,", "not_a_file"),
    ],
)
def test_quotes_and_files_that_can_be_none(
    tmp_path: Path, before: str, after: str, code: str
) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    sources = root / "model" / "03_sources.yml"
    sources.write_text(sources.read_text().replace(before, after, 1))
    with pytest.raises(ModelError) as refused:
        load_model(root)
    assert {(each.file, each.code) for each in refused.value.problems} == {
        ("model/03_sources.yml", f"model.sources.{code}")
    }


def test_a_dialect_may_quote_nothing(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    sources = root / "model" / "03_sources.yml"
    sources.write_text(
        sources.read_text().replace("systems:", 'dialects: {default: {quote: ""}}\nsystems:', 1)
    )
    assert load_model(root).dialect("shop.people").quote == ""


def test_entities_of_sources_that_nobody_declared(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (root / "model" / "03_sources.yml").write_text("")
    with pytest.raises(ModelError) as refused:
        load_model(root)
    assert any(
        "shop.people" in problem.what and problem.file == "model/04_entities.yml"
        for problem in refused.value.problems
    )
