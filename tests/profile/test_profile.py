"""What is measured of sources: records, ages, identifiers, the trace, classes; each on planted
rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from workbook.sources import profile
from workbook.engine import lint, records_in
from workbook.errors import DataError
from workbook.sources.profile.landing_counts import specs, waiting_files
from workbook.words import words_of

AS_OF = dt.date(2025, 6, 30)
Open = Callable[..., "object"]


def arrivals(found) -> dict[str, profile.Arrival]:
    in_file = {source: records_in(spec) for source, spec in profile.specs(found.model).items()}
    asked = [
        found.rows(ask(found.model))
        for ask in (profile.counts_sql, profile.bad_sql, profile.reject_sql)
    ]
    return {
        each.source: each
        for each in profile.arrivals(found.model, asked[0], in_file, asked[1], asked[2])
    }


def test_every_record_is_accepted_or_rejected_and_bad_cells_are_counted(opened: Open) -> None:
    found = arrivals(opened())
    sales, payers = found["shop.sales"], found["shop.payers"]
    assert (sales.read, sales.accepted, sales.rejected, sales.lost) == (5, 4, 1, 0)
    assert sales.rejections == (profile.RejectionReason("2 fields instead of 4", 1),)
    assert payers.bad == 1
    assert payers.invalid_values == (profile.RejectionReason("not a whole number", 1, "seats"),)
    assert profile.reason_texts(payers.invalid_values) == ["not a whole number in seats (1)"]
    assert (payers.repeated, payers.empty) == (1, 0)
    assert [each.state for each in found.values()] == ["look", "look", "pass", "pass"]
    assert (found["crm.firms"].owner, payers.owner) == ("sales", "finance")


def test_records_that_the_reader_lost_would_fail(opened: Open) -> None:
    found = opened()
    counts = found.rows(profile.counts_sql(found.model))
    lost = profile.arrivals(
        found.model,
        counts,
        {**dict.fromkeys(found.model.source_names, 4), "shop.payers": 9},
        [],
        [],
    )
    assert {each.source: each.lost for each in lost if each.lost} == {
        "shop.payers": 4,
        "shop.sales": 1,
        "desk.callers": 2,
    }
    codes = {
        (f.code, f.severity, f.count)
        for f in profile.of_landing(found.model, lost)
        if f.code == "sources.rows_lost"
    }
    assert ("sources.rows_lost", "fail", 4) in codes


def test_findings_name_the_planted_trouble_and_no_other(opened: Open) -> None:
    project = opened()
    found = profile.of_landing(project.model, arrivals(project).values())
    assert [(f.code, f.about, f.count) for f in found] == [
        ("sources.bad_cells", ("shop.payers",), 1),
        ("sources.duplicate_keys", ("shop.payers",), 1),
        ("sources.rejected_rows", ("shop.sales",), 1),
    ]


MIXED = """at,noted,seen,plain
2025-06-01T10:00:00Z,2025-06-01,2025-06-01 10:00,2025-06-01 10:00
2025-06-01 12:00:00+02:00,2025-06-01 10:00,2025-06-01,2025-06-01 10:00
2025-06-01T10:00:00-0500,,2025-06-01 10:00,
2025-06-01 10:00, 2025-06-02 ,2025-06-01 10:00 CET,
2025-06-01,2025-06-03 10:00,n/a,
"""
TIMES = """
systems: {crm: {owner: sales, dialect: noted}}
dialects: {noted: {missing: ["", "n/a"]}}
sources: {crm.a: {row_is: one, primary_key: at, fields: {at: timestamp, noted: timestamp,
  seen: timestamp, plain: timestamp}}}
"""


def test_times_written_in_several_ways_are_counted_by_way(opened: Open) -> None:
    """A cell that did not fit, and one that the dialect calls missing, is written in no way."""
    project = opened(TIMES, entity="", files={"crm_a": MIXED})
    (found,) = arrivals(project).values()
    assert found.bad == 1
    assert [
        (each.field, each.zoned, each.bare, each.days, each.unclear) for each in found.clocks
    ] == [
        ("at", 3, 1, 1, True),
        ("noted", 0, 2, 2, False),
        ("seen", 0, 2, 1, False),
    ]
    finding = profile.of_landing(project.model, [found])[-1]
    assert (finding.code, finding.severity, finding.count, finding.owner) == (
        "sources.mixed_times",
        "look",
        5,
        "sales",
    )
    for counted in (
        "at (3 with a time zone, 1 without a time zone and 1 as a date alone)",
        "noted (2 without a time zone and 2 as a date alone)",
        "seen (2 without a time zone and 1 as a date alone)",
    ):
        assert counted in finding.sentence
    assert "UTC" in finding.effect and "first moment" in finding.effect


def test_days_beside_times_are_worth_knowing_and_one_way_of_writing_is_not(opened: Open) -> None:
    def found(second: str) -> list[tuple[str, int | None]]:
        rows = f"at,noted,seen,plain\n2025-06-01,,,\n{second},,,\n"
        project = opened(TIMES, entity="", files={"crm_a": rows})
        landed = profile.of_landing(project.model, arrivals(project).values())
        return [(each.severity, each.count) for each in landed]

    assert found("2025-06-02 10:00") == [("note", 1)]
    assert found("2025-06-02") == []


def test_four_hundred_columns_of_times_are_counted(opened: Open) -> None:
    names = [f"at_{number}" for number in range(400)]
    fields = ", ".join(f"{name}: timestamp" for name in names)
    sources = (
        "systems: {crm: {owner: sales}}\nsources: {crm.a: {row_is: one, fields:"
        f" {{{fields}}}}}}}\n"
    )
    rows = [",".join(names), ",".join(["2025-06-01"] * 400), ",".join(["2025-06-01 10:00"] * 400)]
    (found,) = arrivals(
        opened(sources, entity="", files={"crm_a": "\n".join(rows) + "\n"})
    ).values()
    assert [(name, 0, 1, 1) for name in names] == [
        (each.field, each.zoned, each.bare, each.days) for each in found.clocks
    ]


def test_a_file_with_a_header_and_no_row_is_a_source_without_a_record(opened: Open) -> None:
    project = opened(TIMES, entity="", files={"crm_a": "at,noted,seen,plain\n"})
    (found,) = arrivals(project).values()
    assert (found.read, found.accepted, found.rejected, found.bad, found.clocks, found.state) == (
        0,
        0,
        0,
        0,
        (),
        "look",
    )
    (finding,) = profile.of_landing(project.model, [found])
    assert (finding.code, finding.severity, finding.count) == ("sources.empty", "look", 0)
    assert finding.sentence.startswith("CRM a: ")


def test_empty_keys_and_sources_without_a_key(opened: Open) -> None:
    sources = (
        "systems: {crm: {}}\nsources:\n  crm.a: {primary_key: k, fields: {k: id, v: text}}\n "
        " crm.b: {fields: {v: text}}\n"
    )
    project = opened(
        sources, entity="", files={"crm_a": "k,v\n1,x\n,y\n,z\n", "crm_b": "v\nx\nx\n"}
    )
    found = arrivals(project)
    assert (found["crm.a"].empty, found["crm.a"].repeated, found["crm.a"].key) == (2, 0, ("k",))
    assert (found["crm.b"].empty, found["crm.b"].repeated, found["crm.b"].key) == (0, 0, ())
    landed = profile.of_landing(project.model, found.values())
    assert [(f.code, f.count) for f in landed] == [
        ("sources.duplicate_keys", 2),
        ("sources.no_key", None),
    ]
    assert " 2 of 3 records " in landed[0].sentence


def test_missing_files_are_all_named(opened: Open, tmp_path) -> None:
    found = opened()
    for name in ("crm_firms", "shop_sales"):
        (tmp_path / "data" / f"{name}.csv").unlink()
    with pytest.raises(DataError) as error:
        specs(found.model)
    assert "crm.firms" in str(error.value)
    assert "shop.sales" in str(error.value)


def test_files_that_no_source_reads(opened: Open, tmp_path) -> None:
    found = opened()
    (tmp_path / "data" / "more").mkdir()
    (tmp_path / "data" / "more" / "plans.csv").write_text("a\n1\n")
    (tmp_path / "data" / "readme.md").write_text("x")
    assert waiting_files(found.model) == ["more/plans.csv"]


def ages(found, as_of: dt.date = AS_OF) -> dict[str, profile.Age]:
    newest = {
        row["source"]: (row["newest"], row["later"])
        for row in found.rows(profile.newest_sql(found.model, as_of))
    }
    return {age.source: age for age in profile.ages(found.model, as_of, newest)}


def test_age_is_measured_to_the_end_of_the_day_and_later_facts_are_left_out(opened: Open) -> None:
    found = ages(opened())
    assert (found["crm.firms"].gap, found["crm.firms"].later, found["crm.firms"].state) == (
        0.5,
        1,
        "pass",
    )
    # a date is its whole day
    assert (found["shop.sales"].gap, found["shop.sales"].newest) == (0, AS_OF)
    assert (found["desk.callers"].gap, found["desk.callers"].state) == (12, "fail")
    assert (found["shop.payers"].field, found["shop.payers"].state) == ("", "untested")


def test_limits_by_system_and_by_day(opened: Open) -> None:
    found = opened()
    assert ages(found, dt.date(2025, 6, 20))["desk.callers"].state == "pass"
    assert ages(found, dt.date(2025, 6, 25))["desk.callers"].state == "look"
    # nothing is dated by then
    assert ages(found, dt.date(2025, 6, 1))["desk.callers"].state == "look"
    assert [
        (f.code, f.severity, f.about)
        for f in profile.of_age(found.model, list(ages(found).values()))
    ] == [("sources.stale", "fail", ("desk",))]


def test_a_quiet_source_of_a_fresh_system_is_only_pointed_out(opened: Open) -> None:
    sources = SOURCES_WITH_QUIET
    files = {"crm_news": "k,at\n1,2025-04-01\n", "crm_rest": "k,at\n1,2025-06-30\n"}
    found = opened(sources, entity="", files=files)
    age = ages(found)["crm.news"]
    assert (age.state, age.quiet) == ("look", True)
    assert [
        (f.code, f.severity, f.about)
        for f in profile.of_age(found.model, list(ages(found).values()))
    ] == [("sources.quiet", "look", ("crm.news",))]


SOURCES_WITH_QUIET = """
systems: {crm: {}}
freshness: {warn_after: 1 day, error_after: 30 days}
sources:
  crm.news: {primary_key: k, valid: at, fields: {k: id, at: date}}
  crm.rest: {primary_key: k, valid: at, fields: {k: id, at: date}}
"""


def test_coverage_compares_values_trimmed_and_in_lower_case(opened: Open) -> None:
    found = opened()
    rows = {each.source: each.accepted for each in arrivals(found).values()}
    held = {
        each.ref.name: each
        for each in profile.held(found.model, rows, found.rows(profile.coverage_sql(found.model)))
    }
    mail = held["crm.firms.mail"]
    assert (mail.rows, mail.filled, mail.distinct, mail.shared, mail.shared_records, mail.most) == (
        4,
        3,
        2,
        1,
        2,
        2,
    )
    assert mail.share == 0.75
    assert [each.ref.name for each in profile.loose(found.model, held.values())] == [
        "crm.firms.mail",
        "desk.callers.mail",
    ]
    finding = profile.of_shared(found.model, profile.loose(found.model, list(held.values())))
    assert [(f.code, f.about, f.count) for f in finding] == [
        ("sources.shared_values", ("mail",), 1)
    ]


def test_overlap_and_spread(opened: Open) -> None:
    found = opened()
    both = {
        (r["source"], r["other_source"]): r["both"]
        for r in found.rows(profile.OVERLAP)
        if r["identifier"] == "firm_no"
    }
    assert both == {
        ("crm.firms", "crm.firms"): 4,
        ("shop.payers", "shop.payers"): 3,
        ("crm.firms", "shop.payers"): 2,
        ("shop.payers", "crm.firms"): 2,
    }
    spread = {
        r["sources"]: r["distinct_values"]
        for r in found.rows(profile.SPREAD)
        if r["identifier"] == "firm_no"
    }
    assert spread == {1: 3, 2: 2}
    top = [
        (r["identifier"], r["source"], r["records"])
        for r in found.rows(profile.MOST_SHARED)
        if r["identifier"] == "mail"
    ]
    assert top == [("mail", "crm.firms", 2)]


def test_the_trace_breaks_where_it_was_planted_to(opened: Open) -> None:
    found = opened()
    every = profile.stops(found.model)
    assert [(stop.name, stop.by, stop.key_shared) for stop in every] == [
        ("crm", (), True),
        ("shop", ("firm_no",), True),
        ("desk", ("mail",), False),
    ]
    crm, shop, desk = profile.legs(every, found.rows(profile.measure_sql(every)))
    assert (crm.reached, crm.ended, crm.only) == (4, 0, 0)
    # p4 is nobody's
    assert (shop.reached, shop.unbroken, shop.ended, shop.things, shop.only) == (2, 2, 2, 4, 1)
    # f1 and f3 share a mail
    assert (desk.reached, desk.unbroken, desk.ended, desk.things, desk.only) == (2, 1, 1, 2, 1)
    (finding,) = profile.of_trace(found.model, [crm, shop, desk])
    assert (finding.code, finding.count) == ("sources.trace_breaks", 3)
    assert finding.sentence.startswith("Of 4 firm nos in CRM, 1 (25.0")
    assert " shop (2)" in finding.sentence
    assert profile.without_key([crm, shop, desk]) == [
        words_of("sources").text("lede.no_key", step="desk", identifiers=("mail",))
    ]
    assert finding.sentence.endswith(profile.without_key([crm, shop, desk])[0])


def test_a_stop_that_nothing_leads_to_ends_everybody(opened: Open, sources_text: str) -> None:
    without = sources_text.replace("  mail: {in: [crm.firms, desk.callers]}\n", "")
    found = opened(without)
    every = profile.stops(found.model)
    leg = profile.legs(every, found.rows(profile.measure_sql(every)))[-1]
    assert (leg.stop.name, leg.stop.by, leg.reached, leg.unbroken, leg.ended, leg.only) == (
        "desk",
        (),
        0,
        0,
        2,
        None,
    )


def test_in_one_system_the_stops_are_sources(opened: Open, sources_text: str) -> None:
    found = opened(
        sources_text.replace("trace: [firm_no, payer_no, caller_no]", "trace: [payer_no]")
    )
    assert [stop.name for stop in profile.stops(found.model)] == ["shop.payers", "shop.sales"]
    every = profile.stops(found.model)
    assert [
        (leg.reached, leg.unbroken)
        for leg in profile.legs(every, found.rows(profile.measure_sql(every)))
    ] == [(4, 4), (2, 2)]


def test_open_steps_make_no_table(opened: Open) -> None:
    found = opened("", entity="")
    assert profile.tables(found.model) == []
    assert profile.stops(found.model) == ()


def test_every_table_stays_in_the_portable_subset_and_says_what_a_row_is(opened: Open) -> None:
    for table in profile.tables(opened().model):
        assert table.row_is
        if table.portable and table.sql:
            lint(table.sql, table.name)


def test_values_of_identifiers_bear_the_strictest_class(opened: Open) -> None:
    tables = {table.name: table for table in profile.tables(opened().model)}
    assert tables[profile.VALUES].classes == {"value": "personal"}
    assert tables["evidence__trace__3"].classes == {"start_value": "personal", "value": "personal"}


def test_classes_guesses_and_columns_that_nobody_declared(opened: Open) -> None:
    sources = """
systems: {crm: {}}
types: {score: {is: integer, class: sensitive}}
sources:
  crm.people:
    primary_key: k
    guess: [primary_key]
    fields: {k: id, mail: {type: email, guess: [type]}, home_phone: integer,
      salary: {type: integer, class: internal}, points: score, town: text,
      tier: {type: text, class: internal}, size: {type: text, values: [s, m]}}
"""
    found = opened(
        sources,
        entity="",
        files={
            "crm_people": "k,mail,home_phone,salary,points,town,tier,size,nickname,x\n1,,,,,,,,,\n"
        },
    )
    (part,) = profile.classified(found.model, {"crm.people": ("nickname", "x")})
    assert part.counts == {"public": 0, "internal": 5, "personal": 2, "sensitive": 1}
    assert part.guarded == ("mail", "points", "town")
    assert part.guessed == (
        profile.FieldGuess("", ("primary_key",)),
        profile.FieldGuess("mail", ("type",)),
    )
    assert part.unclassified == ("town",)  # a list of allowed values is no open text
    # a class written down, even a loose one, is a decision
    assert part.suspicious == ("home_phone",)
    assert part.undeclared_personal == ("nickname",)
    findings = profile.of_classes(found.model, [part])
    assert [(f.code, f.count) for f in findings] == [
        ("sources.guessed", 2),
        ("sources.unclassified_text", 1),
        ("sources.undeclared_columns", 2),
        ("sources.suspicious_fields", 1),
    ]
