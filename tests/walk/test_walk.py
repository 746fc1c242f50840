"""The walk of each page: the decision as written, what can be tried, the exercise, the conditions."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from pin import FILE, tasks

from workbook import Workbook
from workbook.errors import WorkbookError
from workbook.model import load_model
from workbook.model.yaml_read import FILES
from workbook.scenarios import attended_notebook
from workbook.scenarios.adopt import Adopted, NotAdopted
from workbook.steps import STEPS
from workbook.walk.decision_card import card_of
from workbook.walk.choice import NOTHING, choice_between

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "notebooks" / "tiny"
FIRST = ROOT / "templates" / "first" / "model"
WORDS = [step.word for step in STEPS]


@pytest.fixture(scope="module")
def sample(a_sample: Callable[..., Path]) -> Iterator[Workbook]:
    book = Workbook.open(a_sample(data=True))
    yield book
    book.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workbook]:
    shutil.copytree(TINY, tmp_path / "shop", ignore=shutil.ignore_patterns("pinned"))
    book = Workbook.open(tmp_path / "shop")
    yield book
    book.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Workbook]:
    shutil.copytree(ROOT / "templates" / "blank", tmp_path / "blank")
    (tmp_path / "blank" / "data").mkdir()
    (tmp_path / "blank" / "workbook.yml").write_text("workbook: 2\nname: Blank\n", "utf-8")
    book = Workbook.open(tmp_path / "blank")
    yield book
    book.close()


# ---- exercises


def test_the_recorded_exercises_are_those_of_the_sample(sample: Workbook) -> None:
    assert json.loads(json.dumps(tasks(sample))) == json.loads(FILE.read_text("utf-8"))
    assert list(tasks(sample)) == [*WORDS, "start"]  # every page asks something


# worked out by hand from the data of the sample, or by the truth tests
ANSWERS = {
    "grain": ("company", 120),
    "sources": ("billing", 213),
    "entities": ("contact of", 86),
    "metrics": 118,
    "checks": "mrr",
    "ai_context": 41,
}


@pytest.mark.parametrize("word", ANSWERS)
def test_the_right_answer_is_right_and_any_other_is_not(sample: Workbook, word: str) -> None:
    walk, right = getattr(sample, word), ANSWERS[word]
    wrong = ("no such thing", 120) if isinstance(right, tuple) else "nothing"
    assert walk.exercise().state == "asked"
    assert walk.exercise(right).state == "right"
    assert walk.exercise(wrong if not isinstance(right, int) else right + 1).state == "wrong"


def test_a_name_is_right_in_any_case_and_as_it_is_labelled(sample: Workbook) -> None:
    assert sample.sources.exercise(("Billing", Decimal(213))).state == "right"
    assert sample.entities.exercise(("contact_of", 86)).state == "right"


@pytest.mark.parametrize("answer", ["company", ("company",), (120, "company"), ("company", 1, 2)])
def test_an_answer_of_another_form_says_the_form(sample: Workbook, answer: object) -> None:
    with pytest.raises(WorkbookError) as raised:
        sample.grain.exercise(answer)
    assert raised.value.code == "walk.answer_form"
    assert "('name', 0)" in str(raised.value)


def test_a_project_without_data_asks_what_the_sample_answers(blank: Workbook) -> None:
    for word in WORDS:
        card = getattr(blank, word).exercise()
        assert (card.state, card.example) == ("asked", True)
        assert not getattr(blank, word).exercise().says.endswith("None")


# ---- the decision, as written or as an example


def test_the_decision_is_shown_with_its_line(sample: Workbook) -> None:
    card = sample.grain.decision()
    first = card.parts[0]
    file, _, line = first.place.rpartition(":")
    written = (sample.root / file).read_text("utf-8").splitlines()
    assert written[int(line) - 1].startswith("primary: account")
    assert first.yaml.startswith("primary: account\n")
    assert not card.example


def test_no_decision_shows_a_value_of_people(tmp_path: Path) -> None:
    """A city that a rule compares with a personal field is masked; one of an open field is not."""
    shutil.copytree(TINY, tmp_path / "shop", ignore=shutil.ignore_patterns("pinned"))
    model = tmp_path / "shop" / "model"
    sources, rules = model / "03_sources.yml", model / "07_metrics.yml"
    rule = "  living:\n    of: person\n    means: Lives there.\n    all: [\"city = 'Kreuzberg'\"]\n"
    text = rules.read_text("utf-8")
    rules.write_text(
        text.replace("rules:\n", "rules:\n" + rule)
        if "\nrules:\n" in text
        else text + f"\nrules:\n{rule}",
        "utf-8",
    )
    shown = {}
    for cls in ("internal", "personal"):
        sources.write_text(
            re.sub(
                r"\bcity: (\{[^}]*\}|\w+)",
                f"city: {{type: text, class: {cls}}}",
                sources.read_text("utf-8"),
            ),
            "utf-8",
        )
        shown[cls] = str(card_of(load_model(tmp_path / "shop"), "metrics", [("rules",)]).as_dict())
    assert "Kreuzberg" in shown["internal"]
    assert "Kreuzberg" not in shown["personal"]


def test_a_page_without_a_decision_shows_an_example_of_its_own_file(blank: Workbook) -> None:
    for word, stem, _ in FILES:
        card = getattr(blank, word).decision()
        assert card.example
        assert card.parts[0].place == f"{stem}.yml"
        assert card.parts[0].yaml == (FIRST / f"{stem}.yml").read_text("utf-8").rstrip("\n")


def test_the_examples_are_one_model_that_agrees_with_itself(tmp_path: Path) -> None:
    shutil.copytree(FIRST, tmp_path / "model")
    (tmp_path / "workbook.yml").write_text(
        "workbook: 2\nname: First\nas_of: 2025-06-30\ndepartments: {sales: head of sales,"
        " finance: head of finance, operations: head of operations, data: head of data}\n",
        "utf-8",
    )
    model = load_model(tmp_path)
    assert all(not model.is_open(word) for word, _, _ in FILES)


# ---- what can be tried

CITY = ("fields.person.city.order", ["shop", "desk"])


def adopt_city(book: Workbook) -> Adopted | NotAdopted:
    """Write another order of sources, as whoever owns it."""
    departments = list(book.model.project.departments)
    owner = book.model.owner_of("survivorship", "fields", "person.city") or departments[0]
    tried = book.survivorship.what_if(*CITY)
    return tried.adopt(because="the shop asks at each order", by=owner)


@pytest.mark.parametrize("word", ["grain", "identity", "survivorship", "metrics", "customer_360"])
def test_the_first_choice_can_be_tried(sample: Workbook, word: str) -> None:
    walk = getattr(sample, word)
    choice = walk.choices().first
    assert choice != NOTHING
    assert walk.what_if(*choice).figure.body.rows
    assert re.search(r"choice = '", walk.choices().html().replace("&#x27;", "'"))


def test_where_nothing_can_be_tried_the_example_is_shown_and_nothing_written(
    blank: Workbook,
) -> None:
    for word in ("grain", "survivorship", "metrics"):
        tried = getattr(blank, word).what_if(*getattr(blank, word).choices().first)
        assert tried.card.example
        assert isinstance(tried.adopt(because="", by=""), NotAdopted)


def test_a_choice_is_the_smallest_place_that_differs() -> None:
    now = {"fields": {"a.b": {"order": ["x", "y"], "considered": {"other": {}}}}}
    then = {"fields": {"a.b": {"order": ["y", "x"]}}}
    assert choice_between(now, then) == ("fields.a.b.order", ["y", "x"])
    assert choice_between(now, now) is None
    both = {"fields": {"a.b": {"order": ["y"], "rule": "latest", "any": []}}}
    assert choice_between(now, both) == ("fields.a.b", {"order": ["y"], "rule": "latest"})


def test_adopt_with_empty_lines_writes_nothing_and_undo_takes_the_last_one_back(
    shop: Workbook,
) -> None:
    file = shop.root / "model" / "05_survivorship.yml"
    before = file.read_bytes()
    tried = shop.survivorship.what_if(*CITY)
    assert isinstance(tried.adopt(because="", by=""), NotAdopted)
    assert file.read_bytes() == before
    adopted = adopt_city(shop)
    assert file.read_bytes() != before
    shop.undo()
    assert file.read_bytes() == before
    adopted = adopt_city(shop)
    adopted.undo()  # by itself, so that nothing is left to take back
    assert file.read_bytes() == before
    with pytest.raises(WorkbookError) as raised:
        shop.undo()
    assert raised.value.code == "walk.nothing_to_undo"


def test_undo_is_of_its_own_project(shop: Workbook, tmp_path: Path) -> None:
    shutil.copytree(shop.root, tmp_path / "other", ignore=shutil.ignore_patterns(".workbook"))
    other = Workbook.open(tmp_path / "other")
    adopt_city(other)
    with pytest.raises(WorkbookError) as raised:
        shop.undo()
    assert raised.value.code == "walk.nothing_to_undo"
    other.undo()
    other.close()


def test_a_kernel_without_a_person_adopts_nothing(
    shop: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """papermill and `workbook run` may not ask for input; a person's kernel may."""
    file = shop.root / "model" / "05_survivorship.yml"
    before = file.read_bytes()
    for may_ask in (False, True):
        kernel = SimpleNamespace(_allow_stdin=may_ask)
        monkeypatch.setattr(
            attended_notebook, "shell", lambda kernel=kernel: SimpleNamespace(kernel=kernel)
        )
        adopted = adopt_city(shop)
        assert isinstance(adopted, NotAdopted) != may_ask
        assert (file.read_bytes() == before) != may_ask
    shop.undo()


# ---- done


STATES = {"pass", "look", "fail", "accepted", "untested"}


@pytest.mark.parametrize("word", WORDS)
def test_each_page_says_when_it_is_done(sample: Workbook, blank: Workbook, word: str) -> None:
    for book in (sample, blank):
        figure = getattr(book, word).done()
        states = figure.data["state"].to_list()
        assert len(states) >= 3
        assert set(states) <= STATES
        met = sum(state in ("pass", "accepted") for state in states)
        assert figure.subtitle.startswith(f"{met} of {len(states)}")


def test_what_the_sample_has_not_done_is_open(sample: Workbook) -> None:
    """Two departments have not said what they call a customer; the company is near the account."""
    rows = sample.grain.done().data
    open_ = rows.filter(rows["state"] == "look")["condition"].to_list()
    assert len(open_) == 3
    assert any("department says what it calls" in each for each in open_)


def test_nothing_of_a_blank_page_is_met(blank: Workbook) -> None:
    """Where nothing is decided nothing was tested: no condition reads OK."""
    met = {
        word: [row["condition"] for row in rows.to_dicts() if row["state"] == "pass"]
        for word in WORDS
        if not (rows := getattr(blank, word).done().data).is_empty()
    }
    assert {word: rows for word, rows in met.items() if rows} == {}


def test_the_pages_of_purposes_agree(sample: Workbook) -> None:
    """Figure 12.7 and the conditions of the page judge each rule alike."""
    rows = sample.ai_context.done().data.to_dicts()
    for rule in sample.ai_context.six_rules().data.to_dicts():
        states = {rule[name] for name in sample.model.ai_context.purposes}
        (told,) = [row["state"] for row in rows if row["condition"].startswith(rule["rule"] + ":")]
        assert (told == "pass") == (states == {"pass"}), rule["rule"]


def test_statements_stand_on_the_page_that_they_are_about(sample: Workbook) -> None:
    count = {word: len(getattr(sample, word).signoffs().body.rows) for word in WORDS}
    assert count["grain"] == 1
    assert count["metrics"] == 4
    assert count["survivorship"] == 2
    assert count["history"] == 1


# ---- one question first


def test_a_question_has_one_sheet_of_six_lines(sample: Workbook) -> None:
    """By hand: 122 customers, disputed by sales; the domain has no rule of its own."""
    states = dict(
        zip(sample.start.sheet().data["line"], sample.start.sheet().data["state"], strict=True)
    )
    assert states == {
        "Grain": "pass",
        "Required sources": "pass",
        "Identifiers": "pass",
        "Source priority": "look",
        "Metric definition": "look",
        "Confirmed": "look",
    }
    assert sample.start.exercise("metric").state == "right"
    assert sample.start.exercise("grain").state == "wrong"
    assert len(sample.questions.sheet().body.rows) == 6 * len(sample.model.questions.questions)


def test_where_nothing_is_asked_the_page_says_so(blank: Workbook) -> None:
    assert blank.start.headline().state == "open"
    assert blank.start.sheet().body.empty
    assert set(blank.start.done().data["state"]) == {"look", "untested"}
    assert blank.start.next().data["state"].to_list().count("pass") == 0


def test_the_start_page_runs_everywhere(sample: Workbook, blank: Workbook, shop: Workbook) -> None:
    cells = json.loads((ROOT / "notebooks" / "start_here.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for book in (sample, blank, shop):
        for source in code[2:]:
            exec(source, {"book": book})
