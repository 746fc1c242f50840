"""The open project: its model at one date, its plan, and its steps by name."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from workbook import privacy
from workbook.engine import (
    MEMO,
    Artifact,
    Engine,
    Plan,
    State,
    extracts_folder,
    fetch,
    kept_folder,
    quote,
    state_of,
)
from workbook.errors import ModelError, WorkbookError
from workbook.model import Model, load_model
from workbook.model.as_of import NO_DATE
from workbook.model.csv_ledger import cells_of
from workbook.model.personal_literals import personal_literals
from workbook.model.table_names import NEWEST
from workbook.notebook import (
    DataAccess,
    ProgressLine,
    book_figure,
    book_line,
    notice,
    offer_completions,
)
from workbook.scenarios.adopt import JOURNAL
from workbook.scenarios.pair_review import desk_of, reviewer
from workbook.scenarios.planning import unmakeable
from workbook.scenarios.what_if import what_if
from workbook.sources.profile import landed, newest_tables
from workbook.steps import (
    STEPS,
    Context,
    HeadlineNumber,
    Step,
    headline_numbers,
    metric_values,
    plan_of,
)
from workbook.walk import OpenStep, Start
from workbook.widget import review_widget
from workbook.words import error_of, error_texts, use_locale, words_of
from workbook.words.wording import truncate_list

Fetch = Literal["all", "missing", "none"]
Progress = Any  # called with (what it is on, how many are done, of how many)
_NAMED = 5  # files that a notice names
_BY_WORD = {step.word: step for step in STEPS}


class Workbook(DataAccess):
    """A project that is open: its decisions, its numbers, and a step for each page.

    `book.survivorship` is a step; changed files are read again before the next step. The
    examples are of a project `shop` with four people in two systems.

    >>> book = Workbook.open("shop")
    >>> book.as_of.isoformat(), book.model.entity_names
    ('2025-06-30', ('person', 'order'))
    >>> book.metrics.every_number().title
    'Definitions of all metrics'
    """

    def __init__(
        self,
        root: Path,
        *,
        as_of: str | None = None,
        data: str | None = None,
        fetch: Fetch = "missing",
        verify: bool = False,
    ) -> None:
        self.root, self._fetch, self._verify = root, fetch, verify
        self._given = {"as_of": as_of, "data": data}
        self._engine: Engine | None = None
        self._progress = ProgressLine()
        MEMO.use(kept_folder(root))
        self._read()

    @classmethod
    def open(
        cls,
        project: Path | str | None = None,
        *,
        as_of: str | None = None,
        data: str | None = None,
        fetch: Fetch = "missing",
        verify: bool = False,
    ) -> Workbook:
        """Open the project in a folder, or the nearest one upward where none is named.

        `fetch` says which sources in databases are read: all of them, those that were not read
        yet (missing), or none. `verify`: every source file and every stored table is read and
        compared with what is known of it.

        Raises:
            WorkbookError: there is no project, or its model contradicts itself.
        """
        return cls(find_project(project), as_of=as_of, data=data, fetch=fetch, verify=verify)

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine:
            self._engine.close()
            self._engine = None

    @property
    def model(self) -> Model:
        """The decisions, at one date."""
        return self.context.model

    @property
    def plan(self) -> Plan:
        """The tables that the decisions compile to."""
        return self.context.plan

    @property
    def engine(self) -> Engine:
        """What builds them."""
        return self.context.engine

    @property
    def as_of(self) -> dt.date:
        """The date that every page is about: the end of this day."""
        day = self.model.project.as_of
        return day if isinstance(day, dt.date) else NO_DATE

    @property
    def secrets(self) -> frozenset[str]:
        """Texts that no page repeats: what decisions name, and what is compared with a personal
        column.
        """
        decided = cells_of(self.root / self.model.project.decisions)
        return decided | personal_literals(self.model)

    def __getattr__(self, word: str) -> Step:
        if word.startswith("_"):
            raise AttributeError(word)
        if word not in _BY_WORD:
            texts = error_texts("book.unknown_step", name=word, known=list(_BY_WORD))
            raise AttributeError(" ".join(texts))
        return cast(Step, OpenStep(self, word))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_BY_WORD]

    def __repr__(self) -> str:
        return book_line(self.model, self.as_of, len(self.plan.order))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = book_figure(self.model, self.as_of, len(self.plan.order), STEPS)
        return {**shown._repr_mimebundle_(), "text/plain": repr(self)}

    def step(self, word: str) -> Step:
        """A step by its word; files that changed since are read again first."""
        if changed := self.changed():
            self._read()
            names = truncate_list(_short_names(self.root, changed), _NAMED)
            notice(words_of("data").text("notice.read", files=names))
        return self.context.step(_BY_WORD[word])

    def build(self, progress: Progress | None = None) -> Mapping[str, Artifact]:
        """Build the whole plan; every table by its name."""
        return self.engine.build(self.plan, self.plan.order, progress)

    def headlines(
        self, decisions: Path | None = None, as_of: dt.date | None = None
    ) -> Mapping[str, HeadlineNumber]:
        """The headline numbers by label; on the same data under the decisions in another
        folder, or at another day.

        >>> book = Workbook.open("shop")
        >>> {label: str(each.answer) for label, each in book.headlines().items()}
        {'People': '4', 'Sold': '47.50'}

        Raises:
            WorkbookError: those decisions cannot be read, or contradict themselves.
        """
        if decisions is None and as_of is None:
            return headline_numbers(self.context)
        day = (as_of or self.as_of).isoformat()
        return headline_numbers(
            self.context.what_if(
                load_model(decisions or self.root, data=str(self.model.data_root), as_of=day)
            )
        )

    def metric_values(self) -> Mapping[str, str]:
        """Every metric of 07 by name: its unrounded value, empty where it has none or is refused.

        >>> Workbook.open("shop").metric_values()
        {'people': '4', 'sold': '47.5'}
        """
        return metric_values(self.context)

    def match(self, entity: str, *, by: str) -> Any:
        """The review of suggested pairs of one entity as a widget for JupyterLab; `by` is who
        decides, as `workbook match` takes it.

        Raises:
            WorkbookError: nothing is suggested of the entity, or nobody of this project is named.
        """
        context = self.step("identity").context
        return review_widget(desk_of(context, entity), by=reviewer(context.model, by))

    @property
    def start(self) -> Start:
        """Where the team stands: the sheet of the first question, and what to decide next."""
        return self.question()

    def question(self, name: str = "") -> Start:
        """The sheet of one question of page 01 by its name, and what to decide next for it."""
        return Start(self.step("questions").context, name)

    def undo(self) -> str:
        """Take back what was adopted last in this session; the file is as it was, byte for byte.

        Raises:
            WorkbookError: nothing was adopted in this session, or the file was changed since.
        """
        mine = [each for each in JOURNAL if each.root == self.root]
        if not mine:
            raise error_of(WorkbookError, "walk.nothing_to_undo")
        mine[-1].undo()
        return words_of("walk").text("adopt.undone", place=mine[-1].place)

    def check(self) -> list[str]:
        """The names of all tables, after each was made once without data.

        Raises:
            ModelError: a run could not make some of them; each with the decision nearest to it.
        """
        return list(checked(self.model, self.plan).order)

    def changed(self) -> list[Path]:
        """The files of decisions and data that are not as they were read."""
        then, now = ({state[0]: state for state in each} for each in (self._read_at, self._stamp()))
        return [
            Path(name)
            for name in sorted(then.keys() | now.keys())
            if then.get(name) != now.get(name)
        ]

    def _read(self) -> None:
        model = load_model(self.root, data=self._given["data"], as_of=self._given["as_of"])
        engine = self._engine
        if engine is None or model.data_root not in engine.data_roots:
            self.close()
            roots = [model.data_root, extracts_folder(model)]
            engine = self._engine = Engine(
                kept_folder(self.root) / "store", data_roots=roots, verify=self._verify
            )
            if self._verify:
                engine.store.verify()
        if self._fetch != "none":
            fetch(model, every=self._fetch == "all")
            self._fetch = "missing"
        if model.project.as_of == "latest":
            model = model.at(_latest(model, engine))
        secret = os.environ.get(model.project.token_key, "") if model.project.token_key else ""
        privacy.use_key(secret.encode() or None)
        use_locale(model.project.locale)
        self.context = Context(model, planned(model), engine, planned, STEPS, what_if)
        MEMO.save()
        engine.watch = self._progress
        self._read_at = self._stamp()
        offer_completions(OpenStep)

    def _stamp(self) -> tuple[State, ...]:
        """What the file system says of every file that the project is read from: decisions and
        data.
        """
        files = [self.root / "workbook.yml"]
        context = self.__dict__.get("context")
        if context:
            project = context.model.project
            files += [
                *sorted((self.root / project.model).glob("*.yml")),
                *sorted((self.root / project.decisions).glob("*.csv")),
                *sorted((self.root / project.decisions / "weights").glob("*.json")),
                *sorted((self.root / "registry").glob("*.parquet")),
            ]
            files += source_files(context.plan)
        return tuple(state_of(file) for file in files if file.exists())


def _short_names(root: Path, files: list[Path]) -> list[str]:
    """Files as a person knows them: below the project where they are; folders of data are left
    out.
    """
    return [
        str(each.relative_to(root)) if each.is_relative_to(root) else each.name
        for each in files
        if not each.is_dir()
    ] or [each.name for each in files]


def planned(model: Model) -> Plan:
    """The plan of a model: what every step contributes."""
    return plan_of(model, [step.tables(model) for step in STEPS])


def source_files(plan: Plan) -> list[Path]:
    """The files of data that tables of a plan are made from, and the folders in which others
    may appear, sorted.
    """
    functions = [table.function for table in plan.tables.values() if table.function]
    files = {Path(file) for function in functions for file in function.files}
    return sorted(files | {file.parent for file in files})


def checked(model: Model, plan: Plan | None = None) -> Plan:
    """The plan of a model after each of its tables was made once without data; no store is needed.

    Raises:
        ModelError: a run could not make some of them; each with the decision nearest to it.
    """
    found = plan or planned(model)
    wrong = unmakeable(model, found)
    MEMO.save()
    if wrong:
        raise ModelError(wrong)
    return found


def find_project(project: Path | str | None) -> Path:
    """The folder of the project: the one named, or the nearest with a workbook.yml from here
    upward.

    Raises:
        WorkbookError: there is none.
    """
    if project is not None:
        folder = Path(project).resolve()
        if not (folder / "workbook.yml").is_file():
            raise error_of(WorkbookError, "book.no_project", folder=str(folder))
        return folder
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "workbook.yml").is_file():
            return folder
    raise error_of(WorkbookError, "book.no_project_above", folder=str(here))


def _latest(model: Model, engine: Engine) -> dt.date:
    """The newest day of a fact in the data that is believed; NO_DATE where nothing is dated."""
    facts = newest_tables(model)
    if not facts:
        return NO_DATE
    day = engine.query(Plan([*landed(model), *facts]), f"select day from {quote(NEWEST)}")["day"][0]
    return day if isinstance(day, dt.date) else NO_DATE
