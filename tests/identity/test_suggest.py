"""Suggestions between groups: what is compared, how it is scored, and that nothing but a person
turns one into a link.
"""

from __future__ import annotations

import json
import logging
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.engine.connection import to_polars
from workbook.engine.function_sandbox import scratch
from workbook.errors import DataError
from workbook.identity import candidate_pairs
from workbook.identity.comparison_levels import SAME, levels_of
from workbook.identity.candidate_tables import wide
from workbook.identity.training import train
from workbook.identity.weights import (
    Weights,
    LevelWeight,
    parse_weights,
    read_weights,
    settings_of,
    weights_path,
    write_weights,
)

KINDS = {"email": "email", "first": "person_name", "last": "person_name"}
METHODS = {"email": "email", "first": "person_name", "last": "person_name"}
BANDS = {"likely": 0.95, "possible": 0.5}
FIRST = ("ann", "bob", "carla", "dora", "emil", "fay", "gus", "hana")
LAST = ("smith", "jones", "brown", "lee", "okafor", "garcia", "novak", "moreau")


def people(count: int = 400, seed: int = 3) -> tuple[pl.DataFrame, set[tuple[str, str]]]:
    """Records of invented people, some twice with a slip in the e-mail, and the pairs that are
    the same person.
    """
    rng = random.Random(seed)
    rows, same = [], set()
    for number in range(count):
        first, last = (
            rng.choice(FIRST) + chr(97 + number % 26),
            rng.choice(LAST) + chr(97 + number % 23),
        )
        mail = f"{first}.{last}{number}@firm{number % 40}.test"
        rows.append((f"a:{number:04d}", mail, first, last))
        if rng.random() < 0.4:
            slip = mail[:3] + mail[4:] if rng.random() < 0.5 else mail
            rows.append((f"b:{number:04d}", slip, first, last))
            same.add((f"a:{number:04d}", f"b:{number:04d}"))
    return pl.DataFrame(rows, schema=["record", "email", "first", "last"], orient="row"), same


def stored(records: pl.DataFrame) -> pl.DataFrame:
    """Records as their table names them."""
    return records.rename({"record": "_record"})


def alone(records: pl.DataFrame) -> pl.DataFrame:
    return records.select("record", root="record")


def values_of(records: pl.DataFrame, crm: dict[str, str]) -> pl.DataFrame:
    """The comparable values of records: the key `crm` of some."""
    keys = pl.Series("crm key", [crm.get(record) for record in records["record"]], dtype=pl.String)
    return (
        records.select("record")
        .with_columns(keys, pl.lit(None, dtype=pl.String).alias("crm why"))
        .sort("record")
        .with_row_index("number", 1)
    )


@pytest.fixture(scope="module")
def trained() -> Weights:
    records, _ = people()
    return train(
        wide(stored(records), METHODS, {}), KINDS, [["email"]], settings_of(KINDS, METHODS)
    )


def scored(
    records: pl.DataFrame,
    weights: Weights,
    groups: pl.DataFrame | None = None,
    crm: dict[str, str] | None = None,
    **more: object,
) -> pl.DataFrame:
    compared = wide(stored(records), METHODS, {})
    given = {
        "kinds": KINDS,
        "methods": METHODS,
        "never_merge": [],
        "bands": BANDS,
        "weights": weights,
    } | more
    ways = candidate_pairs.blocks(compared, ["last", "email"])
    return candidate_pairs.scored(
        stored(records),
        compared,
        alone(records) if groups is None else groups,
        values_of(records, crm or {}),
        ways,
        **given,
    )


def test_planted_pairs_are_found_and_told_in_words(trained: Weights) -> None:
    records, same = people()
    found = scored(records, trained)
    likely = set(
        found.filter(pl.col("band") == "likely").select("left_record", "right_record").rows()
    )
    assert len(likely & same) / len(same) > 0.95
    assert len(likely & same) / len(likely) > 0.95
    slipped = found.filter(pl.col("pattern") == "email: a typo apart · first: same · last: same")
    assert slipped.height > 30
    assert set(slipped["band"]) == {"likely"}


def test_training_is_the_same_twice_and_whatever_the_order(trained: Weights) -> None:
    records, _ = people()
    again = train(
        wide(stored(records.sample(fraction=1.0, shuffle=True, seed=5)), METHODS, {}),
        KINDS,
        [["email"]],
        settings_of(KINDS, METHODS),
    )
    assert again.text() == trained.text()
    assert (
        trained.levels["email"][0].bits
        > trained.levels["first"][0].bits
        > 0
        > trained.levels["last"][-1].bits
    )


def test_scores_are_those_of_splink(trained: Weights) -> None:
    """Theirs: Splink's own prediction with the same m, u and prior, and its term frequencies."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    records, _ = people(150)
    compared = wide(stored(records), METHODS, {})
    mine = scored(records, trained, bands={"any": 0.0})
    comparisons = []
    for name, kind in KINDS.items():
        left, right = f'"{name}_l"', f'"{name}_r"'
        levels = [
            {
                "sql_condition": f"{left} is null or {right} is null",
                "label_for_charts": "empty",
                "is_null_level": True,
            }
        ]
        for level, worth in zip(levels_of(name, kind), trained.levels[name], strict=True):
            sql = (
                "ELSE"
                if level.sql == "true"
                else level.sql.replace(f'l."{name}"', left).replace(f'r."{name}"', right)
            )
            given = {
                "sql_condition": sql,
                "label_for_charts": level.says,
                "m_probability": worth.m,
                "u_probability": worth.u,
            }
            levels.append(given | ({"tf_adjustment_column": name} if level.says == SAME else {}))
        comparisons.append({"output_column_name": name, "comparison_levels": levels})
    settings_ = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        comparisons=comparisons,
        probability_two_random_records_match=trained.prior,
        blocking_rules_to_generate_predictions=['l."last" = r."last"', 'l."email" = r."email"'],
    )
    with scratch(people=compared) as connection:
        linker = Linker(
            DuckDBAPI(connection).register(connection.sql("select * from people")),
            settings_,
            log_level=logging.CRITICAL,
        )
        theirs = to_polars(linker.inference.predict().as_duckdbpyrelation())
    theirs = theirs.select(
        pl.min_horizontal("record_l", "record_r").alias("left_record"),
        pl.max_horizontal("record_l", "record_r").alias("right_record"),
        "match_weight",
    )
    both = mine.join(theirs, on=["left_record", "right_record"])
    assert both.height == mine.height == theirs.height > 100
    # ours is rounded to a hundredth
    assert (both["weight"] - both["match_weight"]).abs().max() < 0.006


def test_the_bits_of_a_pair_add_up_to_its_weight(trained: Weights) -> None:
    found = scored(people(120)[0], trained)
    total = found.select(
        pl.sum_horizontal(f"{name} weight" for name in KINDS) + trained.prior_bits
    ).to_series()
    assert (total - found["weight"]).abs().max() < 0.02
    assert found.filter(pl.col("left_record") >= pl.col("right_record")).is_empty()


def test_one_pair_for_two_groups_and_none_within_one(trained: Weights) -> None:
    rows = [
        ("a:1", "ann.lee@firm.test", "ann", "lee"),
        ("a:2", "ann.lee@firm.test", "ann", "lee"),
        ("b:1", "an.lee@firm.test", "ann", "lee"),
        ("b:2", "ann.lee@firm.tes", "ann", "lee"),
    ]
    records = pl.DataFrame(rows, schema=["record", "email", "first", "last"], orient="row")
    groups = pl.DataFrame(
        {"record": ["a:1", "a:2", "b:1", "b:2"], "root": ["a:1", "a:1", "b:1", "b:1"]}
    )
    found = scored(records, trained, groups, bands={"any": 0.0})
    assert found.select("left_record", "left_root", "right_root").rows() == [("a:1", "a:1", "b:1")]


def test_two_values_of_a_never_merge_key_are_never_suggested(trained: Weights) -> None:
    records, same = people()
    crm = {
        record: f"{record[0]}{number}"
        for number, pair in enumerate(sorted(same))
        for record in pair
    }
    found = set(
        scored(records, trained, crm=crm, never_merge=["crm"])
        .select("left_record", "right_record")
        .rows()
    )
    assert not found & same
    agreeing = {record: value[1:] for record, value in crm.items()}
    assert len(
        set(
            scored(records, trained, crm=agreeing, never_merge=["crm"])
            .select("left_record", "right_record")
            .rows()
        )
        & same
    ) > 0.9 * len(same)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_never_matters(trained: Weights, seed: int) -> None:
    records, _ = people(60)
    assert scored(records.sample(fraction=1.0, shuffle=True, seed=seed), trained).equals(
        scored(records, trained)
    )


def test_a_way_of_blocking_that_gives_too_many_pairs_is_left_out() -> None:
    crowd = pl.DataFrame(
        {
            "record": [f"a:{n}" for n in range(2000)],
            "country": ["DE"] * 2000,
            "name": [f"n{n // 2}" for n in range(2000)],
        }
    )
    found = candidate_pairs.blocks(crowd, ["country", "substr(name, 1, 3), country", "name"])
    assert found.rows() == [
        ("country", 1_999_000, False),
        ("substr(name, 1, 3), country", found["pairs"][1], True),
        ("name", 1000, True),
    ]


def test_empty_records_give_nothing(trained: Weights) -> None:
    nobody = pl.DataFrame(
        schema={"record": pl.String, "email": pl.String, "first": pl.String, "last": pl.String}
    )
    assert scored(nobody, trained).is_empty()
    blank = pl.DataFrame(
        {
            "record": ["a:1", "b:1"],
            "email": [None, None],
            "first": [None, None],
            "last": [None, None],
        },
        schema=nobody.schema,
    )
    assert scored(blank, trained).is_empty()
    with pytest.raises(DataError, check=lambda error: error.code == "identity.too_little_to_train"):
        train(wide(stored(blank), METHODS, {}), KINDS, [["email"]], "s")


def test_placeholders_and_ignored_values_are_no_evidence() -> None:
    records = pl.DataFrame({"record": ["a:1", "a:2"], "email": ["unknown@x.test", "ann@free.test"]})
    assert wide(stored(records), {"email": "email"}, {"email": ["ann@free.test"]})[
        "email"
    ].to_list() == [None, None]


def test_weights_are_a_file_that_says_what_it_was_trained_for(
    tmp_path: Path, trained: Weights
) -> None:
    path = weights_path(tmp_path, "person")
    assert read_weights(path, trained.settings) == (None, "")
    write_weights(path, trained)
    assert read_weights(path, trained.settings) == (trained, "")
    assert parse_weights(path.read_text()).digest == trained.digest
    missing, why = read_weights(path, settings_of(dict(reversed(KINDS.items())), METHODS))
    assert missing is None
    assert "other attributes" in why
    assert [each.name for each in path.parent.iterdir()] == ["person.json"]


@pytest.mark.parametrize("cut", [True, False])
def test_weights_that_lack_levels_are_no_weights(
    tmp_path: Path, trained: Weights, *, cut: bool
) -> None:
    path = weights_path(tmp_path, "person")
    told = json.loads(trained.text())
    name = next(iter(KINDS))
    levels = (
        {**told["levels"], name: told["levels"][name][:-1]}
        if cut
        else {each: found for each, found in told["levels"].items() if each != name}
    )
    path.parent.mkdir()
    path.write_text(json.dumps({**told, "levels": levels}))
    with pytest.raises(DataError, match="cannot be read as trained weights"):
        read_weights(path, trained.settings, KINDS)
    write_weights(path, trained)
    assert read_weights(path, trained.settings, KINDS) == (trained, "")


def test_a_slip_in_the_weights_is_told_with_its_line(tmp_path: Path, trained: Weights) -> None:
    path = weights_path(tmp_path, "person")
    write_weights(path, trained)
    path.write_text(path.read_text().replace('"prior":', '"prior"'))
    line = next(
        number
        for number, text in enumerate(path.read_text().splitlines(), start=1)
        if '"prior"' in text
    )
    with pytest.raises(
        DataError,
        match=(
            rf"person\.json:{line}: this cannot be read as trained weights.*workbook match train"
            r" person"
        ),
    ):
        read_weights(path, trained.settings)


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"format": 1}', '{"format": 2}', "prior"])
def test_a_broken_file_of_weights_is_told_with_what_to_do(
    tmp_path: Path, trained: Weights, broken: str
) -> None:
    path = weights_path(tmp_path, "person")
    write_weights(path, trained)
    if broken == "prior":
        broken = json.dumps(json.loads(trained.text()) | {"prior": 1.5})
    path.write_text(broken)
    with pytest.raises(DataError, match="match train person"):
        read_weights(path, trained.settings)


def test_a_level_that_was_never_seen_is_worth_nothing() -> None:
    assert LevelWeight("close", 1.0, 1.0).bits == 0
