"""The sources page: its sentence is computed, its figures carry no protected value, its
findings are the planted ones.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.sources import profile
from workbook.model import load_model
from workbook.show.page import EVIDENCE
from workbook.steps.sources import Sources
from workbook.words import words_of

ROOT = Path(__file__).parents[2]
EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")
needs_external = pytest.mark.skipif(not EXTERNAL, reason="WORKBOOK_EXTERNAL_DATA is not set")
FIGURES = ("arrivals", "freshness", "overlap", "journey", "shared_values", "field_classes")


@pytest.fixture(scope="module")
def open_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Workbook]]:
    """A copy of a project's decisions in a folder of its own, opened."""
    made: dict[tuple[Path, Path], Workbook] = {}

    def build(project: Path, data: Path) -> Workbook:
        if (project, data) not in made:
            folder = tmp_path_factory.mktemp("project")
            shutil.copytree(project, folder, dirs_exist_ok=True)
            made[project, data] = Workbook.open(folder, data=str(data))
        return made[project, data]

    yield build
    for book in made.values():
        book.close()


@pytest.fixture(scope="module")
def sample_book(a_sample: Callable[..., Path]) -> Iterator[Workbook]:
    with closing(Workbook.open(a_sample(), data=str(ROOT / "data" / "b2b_saas"))) as opened:
        yield opened


@pytest.fixture
def sample(sample_book: Workbook) -> Sources:
    return sample_book.step("sources")


@pytest.fixture
def kanoniv(open_project: Callable[..., Workbook]) -> Sources:
    return open_project(
        ROOT / "tests" / "projects" / "kanoniv", Path(EXTERNAL) / "kanoniv_c360" / "data"
    ).step("sources")


def rows(figure) -> list[dict[str, object]]:
    shown = figure.as_dict()
    return [
        dict(zip((column["name"] for column in shown["columns"]), row, strict=True))
        for row in shown["rows"]
    ]


def test_the_sample_reads_all_records_and_finds_what_was_planted(sample: Sources) -> None:
    found = {(finding.code, finding.about): finding.count for finding in sample.conclude()}
    assert found["sources.rejected_rows", ("support.tickets",)] == 4
    assert found["sources.bad_cells", ("crm.accounts",)] == 7
    assert found["sources.duplicate_keys", ("product.events",)] == 340
    assert not [finding for finding in sample.conclude() if finding.severity == "fail"]
    total = rows(sample.arrivals())[-1]
    assert total["read"] == total["accepted"] + total["rejected"] == 73_197


def test_the_headline_agrees_with_its_figure(sample: Sources) -> None:
    shown = rows(sample.journey())
    start, traced = shown[0]["reached"], shown[-1]["unbroken"]
    assert sample.headline().sentence == words_of("sources").text(
        "headline.traced",
        start=start,
        identifier="crm_account_id",
        system="crm",
        traced=traced,
        steps=["billing", "product", "support"],
    )
    assert f" {start} " in sample.headline().sentence
    assert f" {traced} " in sample.headline().sentence
    assert [row["unbroken"] for row in shown] == sorted(
        (row["unbroken"] for row in shown), reverse=True
    )
    assert sum(row["ended"] for row in shown) + shown[-1]["unbroken"] == shown[0]["reached"]
    (finding,) = [
        finding for finding in sample.conclude() if finding.code == "sources.trace_breaks"
    ]
    assert finding.count == shown[0]["reached"] - shown[-1]["unbroken"]


def test_findings_name_sources_and_columns_in_words(sample: Sources) -> None:
    said = {(each.code, each.about): each.sentence for each in sample.conclude()}
    invalid = said["sources.bad_cells", ("crm.accounts",)]
    assert "CRM accounts" in invalid and "employees (7)" in invalid
    repeated = said["sources.duplicate_keys", ("product.events",)]
    assert repeated.startswith("Product events: 340 of 42,804 ") and "(event id)" in repeated
    raw = [
        *sample.model.source_names,
        *(
            name
            for source in sample.model.source_names
            for name in sample.model.fields(source)
            if "_" in name
        ),
    ]
    assert not [
        sentence
        for sentence in [*said.values(), sample.headline().lede]
        for name in raw
        if name in sentence
    ]


def test_columns_that_must_be_found_in_a_file_keep_their_name(sample: Sources) -> None:
    blank = {"counts": {}, "guarded": (), "guessed": (), "undeclared_personal": ()}
    told = profile.of_classes(
        sample.model,
        [
            profile.Classified(
                "crm.account_changes",
                suspicious=("birth_name",),
                undeclared=("mrr_amount",),
                **blank,
            )
        ],
    )
    assert [each.sentence.rpartition(": ")[2] for each in told] == [
        "mrr_amount in CRM account changes.",
        "birth name in CRM account changes.",
    ]
    assert [each.about for each in told] == [
        ("crm.account_changes.mrr_amount",),
        ("crm.account_changes.birth_name",),
    ]


def test_late_sources_of_fresh_systems_are_counted_where_freshness_is_said(sample: Sources) -> None:
    # a source that dates nothing is not late
    late = [row for row in rows(sample.freshness()) if row["state"] != "pass" and row["newest"]]
    assert sample.currency == ("quiet", {"count": len(late)})
    assert sample.headline().lede.endswith(
        words_of("sources").text("lede.freshness.quiet", count=len(late))
    )
    assert len(late) > 1


@pytest.mark.parametrize(
    ("undated", "said"),
    [
        ((), "current"),
        (("crm",), "current_dated"),
        (("crm", "billing"), "undated"),
    ],
)
def test_a_system_that_dates_nothing_is_not_called_fresh(
    sample: Sources, undated: tuple[str, ...], said: str
) -> None:
    step = Sources(sample.context)
    newest = {
        name: None if name.split(".")[0] in undated else dt.date(2025, 6, 30)
        for name in ("crm.accounts", "billing.invoices")
    }
    step.__dict__["ages"] = [
        profile.Age(name, "updated_at", day, day and 0.5, 1, 3, "pass" if day else "look")
        for name, day in newest.items()
    ]
    assert step.currency == (said, {})
    text = words_of("sources").text(f"lede.freshness.{said}")
    assert step.headline().lede.endswith(f" {text}")


def test_freshness_plays_its_role_on_the_cover(sample: Sources) -> None:
    figure = sample.freshness().as_dict()
    assert figure["role"] == "freshness"
    assert [column["name"] for column in figure["columns"]] == [
        "source",
        "newest",
        "gap",
        "limit",
        "used",
        "state",
    ]
    assert len(figure["rows"]) == len(sample.model.source_names)


def test_overlap_is_the_same_in_both_directions(sample: Sources) -> None:
    shown = rows(sample.overlap())
    groups: dict[str, list[dict[str, object]]] = {}
    for row in shown:
        groups.setdefault(str(row["group"]), []).append(row)
    for group in groups.values():
        for number, one in enumerate(group, 1):
            for other_number, other in enumerate(group, 1):
                assert one[f"in_{other_number}"] == other[f"in_{number}"]
                assert (one[f"in_{other_number}"] or 0) <= one["distinct"]


def test_no_protected_value_stands_on_the_page(sample: Sources) -> None:
    text = "".join(str(getattr(sample, name)()._repr_mimebundle_()) for name in FIGURES)
    text += str(sample.headline()._repr_mimebundle_()) + str(sample.findings()._repr_mimebundle_())
    with (ROOT / "data" / "b2b_saas" / "crm" / "contacts.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        people = list(csv.DictReader(stream))
    values = {row[name] for row in people for name in ("email", "phone") if row[name]}
    assert len(values) > 2000
    assert not [value for value in values if value in text]


def test_each_figure_speaks_in_three_forms(sample: Sources) -> None:
    for name in FIGURES:
        bundle = getattr(sample, name)()._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain", EVIDENCE}
        assert bundle[EVIDENCE]["rows"]


def test_a_step_that_is_open_says_which_files_wait(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates" / "blank", tmp_path, dirs_exist_ok=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "people.csv").write_text("a\n1\n")
    step = Workbook.open(tmp_path).step("sources")
    assert step.headline().state == "open"
    assert " 1 file " in step.headline().lede
    assert "people.csv" in step.headline().lede
    assert [finding.code for finding in step.conclude()] == ["sources.open"]
    for name in FIGURES:
        assert getattr(step, name)()._repr_mimebundle_()["text/html"]


@needs_external
def test_kanoniv_meets_its_control_totals(kanoniv: Sources) -> None:
    assert {each.source: each.accepted for each in kanoniv.arrived} == {
        "app.events": 6397,
        "app.signups": 1300,
        "billing.accounts": 1200,
        "billing.invoices": 2974,
        "crm.companies": 107,
        "crm.contacts": 1839,
        "partner.leads": 800,
        "partner.referrals": 484,
        "support.tickets": 2861,
        "support.users": 1400,
    }
    emails = [each for each in kanoniv.held if each.identifier == "email"]
    assert sum(each.rows - each.filled for each in emails) == 832
    assert kanoniv.spread["email"] == {1: 373, 2: 558, 3: 688, 4: 401, 5: 72}
    group = next(
        row["group"]
        for row in rows(kanoniv.overlap())
        if "CRM contacts, email" in str(row["place"])
    )
    assert "strong" in str(group) and "2,092 values" in str(group)
    assert rows(kanoniv.journey())[-1]["unbroken"] == 72  # in all five systems
    shared = {(row["name"], row["at"]): row["shared"] for row in rows(kanoniv.shared_values())}
    assert shared["Email", "CRM contacts, email"] == 188


@needs_external
def test_ravenstack_is_followed_from_source_to_source(
    open_project: Callable[..., Workbook],
) -> None:
    step = open_project(
        ROOT / "tests" / "projects" / "ravenstack", Path(EXTERNAL) / "ravenstack"
    ).step("sources")
    assert [row["unbroken"] for row in rows(step.journey())] == [500, 500, 500]
    assert "sources.trace_breaks" not in {finding.code for finding in step.conclude()}


def test_what_is_late_says_which_views_and_audiences_use_it(sample: Sources) -> None:
    """F11 of the readings: whoever sees an old source must know whom it concerns."""
    used = {row["source"]: row["used"] for row in rows(sample.freshness())}
    assert "onboarding help" in used["Marketing consents"]
    assert "customer success" in used["Finance FX rates"]  # its amounts are converted
    assert not used["Billing subscription events"]
    # requests to be forgotten decide what of a user may stand in a view
    assert all(
        name in used["Marketing erasures"] for name in ("support assistant", "onboarding help")
    )


def test_a_limit_stands_where_it_decides_and_a_late_source_is_told_its_owner(
    sample: Sources,
) -> None:
    shown = [row for row in rows(sample.freshness()) if row["newest"] and row["limit"]]
    systems = [str(row["source"]).partition(" ")[0].lower() for row in shown]
    assert sorted(systems) == sorted(
        {name.partition(".")[0] for name in sample.model.source_names}
    ) and {row["state"] for row in shown} == {"pass"}
    quiet = {
        finding.owner: finding.about
        for finding in sample.conclude()
        if finding.code == "sources.quiet"
    }
    assert {
        owner: {name.partition(".")[0] for name in about} for owner, about in quiet.items()
    } == {"marketing": {"marketing"}, "sales": {"crm"}}


def test_what_is_open_of_people_who_may_ask_to_be_forgotten_needs_a_reason(tmp_path: Path) -> None:
    """The sample classes all that stands on a user as personal; one field less is found, unless
    somebody wrote why.
    """
    folder = Path(shutil.copytree(ROOT / "templates" / "b2b_saas", tmp_path / "sample"))
    sources = folder / "model" / "03_sources.yml"
    declared, language = sources.read_text(), "language: {type: text, class: personal}"
    assert language in declared

    def found() -> list[tuple[str, tuple[str, ...]]]:
        model = load_model(folder)
        return [
            (each.code, each.about)
            for each in profile.of_classes(model, profile.classified(model, {}))
        ]

    assert found() == []
    sources.write_text(declared.replace(language, "language: {type: text, class: internal}"))
    assert found() == [("sources.open_of_person", ("product.users.language",))]
    sources.write_text(
        declared.replace(
            language,
            "language: {type: text, class: internal, because: half of the world speaks it}",
        )
    )
    assert found() == []


def test_a_government_id_is_a_token_whatever_its_class(sample: Sources) -> None:
    """The sample's VAT ids are `internal`; figure 3.5 shows none of them."""
    shown = [row["top"] for row in rows(sample.shared_values()) if row["name"] == "VAT id"]
    assert shown
    assert all("·" in each and not re.search(r"[A-Z]{2}\d{5}", each) for each in shown)
