"""The registry of ids: written once and whole, retired ids kept, and given back when a merge is
undone.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rows_in import ENTITY, records_of, resolve

from workbook.errors import DataError
from workbook.identity import id_registry
from workbook.identity.id_registry import REGISTRY, publish, published, read_registry

MAIL = {"rules": [{"name": "mail", "match": "email"}]}


def people(**mails: str) -> pl.DataFrame:
    return records_of(
        "record | email\n"
        + "\n".join(f"{record} | {mail}@x.test" for record, mail in mails.items())
    )


def a_run(folder: Path, **mails: str) -> dict[str, str]:
    """Resolve these records with the ids that were published, and publish again."""
    path = folder / "registry" / f"{ENTITY}.parquet"
    made = resolve(people(**mails), MAIL, registry=path)
    publish(path, made["clusters"])
    return made.ids


def lineage(folder: Path, **mails: str) -> list[tuple]:
    made = resolve(people(**mails), MAIL, registry=folder / "registry" / f"{ENTITY}.parquet")
    return made.rows("id_lineage", "published_id", "id", "records", "change")


APART = {"a1": "p", "a2": "p", "b1": "q", "b2": "q"}
MERGED = dict.fromkeys(APART, "p")


def test_an_undone_merge_gets_its_retired_id_back(tmp_path: Path) -> None:
    apart = a_run(tmp_path, **APART)
    merged = a_run(tmp_path, **MERGED)
    assert len(set(merged.values())) == 1 and set(merged.values()) < set(apart.values())
    assert a_run(tmp_path, **APART) == apart
    assert a_run(tmp_path, **MERGED) == merged
    assert a_run(tmp_path, **APART) == apart


@pytest.mark.parametrize("first", ["a", "b"])
def test_each_side_gets_its_own_id_whichever_is_larger_or_comes_first(
    tmp_path: Path, first: str
) -> None:
    other = "b" if first == "a" else "a"
    apart = {f"{first}{n}": "p" for n in range(4)} | {f"{other}9": "q"}
    before = a_run(tmp_path, **apart)
    a_run(tmp_path, **dict.fromkeys(apart, "p"))
    assert a_run(tmp_path, **apart) == before


@pytest.mark.parametrize("side", ["a", "b"])
def test_who_grew_while_merged_gets_its_own_id_back_all_the_same(tmp_path: Path, side: str) -> None:
    before = a_run(tmp_path, **APART)
    merged = a_run(tmp_path, **MERGED)
    grown = {f"{side}{n}": "p" for n in range(3, 9)}
    assert set(a_run(tmp_path, **MERGED, **grown).values()) == set(merged.values())
    after = a_run(tmp_path, **APART, **dict.fromkeys(grown, APART[f"{side}1"]))
    assert after == before | dict.fromkeys(grown, before[f"{side}1"])


def test_who_joined_late_has_no_claim_before_those_who_were_there(tmp_path: Path) -> None:
    before = a_run(tmp_path, **APART)
    late = {f"c{n}": "p" for n in range(6)}
    a_run(tmp_path, **MERGED, **late)
    after = a_run(tmp_path, **APART, **dict.fromkeys(late, "r"))
    assert {record: after[record] for record in APART} == before
    assert after["c0"] not in before.values()


def test_merges_one_upon_another_are_undone_one_by_one(tmp_path: Path) -> None:
    apart = {"a": "p", "b": "q", "b2": "q", "c": "r"}
    start = a_run(tmp_path, **apart)
    two = a_run(tmp_path, **apart | {"c": "q"})
    assert two["c"] == start["b"]
    assert len(set(a_run(tmp_path, **dict.fromkeys(apart, "q")).values())) == 1
    assert a_run(tmp_path, **apart | {"c": "q"}) == two
    assert a_run(tmp_path, **apart) == start


def test_merged_and_split_ids_stay_resolvable_after_they_were_published(tmp_path: Path) -> None:
    apart = a_run(tmp_path, **APART)
    merged = a_run(tmp_path, **MERGED)
    (stays,), (gone,) = set(merged.values()), set(apart.values()) - set(merged.values())
    expected = [(gone, stays, 2, "merged")]
    assert lineage(tmp_path, **MERGED) == expected
    a_run(tmp_path, **MERGED)
    assert lineage(tmp_path, **MERGED) == expected
    a_run(tmp_path, **APART)
    assert lineage(tmp_path, **APART) == [(stays, gone, 2, "split")]


def test_a_customer_that_left_the_data_and_comes_back_has_its_id(tmp_path: Path) -> None:
    before = a_run(tmp_path, **APART)
    a_run(tmp_path, a1="p", a2="p")
    assert lineage(tmp_path, a1="p", a2="p") == [(before["b1"], None, 2, "gone")]
    assert a_run(tmp_path, **APART, z="z")["b2"] == before["b2"]


def test_an_id_stays_where_the_records_that_it_began_with_are_gone(tmp_path: Path) -> None:
    a_run(tmp_path, **APART)
    merged = a_run(tmp_path, **MERGED)
    assert a_run(tmp_path, b1="p", b2="p") == {"b1": merged["b1"], "b2": merged["b1"]}


# ---- the file


def test_publishing_again_changes_no_byte_and_no_date(tmp_path: Path) -> None:
    a_run(tmp_path, **APART)
    path = tmp_path / "registry" / f"{ENTITY}.parquet"
    before = path.read_bytes(), path.stat().st_mtime_ns
    made = resolve(people(**APART), MAIL, registry=path)
    assert not publish(path, made["clusters"].sample(fraction=1, shuffle=True, seed=1))
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_same_ids_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        a_run(tmp_path / name, **APART)
    one, two = (
        (tmp_path / name / "registry" / f"{ENTITY}.parquet").read_bytes() for name in ("one", "two")
    )
    assert one == two


def test_what_breaks_midway_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run(tmp_path, **APART)
    path = tmp_path / "registry" / f"{ENTITY}.parquet"
    before = path.read_bytes()

    def full(file: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        a_run(tmp_path, **MERGED)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_registry_of_before_has_no_retired_ids_and_is_read(tmp_path: Path) -> None:
    path = tmp_path / "registry" / f"{ENTITY}.parquet"
    path.parent.mkdir()
    pl.DataFrame({"record": ["a1", "b1"], "id": ["one", "two"]}).write_parquet(path)
    assert read_registry(path).rows() == [("a1", "one", "current"), ("b1", "two", "current")]
    assert set(a_run(tmp_path, **MERGED).values()) == {"one"}
    after = a_run(tmp_path, **APART)
    assert (after["a1"], after["b1"]) == ("one", "two")


def test_no_id_is_ever_born_that_was_published_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = a_run(tmp_path, **APART)
    a_run(tmp_path, **MERGED)
    monkeypatch.setattr(
        id_registry, "new_id", lambda entity, record, turn=0: (apart["b1"], "fresh")[turn]
    )
    monkeypatch.setattr(
        id_registry,
        "_all_born",
        lambda entity, records: pl.Series(
            [id_registry.new_id(entity, record) for record in records], dtype=pl.String
        ),
    )
    assert a_run(tmp_path, **MERGED, n="n")["n"] == "fresh"


# ---- laws

few = settings(max_examples=60, deadline=None)
NAMES = [f"r{n}" for n in range(7)]
groupings = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("pqrs"), min_size=1)


def given_ids(mails: dict[str, str], registry: pl.DataFrame) -> pl.DataFrame:
    """The clusters of records grouped by these words."""
    firsts = {
        mail: min(record for record, each in mails.items() if each == mail)
        for mail in mails.values()
    }
    groups = pl.DataFrame(
        [(record, firsts[mail]) for record, mail in mails.items()],
        schema={"record": pl.String, "first": pl.String},
        orient="row",
    )
    lowest = groups["first"].unique().sort()
    return groups.join(
        pl.DataFrame({"first": lowest, "id": id_registry.ids_of(ENTITY, lowest, groups, registry)}),
        on="first",
    ).select("record", "id")


def in_turn(runs: list[dict[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    registry = pl.DataFrame(schema=REGISTRY)
    clusters = registry
    for mails in runs:
        clusters = given_ids(mails, registry)
        registry = published(registry, clusters)
    return clusters, registry


@pytest.mark.long
@few
@given(st.lists(groupings, min_size=1, max_size=5))
def test_ids_name_the_groups_one_to_one_and_a_run_again_changes_nothing(
    runs: list[dict[str, str]],
) -> None:
    clusters, registry = in_turn(runs)
    by_group = {(runs[-1][record], found) for record, found in clusters.iter_rows()}
    assert (
        len(by_group)
        == len({mail for mail, _ in by_group})
        == len({found for _, found in by_group})
    )
    assert given_ids(runs[-1], registry).sort("record").equals(clusters.sort("record"))
    assert published(registry, clusters).equals(registry)
    assert not registry.select("record", "id").is_duplicated().any()


@pytest.mark.long
@few
# who bore the id before the merge is gone
@example(
    [{"r0": "p", "r1": "q"}, {"r0": "p", "r1": "p", "r2": "p"}, {"r1": "p", "r2": "p", "r3": "q"}],
    ("p", "q"),
)
@given(
    st.lists(groupings, min_size=1, max_size=4),
    st.sampled_from(list(itertools.combinations("pqrs", 2))),
)
def test_a_merge_that_is_published_and_undone_restores_every_id(
    runs: list[dict[str, str]], merge: tuple[str, str]
) -> None:
    before, registry = in_turn(runs)
    joined = given_ids(
        {record: merge[0] if mail == merge[1] else mail for record, mail in runs[-1].items()},
        registry,
    )
    assert (
        given_ids(runs[-1], published(registry, joined))
        .sort("record")
        .equals(before.sort("record"))
    )


@pytest.mark.long
@few
@given(st.lists(groupings, min_size=1, max_size=4))
def test_every_id_that_was_published_leads_somewhere_or_is_gone(runs: list[dict[str, str]]) -> None:
    ever, registry = set(), pl.DataFrame(schema=REGISTRY)
    for mails in runs:
        registry = published(registry, given_ids(mails, registry))
        ever |= set(registry["id"])
    assert ever == set(registry["id"])


@pytest.mark.long
@few
@given(st.lists(groupings, min_size=1, max_size=3), st.randoms())
def test_the_order_of_rows_never_matters(runs: list[dict[str, str]], shuffle) -> None:
    turned = [dict(shuffle.sample(sorted(mails.items()), len(mails))) for mails in runs]
    assert in_turn(runs)[1].equals(in_turn(turned)[1])


@pytest.mark.parametrize("read", [read_registry, id_registry.registry_function])
def test_a_folder_of_the_registrys_name_is_told_and_never_counts_as_none(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "registry" / f"{ENTITY}.parquet"
    path.mkdir(parents=True)
    with pytest.raises(
        DataError, match=r"is a folder; the published ids are one file\. Move the folder away"
    ):
        read(path)
    with pytest.raises(DataError, match="is a folder"):
        publish(path, pl.DataFrame(schema={"record": pl.String, "id": pl.String}))
