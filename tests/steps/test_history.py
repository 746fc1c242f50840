"""The history page: what it says of a small shop, what it finds, what it never shows, and what
it suggests while it is open.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook import Workbook
from workbook.finding import Finding

SOURCES = {
    "systems": {"shop": {}},
    "sources": {
        "shop.clients": {
            "primary_key": "client",
            "recorded": "seen",
            "fields": {
                "client": "id",
                "plan": {"type": "text", "class": "internal"},
                "tier": {"type": "text", "class": "internal"},
                "mood": {"type": "text", "class": "sensitive"},
                "made": "date",
                "seen": "timestamp",
            },
        },
        "shop.terms": {
            "primary_key": "term",
            "valid": ["starts", "ends"],
            "recorded": "written",
            "fields": {
                "term": "id",
                "client": "id",
                "plan": {"type": "text", "class": "internal"},
                "starts": "date",
                "ends": "date",
                "written": "timestamp",
            },
        },
        "shop.moods": {
            "primary_key": "no",
            "valid": "felt",
            "recorded": "told",
            "fields": {
                "no": "id",
                "client": "id",
                "mood": {"type": "text", "class": "sensitive"},
                "felt": "timestamp",
                "told": "timestamp",
            },
        },
        "shop.calls": {
            "primary_key": "call",
            "valid": "rang",
            "fields": {"call": "id", "client": "id", "rang": "timestamp"},
        },
    },
    "identifiers": {"client": {"in": ["shop.clients", "shop.terms", "shop.moods", "shop.calls"]}},
}
ENTITIES = {
    "entities": {"client": {"from": "shop.clients"}, "call": {"from": "shop.calls"}},
    "relationships": {
        "calls_of": {"from": "call", "to": "client", "by": "client", "cardinality": "many to one"}
    },
}
HISTORY = {
    "history": {
        "client.plan": {"from": "shop.terms", "as": "periods", "value": "plan"},
        "client.mood": {"from": "shop.moods", "as": "events", "value": "mood"},
    },
    "events": {
        "met": {"from": "shop.clients", "of": "client", "at": "made"},
        "left": {"from": "shop.terms", "of": "client", "at": "ends", "last": True},
    },
    "lifecycle": {
        "client": {"known": {"starts": "met", "expected": "14 days"}, "gone": {"starts": "left"}}
    },
}
QUESTIONS = {
    "questions": {"plan": {"ask": "On which plan did they leave?", "by": "client.plan at left"}}
}
METRICS = {
    "semantic_models": {
        "clients": {
            "of": "client",
            "dimensions": ["tier"],
            "measures": {"clients": {"agg": "count"}},
        }
    },
    "metrics": {"clients": {"type": "simple", "measure": "clients"}},
}
FILES = {
    "clients": (
        "client,plan,tier,mood,made,seen\n"
        "a,large,gold,SECRETGLAD,2024-01-01,2024-01-01\n"
        "b,small,gold,,2024-01-01,2025-01-01\nc,small,iron,,2025-06-20,2025-06-20\n"
    ),
    "terms": (
        "term,client,plan,starts,ends,written\n"
        "1,a,small,2024-02-01,2024-04-01,2024-04-01\n"
        "2,a,large,2024-04-01,2024-08-01,2024-09-15\n"
        "3,b,large,2024-03-01,,2024-03-01\n"
        "4,b,large,2024-03-02,2024-03-01,2024-03-02\n"
    ),
    "moods": (
        "no,client,mood,felt,told\n1,a,SECRETSAD,2025-04-28 10:00:00,2025-05-03"
        " 10:00:00\n2,a,SECRETGLAD,2024-01-02 10:00:00,2024-01-02"
        " 10:00:00\n3,zz,SECRETSAD,2024-01-02,2024-01-02\n"
    ),
    "calls": (
        "call,client,rang\n1,a,2024-07-30 10:00:00\n2,a,2024-07-31 10:00:00\n3,c,2025-06-25"
        " 10:00:00\n"
    ),
}
FIGURES = (
    "kept_values",
    "knew_then",
    "stays",
    "moves",
    "at_event",
    "before",
    "losses",
    "could_be_kept",
)
Open = Callable[..., Workbook]


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Open]:
    """Opens the shop; parts named here replace or leave out (None) its own."""
    books: list[Workbook] = []

    def build(as_of: str = "2025-06-30", **parts: Any) -> Workbook:
        folder = tmp_path / f"shop{len(books)}"
        (folder / "model").mkdir(parents=True)
        (folder / "data").mkdir()
        (folder / "workbook.yml").write_text(json.dumps({"name": "Test", "as_of": as_of}))
        own = {
            "01_questions": QUESTIONS,
            "03_sources": SOURCES,
            "04_entities": ENTITIES,
            "06_history": HISTORY,
            "07_metrics": METRICS,
        }
        for stem, value in {**own, **parts}.items():
            if value is not None:
                (folder / "model" / f"{stem}.yml").write_text(json.dumps(value))
        for name, text in FILES.items():
            (folder / "data" / f"shop_{name}.csv").write_text(text)
        books.append(Workbook.open(folder))
        return books[-1]

    yield build
    for book in books:
        book.close()


def rows(figure: Any) -> list[dict[str, Any]]:
    data = figure.as_dict()
    return [
        dict(zip([column["name"] for column in data["columns"]], row, strict=True))
        for row in data["rows"]
    ]


def found(book: Workbook, code: str) -> list[Finding]:
    return [each for each in book.history.conclude() if each.code == f"history.{code}"]


def test_the_answer_is_computed(open_: Open) -> None:
    step = open_().history
    headline, kept = step.headline(), step.evidence.kept
    assert [(row["name"], row["ids"], row["changed"]) for row in kept] == [
        ("client.plan", 2, 1),
        ("client.mood", 1, 1),
    ]
    assert kept[0]["since"].date() == dt.date(2024, 2, 1)
    ((state, occurrences),) = step.evidence.at_events
    assert state.name == "client.plan at left"
    assert occurrences["value"].to_list() == ["large"]
    for value in ("2 clients", "February 2024", "2 fields"):
        assert value in headline.sentence
    assert "“large” in 1 of 1 case" in headline.lede
    assert headline.state == "decided"


def test_what_is_kept_is_counted_and_so_is_what_cannot_be_used(open_: Open) -> None:
    plan, mood, *events = rows(open_().history.kept_values())
    assert (plan["ids"], plan["rows"], plan["changed"], plan["since"], plan["lost"]) == (
        2,
        3,
        1,
        "2024-02-01",
        1,
    )
    assert (mood["ids"], mood["rows"], mood["late"], mood["lost"]) == (1, 2, 1, 1)
    assert {row["name"]: row["rows"] for row in events} == {"Client left": 1, "Client met": 3}


def test_what_was_not_known_yet_is_counted_at_its_month_end(open_: Open) -> None:
    """The mood of 28 April was told on 3 May: at the end of April we believed the one before."""
    moved = {row["day"]: row["client.mood"] for row in rows(open_().history.knew_then())}
    assert moved["2025-04-30"] == 1
    assert sum(moved.values()) == 1


def test_an_earlier_day_gives_the_report_of_that_day(open_: Open) -> None:
    assert rows(open_("2025-04-30").history.kept_values())[1]["rows"] == 1
    # that the term had ended was written a day later
    assert rows(open_("2024-09-14").history.kept_values())[-1]["name"] == "Client met"


def test_states_and_moves(open_: Open) -> None:
    step = open_().history
    known, gone = rows(step.stays())
    assert (known["ended"], known["still"], known["over"], known["median"]) == (1, 2, 2, 213)
    assert (gone["ended"], gone["still"]) == (0, 1)
    move, path = rows(step.moves())
    assert (move["move"], move["check"], move["count"]) == ("known → gone", "look", 1)
    assert path["move"] == "known → gone"
    (check,) = [
        each
        for each in open_().checks.verdicts
        if each.check.name == "invalid_states__client__lifecycle"
    ]
    # of moves, and not of stays; the finding is of section 08 alone
    assert (check.state, check.failing, check.rows) == ("look", 1, 1)
    # c has been known for ten days only
    assert [each.count for each in found(open_(), "long_stay")] == [1]


def test_a_move_that_is_not_declared_is_drawn_red_until_it_is_accepted(open_: Open) -> None:
    drawn = open_().history.moves()
    assert 'class="wb-refused"' in drawn.html() and 'class="wb-stream"' not in drawn.html()
    assert [row["move"] for row in rows(drawn)] == ["known → gone", "known → gone"]
    assert drawn.gt is not None  # the table stays one to take and change
    accepted = {
        "overrides": [
            {
                "family": "invalid_states",
                "on": "client",
                "accepted": {"because": "known", "owner": "data", "until": "2025-12-31"},
            }
        ]
    }
    step = open_(**{"08_checks": accepted}).history
    assert rows(step.moves())[0]["check"] == "accepted"
    assert 'class="wb-refused"' not in step.moves().html()


def test_time_in_a_state_counts_who_is_still_in_it(open_: Open, monkeypatch: Any) -> None:
    """24 clients met on 1 January: twelve left after 10 days, twelve are still known on 30 June,
    180 days on. Half last longer than 10 days, so that is the median; of those who left alone it
    is 10 as well. With one more still there the median is not reached.
    """
    for still, median in ((12, 10), (13, None)):
        names = [f"n{number}" for number in range(12 + still)]
        clients = [f"{name},small,gold,,2025-01-01,2025-01-01" for name in names]
        terms = [f"{n},{names[n]},small,2025-01-01,2025-01-11,2025-01-11" for n in range(12)]
        head = FILES["clients"].splitlines()[0]
        monkeypatch.setitem(FILES, "clients", "\n".join([head, *clients, ""]))
        head = FILES["terms"].splitlines()[0]
        monkeypatch.setitem(FILES, "terms", "\n".join([head, *terms, ""]))
        step = open_().history
        figure = step.stays()
        known = rows(figure)[0]
        assert (known["ended"], known["still"], known["median"]) == (12, still, median)
        # the curve is drawn with its interval, and everybody still in it as a tick at one place
        assert figure.html().count('class="wb-band"') == 1
        assert figure.html().count("wb-thin") == 1
        assert figure.gt is not None


def test_of_few_stays_no_curve_is_drawn(open_: Open) -> None:
    assert "wb-chart" not in open_().history.stays().html()


def test_the_state_at_an_event_stands_beside_the_profile_of_today(open_: Open) -> None:
    assert [
        (row["value"], row["then"], row["now"]) for row in rows(open_().history.at_event())
    ] == [("large", 1, 1)]


def test_what_happened_before_stands_beside_the_others(open_: Open) -> None:
    """Two calls in the week before a left; in the last week c called, who has no term that
    could end, and b, whose term runs, did not.
    """
    calls = next(
        row for row in rows(open_().history.before("left", days=7)) if row["happening"] == "call"
    )
    assert (calls["share"], calls["met_median"], calls["peers_share"]) == (1, 2, 0)
    assert rows(open_().history.before("left", days=0))[0]["share"] == 0


def test_whose_end_was_not_known_yet_could_still_meet_it(open_: Open) -> None:
    """That a's term had ended was written on 15 September: a day before, a and b both had one
    running, and nobody had left.
    """
    row, *_ = open_("2024-09-14").history.evidence.before("left", days=7)
    assert (row["occurrences"], row["peers"]) == (0, 2)
    row, *_ = open_("2024-09-15").history.evidence.before("left", days=7)
    assert (row["occurrences"], row["peers"]) == (1, 1)


def test_what_is_written_over_is_a_loss_where_a_number_rests_on_it(open_: Open) -> None:
    (loss,) = found(open_(), "overwritten")
    assert loss.about == ("client.tier",)
    tier = next(row for row in rows(open_().history.losses()) if row["name"] == "Client tier")
    assert (tier["records"], tier["again"]) == (3, 1)


def test_the_profile_is_compared_with_the_open_rows(open_: Open) -> None:
    differs = {each.about: each.count for each in found(open_(), "current_differs")}
    # b: small today, large in its term
    assert differs == {("client.plan",): 1, ("client.mood",): 1}


def test_late_and_unusable_facts_are_named(open_: Open) -> None:
    book = open_()
    assert {each.about: each.count for each in found(book, "late_facts")} == {
        ("client.plan",): 1,
        ("client.mood",): 1,
    }
    evidence = book.history.evidence
    assert {row["name"]: evidence.troubles(row) for row in evidence.kept} == {
        "client.plan": [("ends before it starts", 1)],
        "client.mood": [("reaches none", 1)],
    }
    assert {each.about: each.count for each in found(book, "unusable_facts")} == {
        ("client.plan",): 1,
        ("client.mood",): 1,
    }


def test_a_sensitive_value_never_reaches_the_page(open_: Open) -> None:
    asks = {
        "questions": {
            "mood": {
                "ask": "How did they feel?",
                "by": ["client.mood at left", "client.plan at left"],
            }
        }
    }
    step = open_(**{"01_questions": asks}).history
    shown = [step.headline(), *(getattr(step, name)() for name in FIGURES), step.findings()]
    assert step.at_event().as_dict()["rows"]
    for each in shown:
        assert "SECRET" not in json.dumps(each._repr_mimebundle_(), default=str)


def test_what_cannot_be_kept_is_refused_with_its_reason(open_: Open) -> None:
    asks = {"questions": {"tier": {"ask": "Which tier?", "by": "client.tier at left"}}}
    (refused,) = found(open_(**{"01_questions": asks}), "refused")
    assert (refused.severity, refused.about) == ("look", ("client.tier at left",))
    assert "no past value of client tier" in refused.sentence


def test_an_open_page_shows_what_could_be_kept(open_: Open) -> None:
    step = open_(**{"06_history": None, "01_questions": None}).history
    assert step.headline().state == "open"
    assert [each.code for each in step.conclude()] == ["history.open"]
    suggested = {
        row["source"]: (row["form"], row["facts"], row["ids"]) for row in rows(step.could_be_kept())
    }
    assert suggested == {
        "Shop terms": ("periods", 4, 2),
        "Shop moods": ("events", 3, 1),
        "Shop calls": ("events", 3, 2),
    }
    for name in FIGURES:
        getattr(step, name)()


def test_nothing_at_all_is_no_error(open_: Open) -> None:
    step = open_(
        **dict.fromkeys(("01_questions", "03_sources", "04_entities", "06_history", "07_metrics"))
    ).history
    assert step.headline().state == "open"
    assert "only today's values" in step.headline().lede
    for name in FIGURES:
        getattr(step, name)()
    assert [each.code for each in step.conclude()] == ["history.open"]
