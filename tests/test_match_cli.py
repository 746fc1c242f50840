"""`workbook match` and `run --publish-ids`: what they print, write and refuse, over a small
project that learns its weights.
"""

from __future__ import annotations

import json
import random
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import typer

from workbook.words import error_texts, words_of
from workbook import Workbook
from workbook.cli import main, match_review
from workbook.cli.match import match_commands
from workbook.cli.match_old_form import is_entity, new_form
from workbook.dossier import RunResult
from workbook.identity.id_registry import read_registry
from workbook.identity.match_ledger import COLUMNS, read_ledger

Call = Callable[..., tuple[int, str, str]]
FIELDS = {
    "no": "id",
    "email": "email",
    "name": "person_name",
    "city": "text",
    "born": "date",
    "seen_at": "timestamp",
}
PLACES = ["shop.buyers", "desk.callers"]
PARTS = {
    "02_grain": {"primary": "person", "sentence": "One row is one person.", "headline": ["people"]},
    "03_sources": {
        "systems": {"shop": {}, "desk": {}},
        "identifiers": {"email": {"in": PLACES}},
        "sources": {
            name: {"primary_key": "no", "recorded": "seen_at", "fields": FIELDS} for name in PLACES
        },
    },
    "04_entities": {
        "entities": {
            "person": {
                "row_is": "one person",
                "from": PLACES,
                "attributes": {"name": PLACES, "city": PLACES, "born": PLACES},
            }
        }
    },
    "04b_identity": {
        "identity": {
            "person": {
                "rules": [{"name": "same_mail", "match": "email", "confidence": "certain"}],
                "suggest": {
                    "compare": ["name", "city", "born"],
                    "block_on": ["name", "born"],
                    "bands": {"likely": 0.99, "possible": 0.1},
                },
            }
        }
    },
    "05_survivorship": {"fields": {"person.city": {"order": ["shop", "desk"]}}},
    "07_metrics": {
        "semantic_models": {"people": {"of": "person", "measures": {"people": {"agg": "count"}}}},
        "metrics": {"people": {"measure": "people", "label": "People"}},
    },
}


def write(root: Path) -> None:
    """Two hundred invented people; half of them both buy and call, some under another mail or a
    misspelt name.
    """
    drawing, rows = random.Random(5), {"shop_buyers": [], "desk_callers": []}
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    for n in range(200):
        name = " ".join("".join(drawing.choices(syllables, k=3)).capitalize() for _ in range(2))
        city, born = (
            drawing.choice(["Ulm", "Bonn", "Kiel", "Jena"]),
            f"19{40 + n % 50}-0{1 + n % 9}-{11 + n % 17}",
        )
        rows["shop_buyers"].append(
            f"{n},{name.split()[0]}{n}@shop.example,{name},{city},{born},2025-06-01T10:00:00"
        )
        if n % 2:
            mail = f"{name.split()[0]}{n}@shop.example" if n % 4 == 1 else f"{n}@desk.example"
            typo = name[:-2] + name[-1] + name[-2] if n % 3 == 0 else name
            rows["desk_callers"].append(
                f"{n},{mail},{typo},{city if n % 5 else 'Trier'},{born if n % 7 else ''},2025-06-02T10:00:00"
            )
    for folder in ("model", "data", "decisions"):
        (root / folder).mkdir(parents=True)
    departments = {"sales": "head of sales", "operations": "head of operations"}
    (root / "workbook.yml").write_text(
        json.dumps({"name": "People", "as_of": "2025-06-30", "departments": departments})
    )
    for stem, value in PARTS.items():
        (root / "model" / f"{stem}.yml").write_text(json.dumps(value))
    for stem, lines in rows.items():
        (root / "data" / f"{stem}.csv").write_text("\n".join([",".join(FIELDS), *lines]) + "\n")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("people") / "people"
    write(root)
    sys_argv, sys.argv = sys.argv, ["workbook", "match", "train", "--project", str(root)]
    with pytest.raises(SystemExit) as left:
        main()
    sys.argv = sys_argv
    assert not left.value.code
    opened = Workbook.open(root)
    opened.build()
    opened.close()
    return root


@pytest.fixture
def root(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "people"))


@pytest.fixture
def call(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `workbook match`; its exit code, what it printed, and what it complained about."""

    def calling(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["workbook", "match", *arguments, "--project", str(root)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return calling


def ledger(root: Path):
    return read_ledger(root / "decisions" / "matches.csv").decisions


def state(root: Path) -> dict[str, str]:
    """The content of what people see: clusters, golden values, links and numbers."""
    book = Workbook.open(root)
    try:
        return {
            name: table.content
            for name, table in book.build().items()
            if name in ("person", "person__clusters", "person__links", "m__people__total")
            or name.endswith("__choice")
        }
    finally:
        book.close()


def the_pairs(out: str) -> list[list[str]]:
    return [
        line.split() for line in out.splitlines() if line.startswith("  p") and line[3:9].isalnum()
    ]


def the_patterns(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines() if line.startswith("  t")]


def test_the_list_names_patterns_by_what_they_are_worth_and_pairs_without_values(
    call: Call, root: Path
) -> None:
    code, out, complaint = call("list", "--limit", "3")
    assert (code, complaint) == (0, "")
    assert out.startswith("person: ") and " await review, in " in out
    assert (
        "effect of accepting all of it: customers 250 → " in out
        and "People 250 → " in out
        and "golden values: " in out
    )
    assert len(the_pairs(out)) == 3 and "--limit N lists more" in out
    names = {
        value
        for name in ("shop_buyers", "desk_callers")
        for value in pl.read_csv(root / "data" / f"{name}.csv")["name"]
    }
    assert not [name for name in names if name in out or name.lower() in out]
    assert "@" not in out
    moves = [
        int(line.split("customers 250 → ")[1].split(";")[0])
        for line in out.splitlines()
        if "all of it" in line
    ]
    assert moves == sorted(moves), "what moves the headline numbers most comes first"


def test_a_pair_is_accepted_and_the_undo_restores_every_table(call: Call, root: Path) -> None:
    before = state(root)
    pair = the_pairs(call("list")[1])[0][0]
    code, out, _ = call("accept", pair, "--by", "sales", "--because", "=known")
    (said,) = ledger(root)
    assert (code, f"Recorded as {said.id}: same." in out) == (0, True)
    assert (said.verdict, said.by, said.entity, len(said.seen)) == (
        "same",
        "head of sales",
        "person",
        12,
    )
    after = state(root)
    assert (
        after["person__clusters"] != before["person__clusters"]
        and after["m__people__total"] != before["m__people__total"]
    )
    assert pair not in call("list")[1]
    code, out, _ = call("undo", said.id, "--by", "head of operations")
    assert (code, f"{said.id} is undone." in out) == (0, True)
    assert state(root) == before


def test_several_pairs_are_accepted_at_once_or_none(call: Call, root: Path) -> None:
    one, two, three = [row[0] for row in the_pairs(call("list")[1])[:3]]
    code, _, complaint = call("accept", one, "p0000000", "--by", "sales")
    assert (code, "p0000000" in complaint) == (2, True)
    assert not (root / "decisions" / "matches.csv").exists()
    assert "customers 250 → 248" in call("accept", one, two, "--preview")[1]
    code, out, _ = call("accept", one, two, one, "--by", "sales")
    assert (code, out.count("Recorded as ")) == (0, 2)
    assert [each.verdict for each in ledger(root)] == ["same", "same"]
    assert call("reject", three, "--by", "sales")[0] == 0
    undone = [each.id for each in ledger(root)[:2]]
    assert call("undo", *undone, "--by", "sales")[1].count(" is undone.") == 2


def test_the_limit_holds_for_patterns_too(call: Call) -> None:
    every = the_patterns(call("list", "--limit", "500")[1])
    assert len(every) > 2
    for limit in (0, 2):
        out = call("list", "--limit", str(limit))[1]
        assert (the_patterns(out), len(the_pairs(out))) == (every[:limit], limit)
        assert f"and {len(every) - limit} more pattern" in out


def test_a_preview_says_what_would_change_and_writes_nothing(call: Call, root: Path) -> None:
    pair = the_pairs(call("list")[1])[0][0]
    code, out, _ = call("accept", pair, "--preview")
    assert code == 0
    assert (
        out.startswith("Nothing is written. Effect: customers 250 → 249;")
        and "People 250 → 249" in out
    )
    assert call("reject", pair, "--preview")[1].endswith(
        "customers 250 → 250; headline numbers: none; golden values: none.\n"
    )
    assert not (root / "decisions" / "matches.csv").exists()
    call("accept", pair, "--by", "sales")
    assert "customers 249 → 250" in call("undo", ledger(root)[0].id, "--preview")[1]
    assert len(ledger(root)) == 1


@pytest.mark.long
def test_a_pattern_is_signed_off_only_after_its_sample_was_judged(call: Call, root: Path) -> None:
    pattern = the_patterns(call("list")[1])[0]
    code, _, complaint = call("accept", pattern, "--by", "sales")
    assert (code, "are not judged yet" in complaint) == (2, True)
    sampled = the_pairs(call("sample", "person", "--pattern", pattern)[1])
    assert sampled
    for pair in sampled[1:]:
        call("accept", pair[0], "--by", "sales")
    call("reject", sampled[0][0], "--by", "sales")
    code, out, _ = call("accept", pattern, "--by", "sales", "--because", "sampled")
    signed = ledger(root)[-1]
    assert (code, signed.kind, signed.verdict, signed.stated.sample, signed.stated.errors) == (
        0,
        "pattern",
        "same",
        len(sampled),
        1,
    )
    assert f"1 of {len(sampled)} judged pairs disagrees: at most " in out
    assert pattern not in call("list")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["accept", "p0000000", "--by", "sales"], "named 'p0000000'"),
        (["accept", "likly", "--by", "sales"], "Did you mean 'likely'?"),
        (["accept", "nothing", "--by", "sales"], "`workbook match list` shows the names."),
        (["list", "persn"], "Did you mean 'person'?"),
        (
            ["accept", "likely", "--by", "salse"],
            "Did you mean 'sales'? Departments are sales and operations.",
        ),
        (["accept", "likely"], "Say who decides"),
        (["undo", "d1"], "Say who decides"),
        (["accept", "likely", "--entity", "persn", "--by", "sales"], "Did you mean 'person'?"),
        (["unsure", "likely", "--preview"], "Only a pair can be unsure"),
        (["unsure", "likely", "--by", "sales"], "are not judged yet"),
        (["undo", "d1", "--by", "sales"], "No decision has the id 'd1'"),
        (["sample"], "Write --pattern P or --band B."),
        (["sample", "--band", "likly"], "Did you mean 'likely'?"),
        (["list", "--pattern", "x"], "No pattern of person is named 'x'"),
        (["list", "--reveal"], "on a terminal only"),
        (["list", "--nonsense"], "No such option"),
        (["list", "--preview"], "No such option"),
        (["accept", "--by", "sales"], "Nothing to accept is named"),
        (["reject"], "Nothing to reject is named"),
        (["unsure"], "Name the pairs that nobody can decide"),
        (["undo"], "No decision to undo is named"),
        (["accpet"], "no command 'accpet'. Did you mean 'accept'?"),
        (["accpet", "p0000000", "--by", "sales"], "Did you mean 'accept'?"),
        (["give", "p0000000"], "Its commands are list, sample, accept, "),
        (["accept", "--accept", "p1"], "workbook match accept p1 --by NAME"),
        (["person", "--accept", "p1", "p2"], "workbook match accept t1 t2 --by NAME"),
        (
            ["--accept", "likely", "--reject", "likely"],
            "--accept and --reject cannot be asked for together",
        ),
        (["--preview"], "--preview does not say what to preview"),
        (["--train", "--preview"], "--preview does not say what to preview"),
        (["--nonsense"], "No such option"),
        (["persn"], "Did you mean 'person'?"),
    ],
)
def test_wrong_arguments_are_one_sentence_and_exit_2(
    call: Call, root: Path, arguments: list[str], says: str
) -> None:
    code, _, complaint = call(*arguments)
    assert (code, says in complaint) == (2, True), complaint
    assert "Traceback" not in complaint
    assert not (root / "decisions" / "matches.csv").exists()


# ---- the earlier form: one command, its acts as options


# Earlier arguments, and those of the sub-command that does the same.
EARLIER = [
    ("", "list"),
    ("person", "list person"),
    ("--limit 3 person --band likely", "list person --limit 3 --band likely"),
    ("--pattern=t1 --by sales", "list --pattern t1"),
    ("--train", "train"),
    ("--train person --by sales", "train person"),
    (
        "person --sample --pattern t1 --band likely --by sales --size 20",
        "sample person --pattern t1 --band likely --by sales --size 20",
    ),
    ("--sample --band likely --limit 3", "sample --band likely"),
    (
        "person --accept t1 --by sales --because 'a slip'",
        "accept t1 --entity person --by sales --because 'a slip'",
    ),
    ("--accept p1 --accept=p2 --by sales", "accept p1 p2 --by sales"),
    ("--accept t1 --band likely --size 9 --preview", "accept t1 --band likely --size 9 --preview"),
    ("--by sales --reject p1 --pattern t1 person", "reject p1 --entity person --by sales"),
    ("person --unsure p1 --size 9 --by sales", "unsure p1 --entity person --by sales"),
    ("person --undo m1 --undo m2 --by sales", "undo m1 m2 --by sales"),
    ("--undo m1 --preview --as-of 2025-06-30", "undo m1 --preview --as-of 2025-06-30"),
    ("list --accept p1 --by sales", "accept p1 --entity list --by sales"),
    ("listing --limit 3", "list listing --limit 3"),
]
OPTIONS = {
    command.name: {
        option: not getattr(parameter, "is_flag", False)
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    for command in typer.main.get_command(match_commands).commands.values()
}


@pytest.mark.parametrize(("earlier", "new"), EARLIER)
def test_the_earlier_form_is_translated_and_says_the_new_one(
    earlier: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    entities = ("person", "list", "listing")
    found = new_form(shlex.split(earlier), OPTIONS, lambda _, name: name in entities)
    assert found == shlex.split(new)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (
        "",
        f"This version still reads the earlier form. The new form: workbook match {new}\n",
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("list --limit 3", "list --limit 3"),
        ("--project x list --limit 3", "list --project x --limit 3"),
        ("accept p1 --because --train --by sales", "accept p1 --because --train --by sales"),
        ("--help", "--help"),
        ("person --help", "--help"),
        ("train --help", "train --help"),
    ],
)
def test_the_new_form_is_read_without_a_notice(
    given: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_form(shlex.split(given), OPTIONS, lambda *_: False) == shlex.split(found)
    assert capsys.readouterr().err == ""


def test_each_command_has_its_own_options_alone() -> None:
    shared = {"--project", "--as-of", "--data"}
    deciding = {"--by", "--because", "--preview"}
    whole = {"--size", "--band", "--entity"}
    assert {name: set(options) - shared for name, options in OPTIONS.items()} == {
        "list": {"--pattern", "--band", "--limit", "--reveal"},
        "sample": {"--pattern", "--band", "--by", "--because", "--size", "--reveal"},
        "accept": deciding | whole,
        "reject": deciding | whole,
        "unsure": deciding | {"--entity"},
        "undo": deciding,
        "train": set(),
    }
    assert all(shared <= set(options) for options in OPTIONS.values())


def test_the_earlier_form_does_what_the_new_one_does(call: Call, root: Path) -> None:
    code, out, complaint = call("person", "--limit", "3")
    assert (code, out) == call("list", "person", "--limit", "3")[:2]
    assert complaint.count("\n") == 1 and "workbook match list person --limit 3" in complaint
    pair = the_pairs(out)[0][0]
    code, _, complaint = call("person", "--accept", pair, "--by", "sales")
    assert (code, f"workbook match accept {pair} --entity person" in complaint) == (0, True)
    code, _, complaint = call("--undo", ledger(root)[0].id, "--by", "sales")
    assert (code, "workbook match undo " in complaint) == (0, True)
    assert [each.verdict for each in ledger(root)] == ["same", "undo"]


def test_only_a_declared_entity_of_the_project_is_an_entity(root: Path) -> None:
    assert (is_entity(str(root), "person"), is_entity(str(root), "trian")) == (True, False)
    assert not is_entity(str(root / "nowhere"), "person")


def test_a_pattern_without_a_pair_in_the_band_is_refused(call: Call, root: Path) -> None:
    likely = set(the_patterns(call("list", "--band", "likely")[1]))
    pattern = next(name for name in the_patterns(call("list")[1]) if name not in likely)
    code, _, complaint = call("accept", pattern, "--band", "likely", "--by", "sales")
    values = {"name": f"{pattern}, likely", "hint": ""}
    said = " ".join(error_texts("cli.match.nothing_suggested", **values))
    assert (code, complaint) == (2, f"{said}\n")


def test_values_are_shown_to_a_terminal_alone(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_review.sys.stdout.__class__, "isatty", lambda self: True)
    assert "≠ email: " in call("list", "--reveal", "--limit", "1")[1]


def test_without_weights_the_list_says_how_to_learn_them(call: Call, root: Path) -> None:
    (root / "decisions" / "weights" / "person.json").unlink()
    code, _, complaint = call("list")
    assert (code, "workbook match train person" in complaint) == (2, True)
    code, out, _ = call("train")
    assert (
        code,
        "weights learned from 300 records are saved in decisions/weights/person.json" in out,
    ) == (0, True)
    assert call("list")[0] == 0


def test_where_nothing_is_to_be_suggested_it_says_so(call: Call, root: Path) -> None:
    (root / "model" / "04b_identity.yml").write_text(
        json.dumps(
            {
                "identity": {
                    "person": {"rules": PARTS["04b_identity"]["identity"]["person"]["rules"]}
                }
            }
        )
    )
    code, _, complaint = call("list")
    assert (code, "Declare `suggest:` for an entity" in complaint) == (2, True)


def test_a_broken_line_stays_and_the_word_is_written_all_the_same(call: Call, root: Path) -> None:
    path = root / "decisions" / "matches.csv"
    path.write_text(",".join(COLUMNS) + "\nm1,torn")
    pair = the_pairs(call("list")[1])[0][0]
    assert call("unsure", pair, "--by", "sales")[0] == 0
    assert path.read_text().splitlines()[1] == "m1,torn"
    assert [each.verdict for each in ledger(root)] == ["unsure"]


def test_a_sample_is_judged_at_the_terminal_word_by_word(
    call: Call, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["s", "d", "u", "q"])
    monkeypatch.setattr(match_review.sys.stdout.__class__, "isatty", lambda self: True)
    monkeypatch.setattr(match_review.sys.stdin.__class__, "isatty", lambda self: True)
    monkeypatch.setattr(match_review.typer, "prompt", lambda text, **_: next(answers))
    code, out, _ = call("sample", "--band", "likely", "--by", "operations")
    drawn = the_pairs(out)
    assert (code, len(drawn)) == (0, 4)
    assert [(each.verdict, each.by) for each in ledger(root)] == [
        (verdict, "head of operations") for verdict in ("same", "different", "unsure")
    ]
    assert the_pairs(call("sample", "--band", "likely")[1])[0][0] == drawn[3][0], (
        "who stopped goes on where it was"
    )


# ---- ids, and a project that is open meanwhile


def test_ids_are_published_after_a_run_that_came_through_and_stand_on_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = [1]
    monkeypatch.setattr(
        "workbook.cli.commands.run_project",
        lambda *_, **__: RunResult(root / "runs" / "r", failed[0], "", (), (), 0, 0, 0, 0, 0.0),
    )

    def run(*more: str) -> str:
        monkeypatch.setattr(sys, "argv", ["workbook", "run", str(root), *more])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    assert words_of("cli").text("run.not_published") in run("--publish-ids")
    assert not (root / "registry").exists()
    failed[0] = 0
    run()
    assert not (root / "registry").exists()
    before = state(root)
    given = {"entity": "person", "records": 300}
    assert words_of("cli").text("run.published", **given) in run("--publish-ids")
    path = root / "registry" / "person.parquet"
    bytes_then = path.read_bytes()
    assert state(root) == before
    assert words_of("cli").text("run.unchanged", **given) in run("--publish-ids")
    assert path.read_bytes() == bytes_then
    assert read_registry(path)["state"].unique().to_list() == ["current"]


@pytest.mark.parametrize(
    "file", ["registry/person.parquet", "decisions/weights/person.json", "decisions/matches.csv"]
)
def test_an_open_workbook_reads_again_what_was_published_learned_or_decided(
    root: Path, file: str
) -> None:
    book = Workbook.open(root)
    before = book.context
    assert book.identity.context is before
    path = root / file
    path.parent.mkdir(exist_ok=True)
    if file.endswith("parquet"):
        clusters = before.frame("person__clusters")
        clusters.select(
            "record", pl.lit("per_").add(pl.int_range(pl.len()).cast(pl.String)).alias("id")
        ).write_parquet(path)
    else:
        path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert book.identity.context is not before
    if file.endswith("parquet"):
        assert book.context.frame("person__clusters")["id"].str.starts_with("per_").all()
    book.close()


def test_a_decision_about_records_that_changed_is_a_finding_and_its_pair_waits_again(
    call: Call, root: Path
) -> None:
    pair = the_pairs(call("list")[1])[0]
    call("accept", pair[0], "--by", "sales")
    key = pair[4].partition(":")[2]
    path = root / "data" / "desk_callers.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()]
    path.write_text(
        "\n".join(
            (
                ",".join([*row[:3], "Trier" if row[3] == "Ulm" else "Ulm", *row[4:]])
                if row[0] == key
                else ",".join(row)
            )
            for row in rows
        )
        + "\n"
    )
    book = Workbook.open(root)
    (found,) = [
        each for each in book.identity.conclude() if each.code == "identity.outdated_decision"
    ]
    assert (found.count, found.about) == (1, ("person",))
    assert "the records changed" in found.sentence
    assert "decisions/matches.csv, line 2 " in found.advice
    assert {
        book.context.frame("person__decisions")["state"][0],
        book.context.frame("person__decisions")["stands"][0],
    } == {"changed", False}
    book.close()
    assert pair[0] in call("list", "--limit", "99")[1]


@pytest.mark.long
def test_a_sign_off_shows_on_the_page_as_a_rule_and_is_outdated_after_training_again(
    call: Call, root: Path
) -> None:
    pattern = the_patterns(call("list")[1])[1]
    for pair in the_pairs(call("sample", "--pattern", pattern)[1]):
        call("accept", pair[0], "--by", "sales")
    singles = [each.id for each in ledger(root)]
    assert call("accept", pattern, "--by", "sales")[0] == 0
    for each in singles:
        call("undo", each, "--by", "sales")
    book = Workbook.open(root)
    links = {row["rule"]: row["links"] for row in book.identity.by_rule["person"]}
    assert links["pattern"] > 0
    assert "Review: patterns accepted" in book.identity.joining().html()
    (rule,) = set(book.context.frame("person__accepted")["rule"])
    assert rule.startswith("pattern name: ")
    path = root / "decisions" / "weights" / "person.json"
    trained = json.loads(path.read_text())
    path.write_text(json.dumps({**trained, "prior": trained["prior"] * 1.01}))
    (found,) = [
        each for each in book.identity.conclude() if each.code == "identity.outdated_decision"
    ]
    assert "the match weights changed" in found.sentence
    assert book.context.frame("person__accepted").is_empty()
    book.close()


# ---- what people break by hand: told with its line, nothing lost, never a crash


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        pytest.param("m2,torn", 3, "it has 2 fields instead of 12", marks=pytest.mark.long),
        ("m2,2025-06-01,head of sales,person,{pair},smae,,,,,", 3, "(did you mean 'same'?)"),
        pytest.param(
            "m2,01.06.2025,head of sales,person,{pair},same,,,,,",
            3,
            "its `at` is no time",
            marks=pytest.mark.long,
        ),
        (
            "m2,2025-06-01,head of sales,person,,,undo,,,,m11,",
            3,
            "it undoes an id that no line has (did you mean 'm1'?)",
        ),
        ("<<<<<<< HEAD", 3, "a merge of two branches is not finished here"),
    ],
)
def test_the_list_names_each_line_that_decides_nothing_and_the_others_count(
    call: Call, root: Path, more: str, line: int, says: str
) -> None:
    pair = the_pairs(call("list")[1])[0]
    path = root / "decisions" / "matches.csv"
    good = f"m1,2025-06-01T10:00:00Z,head of sales,person,{pair[4]},{pair[5]},same,,,,,"
    path.write_text(
        "\n".join([",".join(COLUMNS), good, more.format(pair=f"{pair[4]},{pair[5]}"), ""])
    )
    before = path.read_bytes()
    code, out, complaint = call("list")
    assert (code, complaint) == (0, "")
    assert f"decisions/matches.csv:{line}: " in out and says in out
    assert pair[0] not in out, "what the whole line decides waits no more"
    assert path.read_bytes() == before


def test_a_file_with_another_head_decides_nothing_and_takes_no_word(call: Call, root: Path) -> None:
    path = root / "decisions" / "matches.csv"
    path.write_text(";".join(COLUMNS) + "\nm1;2025-06-01;head of sales;person;a;b;same;;;;;\n")
    before = path.read_bytes()
    code, out, _ = call("list")
    assert (
        code,
        "decisions/matches.csv:1: the columns are divided by semicolons instead of commas, so that"
        " nothing below it is read (1 line)." in out,
    ) == (0, True)
    code, _, complaint = call("unsure", the_pairs(out)[0][0], "--by", "sales")
    assert (code, "matches.csv:1" in complaint, path.read_bytes()) == (2, True, before)


def _torn(path: Path) -> None:
    path.write_text("{not json")


def _without_a_level(path: Path) -> None:
    told = json.loads(path.read_text())
    path.write_text(
        json.dumps({**told, "levels": {**told["levels"], "name": told["levels"]["name"][:-1]}})
    )


def _no_parquet(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"PAR1 torn")


def _twice(path: Path) -> None:
    path.parent.mkdir()
    pl.DataFrame(
        {"record": ["shop.buyers:1", "shop.buyers:1"], "id": ["one", "two"]}
    ).write_parquet(path)


def _a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("file", "break_it", "says"),
    [
        (
            "decisions/weights/person.json",
            _torn,
            "person.json:1: this cannot be read as trained weights",
        ),
        (
            "decisions/weights/person.json",
            _without_a_level,
            "this cannot be read as trained weights",
        ),
        ("registry/person.parquet", _no_parquet, "cannot be read as published ids"),
        ("registry/person.parquet", _twice, "names a record more than once"),
        (
            "decisions/matches.csv",
            _a_folder,
            "decisions/matches.csv cannot be read: Is a directory",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_2(
    call: Call,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    break_it: Callable[[Path], None],
    says: str,
) -> None:
    (root / "runs" / "before").mkdir(parents=True)
    (root / "runs" / "latest").symlink_to("before")
    break_it(root / file)
    code, _, complaint = call("list")
    assert (code, says in complaint, "Traceback" in complaint) == (2, True, False), complaint
    monkeypatch.setattr(sys, "argv", ["workbook", "run", str(root)])
    with pytest.raises(SystemExit) as left:
        main()
    complaint = capsys.readouterr().err
    assert (left.value.code, says in complaint, "Traceback" in complaint) == (
        2,
        True,
        False,
    ), complaint
    assert [
        each.name for each in sorted((root / "runs").iterdir()) if not each.name.startswith(".")
    ] == ["before", "latest"]
    assert (root / "runs" / "latest").resolve() == root / "runs" / "before"


def test_weights_of_other_settings_are_a_finding_and_the_list_says_how_to_learn(
    call: Call, root: Path
) -> None:
    path = root / "decisions" / "weights" / "person.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "settings": "of before"}))
    code, _, complaint = call("list")
    assert (code, "workbook match train person" in complaint) == (2, True)
    book = Workbook.open(root)
    (found,) = [each for each in book.identity.conclude() if each.code == "identity.untrained"]
    assert "trained for other comparisons" in found.sentence
    assert "workbook match train person" in found.advice
    book.close()


def test_a_key_that_stands_twice_is_a_row_rejected_and_one_record(root: Path) -> None:
    path = root / "data" / "shop_buyers.csv"
    rows = path.read_text().splitlines()
    path.write_text("\n".join([*rows, rows[1]]) + "\n")
    book = Workbook.open(root)
    assert book.identity.counts["person"]["records"] == 300
    assert any("shop.buyers" in each.about for each in book.sources.conclude())
    book.close()


@pytest.mark.parametrize("kept", [0, 1])
def test_hardly_any_record_is_nothing_that_waits(call: Call, root: Path, kept: int) -> None:
    for name, rows in (("shop_buyers", kept), ("desk_callers", 0)):
        path = root / "data" / f"{name}.csv"
        path.write_text("\n".join(path.read_text().splitlines()[: rows + 1]) + "\n")
    assert call("list")[:2] == (0, "person: no pair awaits review.\n")
    code, _, complaint = call("train")
    assert (code, "Traceback" in complaint) == (2, False), complaint
