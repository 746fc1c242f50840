"""Labels on page 04b: the measures are those of the clusters, false merges are a finding, and
no label or record is shown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from two_systems import BOTH, FILES, SOURCES, write_project

from workbook import Workbook
from workbook.errors import ModelError
from workbook.steps.identity import Identity

TRUE = {
    "crm_clients": ["who", "TRUTHA", "TRUTHB", "TRUTHC"],
    "shop_clients": ["who", "TRUTHA", "TRUTHX", "TRUTHC"],
}
PLACES = [
    "crm.clients:1",
    "crm.clients:2",
    "crm.clients:3",
    "shop.clients:7",
    "shop.clients:8",
    "shop.clients:9",
]


def opened(folder: Path, labels: str = "who", **files: str) -> Identity:
    """Two of three shop rows share a mail with one of the CRM: the first rightly, the second
    wrongly, and the third is missed.
    """
    fields = {"who": {"type": "text", "class": "personal"}}
    sources = {
        **SOURCES,
        "sources": {
            name: {**each, "fields": {**each["fields"], **fields}}
            for name, each in SOURCES["sources"].items()
        },
    }
    data = {
        name: (
            "\n".join(
                f"{line},{truth}" for line, truth in zip(text.splitlines(), TRUE[name], strict=True)
            )
            + "\n"
        )
        for name, text in FILES.items()
    }
    spec: dict[str, Any] = {"rules": [{"name": "same_mail", "match": "mail"}]} | (
        {"labels": labels} if labels else {}
    )
    parts = {
        "03_sources": sources,
        "04_entities": {
            "entities": {
                "client": {"from": BOTH, "attributes": {"name": BOTH, "plan": BOTH, "who": BOTH}}
            }
        },
        "04b_identity": {"identity": {"client": spec}},
    }
    write_project(folder, data, **parts)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return Workbook.open(folder).identity  # type: ignore[return-value]


def measures(step: Identity) -> dict[str, tuple[Any, Any]]:
    """Of each row of the figure its count and its share."""
    shown = step.review().as_dict()
    at = [
        [column["name"] for column in shown["columns"]].index(name)
        for name in ("what", "count", "share")
    ]
    return {row[at[0]].lower(): (row[at[1]], row[at[2]]) for row in shown["rows"]}


def codes(step: Identity) -> dict[str, int | None]:
    return {each.code: each.count for each in step.conclude()}


def test_an_attribute_that_holds_the_truth_measures_the_clusters(tmp_path: Path) -> None:
    step = opened(tmp_path / "p")
    assert measures(step) == {
        "labelled records": (6, None),
        "pairwise precision": (1, 0.5),
        "pairwise recall": (1, 0.5),
        "pairwise f1": (None, 0.5),
        "b-cubed f1": (None, pytest.approx(5 / 6)),
        "largest group": (2, None),
        "false merges": (1, None),
    }
    assert codes(step)["identity.false_merges"] == 1
    (told,) = [each for each in step.conclude() if each.code == "identity.false_merges"]
    assert told.sentence.startswith("1 client combines") and "1 labelled pair " in told.sentence
    lede = step.headline().lede
    assert "50.0\u202f% of the merged client pairs are correct (precision)" in lede
    assert "50.0\u202f% of the true pairs are merged (recall)" in lede


def test_the_labels_and_the_records_stay_off_the_page(tmp_path: Path) -> None:
    step = opened(tmp_path / "p")
    for each in (step.headline(), step.review(), step.findings()):
        bundle = json.dumps(each._repr_mimebundle_())
        assert "TRUTH" not in bundle
        assert not [record for record in PLACES if record in bundle]


def test_labels_change_no_customer(tmp_path: Path) -> None:
    frames = [
        opened(tmp_path / name, labels).context.frame("client__clusters")
        for name, labels in (("a", "who"), ("b", ""))
    ]
    assert frames[0].equals(frames[1])


RECORDS = "record,label\n" + "".join(
    f"{record},{truth}\n"
    for record, truth in zip(
        PLACES, [*TRUE["crm_clients"][1:], *TRUE["shop_clients"][1:]], strict=True
    )
)
PAIRS = (
    "left_record,right_record,same\nshop.clients:7,crm.clients:1,yes\n"
    "crm.clients:2,shop.clients:8,different\ncrm.clients:3,shop.clients:9,TRUE\n"
)


def test_a_file_of_records_says_the_same_as_the_attribute(tmp_path: Path) -> None:
    one, other = opened(tmp_path / "a"), opened(tmp_path / "b", "truth.csv", truth__csv=RECORDS)
    assert measures(one) == measures(other)


def test_a_file_of_pairs_is_measured_pair_by_pair(tmp_path: Path) -> None:
    step = opened(tmp_path / "p", "truth.csv", truth__csv=PAIRS)
    found = measures(step)
    assert found["labelled pairs"] == (3, None)
    assert found["pairwise precision"] == found["pairwise recall"] == (1, 0.5)
    assert "b-cubed f1" not in found
    assert codes(step)["identity.false_merges"] == 1


def test_a_parquet_file_is_read_too(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    opened(folder, "truth.csv", truth__csv=PAIRS)
    pairs = pl.read_csv(folder / "truth.csv").with_columns(same=pl.Series([True, False, True]))
    pairs.write_parquet(folder / "truth.parquet")
    path = folder / "model" / "04b_identity.yml"
    path.write_text(path.read_text().replace("truth.csv", "truth.parquet"))
    with_parquet = Workbook.open(folder).identity
    assert measures(with_parquet)["pairwise precision"] == (1, 0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("labels", "text", "code"),
    [
        ("truth.csv", None, "decisions.labels_not_found"),
        ("../truth.csv", None, "decisions.labels_outside"),
        ("truth.csv", "SECRETANN,shop.clients:1\n", "decisions.labels_columns"),
        ("truth.csv", "", "decisions.labels_columns"),
        ("truth.parquet", "no parquet", "decisions.labels_not_readable"),
        ("wo", None, "unknown_name"),
        ("mail", None, "identity.labels_matched_on"),
    ],
)
def test_labels_that_are_no_labels_are_an_error_with_their_place(
    tmp_path: Path, labels: str, text: str | None, code: str
) -> None:
    files = {} if text is None else {labels.replace(".", "__"): text}
    with pytest.raises(ModelError) as error:
        opened(tmp_path / "p", labels, **files)
    told = [(each.file, each.line, each.code) for each in error.value.problems]
    assert told == [("model/04b_identity.yml", 1, f"model.{code}")]
    assert f"'{labels}'" in str(error.value)
    assert "SECRETANN" not in str(error.value)


def test_lines_that_say_nothing_are_told_and_take_no_other_with_them(tmp_path: Path) -> None:
    bad = "crm.clients:1,shop.clients:9,perhaps\n,shop.clients:9,yes\ncrm.clients:1\n"
    step = opened(tmp_path / "p", "truth.csv", truth__csv=PAIRS + bad)
    (told,) = [each for each in step.conclude() if each.code == "identity.bad_labels"]
    assert told.count == 3
    assert (
        "line 5 (its same is neither true nor false), line 6 (its left_record is empty), line 7 (it"
        " has 1 field instead of 3)" in told.advice
    )
    assert measures(step)["labelled pairs"] == (3, None)


def test_two_truths_of_one_record_count_for_nothing(tmp_path: Path) -> None:
    step = opened(tmp_path / "p", "truth.csv", truth__csv=RECORDS + "shop.clients:8,TRUTHB\n")
    (told,) = [each for each in step.conclude() if each.code == "identity.bad_labels"]
    assert told.count == 2
    assert "another line gives the same record another truth" in told.advice
    assert measures(step)["false merges"] == (0, None)


def test_labels_of_records_that_are_not_there_are_a_finding(tmp_path: Path) -> None:
    step = opened(tmp_path / "p", "truth.csv", truth__csv="record,label\nelsewhere:1,x\n")
    assert codes(step)["identity.bad_labels"] == 0
    assert step.review().as_dict()["rows"] == []


def test_without_labels_the_page_says_so(tmp_path: Path) -> None:
    step = opened(tmp_path / "p", "")
    assert "no client records are labelled" in step.review().html()
    assert step.review().as_dict()["rows"] == []
    assert not {"identity.false_merges", "identity.bad_labels"} & set(codes(step))
