"""Long queries as files: `<room>/sql/<name>.sql`, with a head that says what one row is, what is
read, and which parameters there are.

A parameter stands in braces, `{now}`, and is filled by its kind: names and literals are quoted
here, and a piece of SQL is refused unless it is whole, so that it ends where it seems to end.
An abbreviation stands in braces too; the head says what it is short for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from workbook.dialect import tokenize
from workbook.engine.sql import quote, text
from workbook.errors import PlanError
from workbook.nearest_name import did_you_mean

KINDS = {
    "table": "the name of a table",
    "word": "a plain name: a grain, a column of ours",
    "text": "a literal text",
    "number": "a literal number",
    "type": "the type of a column",
    "expression": "one expression",
    "expressions": "expressions or rows of values, with commas between them",
    "columns": "further columns after a comma; may be empty",
    "condition": "a further condition after `and`; may be empty",
    "filter": "the condition after `where`; may be empty",
    "joins": "further joins; may be empty",
    "rows": "what stands behind `from`: a table, or a query in parentheses",
    "query": "one query",
    "union": "a further query after `union all`; may be empty",
    "ctes": "common table expressions, the last of which has the parameter's name; may be empty",
}
OPTIONAL = ("columns", "condition", "filter", "joins", "union", "ctes")
READING = (
    "table",
    "rows",
    "query",
    "union",
    "ctes",
    "joins",
)  # what can bring a table into a query
_HEAD = re.compile(r"-- (one row is|reads|parameters|abbreviations):\s*(.*)")
_PARAMETER = re.compile(r"--   (\w+) \((\w+)\): (.+)")
_ABBREVIATION = re.compile(r"--   (\w+): (.+)")
_CONTINUED = re.compile(r"--     +(.+)")
_FILLED = re.compile(r"\{(\w+)\}")
_OPENS = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE)
_CLOSES = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE)
_STARTS = {
    "joins": ("JOIN", "LEFT", "CROSS"),
    "query": ("SELECT", "WITH", "("),
    "union": ("SELECT",),
}
_SHAPES = {
    "word": r"[a-z_][a-z0-9_]*",
    "number": r"-?\d+(\.\d+)?",
    "type": r"[A-Za-z]+(\(\d+(, ?\d+)?\))?",
}
_AROUND = {
    "columns": ", {}",
    "condition": " and {}",
    "filter": "\nwhere {}",
    "joins": "\n{}",
    "union": "\nunion all\n{}",
    "ctes": "{},",
}


@dataclass(frozen=True)
class SqlFile:
    """A query with a head: `parameters` gives the kind of each, `reads` those that bring tables;
    `body` is the query, or CTEs that other queries begin with.
    """

    name: str
    row_is: str
    reads: tuple[str, ...]
    parameters: dict[str, str]
    body: str

    def fill(self, /, **values: str | int) -> str:
        """The query with a value for each parameter.

        Raises:
            PlanError: a parameter is missing or unknown, or a value is not of its kind.
        """
        for name in values:
            if name not in self.parameters:
                hint = did_you_mean(name, self.parameters)
                raise PlanError(f"{self.name}.sql has no parameter '{name}'. {hint}".strip())
        missing = [name for name in self.parameters if name not in values]
        if missing:
            raise PlanError(f"{self.name}.sql needs a value for '{missing[0]}'.")
        filled = {name: self._filled(name, value) for name, value in values.items()}
        return _FILLED.sub(lambda found: filled[found[1]], self.body)

    def _filled(self, name: str, value: str | int) -> str:
        kind, given = self.parameters[name], str(value)
        if kind == "table":
            return quote(given)
        if kind == "text":
            return text(given)
        if kind in OPTIONAL and not given:
            return ""
        wrong = _why_wrong(kind, given)
        if wrong:
            raise PlanError(f"{self.name}.sql: '{name}' must be {KINDS[kind]}, but {wrong}.")
        return _AROUND.get(kind, "{}").replace("{}", given)


@lru_cache(maxsize=4096)
def _why_wrong(kind: str, given: str) -> str:
    """Why a value is not of its kind; '' where it is."""
    if kind in _SHAPES:
        return "" if re.fullmatch(_SHAPES[kind], given) else f"it is {given!r}"
    try:
        tokens = tokenize(given)
    except SqlglotError as error:
        return f"it cannot be read: {str(error).splitlines()[0]}"
    if not tokens:
        return "it is empty"
    if any(token.comments for token in tokens):
        return "a comment in it may hide what follows"
    depths = list(_depths(tokens))
    if min(depths) < 0 or depths[-1] != 0:
        return "its parentheses do not match"
    top = [token for token, depth in zip(tokens, depths, strict=True) if depth == 0]
    if any(token.token_type == TokenType.SEMICOLON for token in tokens):
        return "a semicolon ends it"
    if kind in ("expression", "condition", "filter", "rows") and any(
        token.token_type == TokenType.COMMA for token in top
    ):
        return "it is several"
    if kind in _STARTS and tokens[0].text.upper() not in _STARTS[kind]:
        return f"it starts with '{tokens[0].text}'"
    return ""


def _depths(tokens: list[Token]) -> Iterator[int]:
    """How many parentheses are open after each token."""
    depth = 0
    for token in tokens:
        depth += (token.token_type in _OPENS) - (token.token_type in _CLOSES)
        yield depth


@lru_cache(maxsize=256)
def sql_file(name: str) -> SqlFile:
    """The query of `<room>/<name>`, from `<room>/sql/<name>.sql`.

    Raises:
        PlanError: its head is not whole, or names other parameters than the query.
    """
    room, _, file = name.partition("/")
    folder = files("workbook") / room / "sql"
    if not (folder / f"{file}.sql").is_file():
        known = [item.name.removesuffix(".sql") for item in folder.iterdir()]
        hint = did_you_mean(file, known)
        raise PlanError(f"There is no file of SQL for '{name}'. {hint}".strip())
    return read_sql(name, (folder / f"{file}.sql").read_text("utf-8"))


def read_sql(name: str, written: str) -> SqlFile:
    """The query that a file holds. Lines that begin with `--` explain it and are left out.

    Raises:
        PlanError: its head is not whole, or names other parameters than the query.
    """
    head, lines = _head_and_lines(name, written)
    parameters, short = head.parameters, head.abbreviations
    used: set[str] = set()
    for number, line in lines:
        words = _FILLED.findall(line)
        words += [word for item in words for word in _FILLED.findall(short.get(item, ""))]
        for word in words:
            if word not in parameters and word not in short:
                hint = did_you_mean(word, (*parameters, *short))
                raise PlanError(
                    f"{name}.sql:{number}: '{word}' is no parameter of the head. {hint}".strip()
                )
        if set(_FILLED.sub("", line)) & set("{};"):
            raise PlanError(f"{name}.sql:{number}: a brace or semicolon that belongs to nothing.")
        used.update(words)
    for part in ("one row is", "reads", "parameters"):
        if part not in head.parts:
            raise PlanError(f"{name}.sql: its head lacks `-- {part}:`.")
    unused = [parameter for parameter in (*parameters, *short) if parameter not in used]
    if unused:
        raise PlanError(f"{name}.sql: '{unused[0]}' of the head is not used.")
    reads = tuple(item.strip() for item in head.parts["reads"].split(","))
    for word in reads:
        if word != "nothing" and parameters.get(word) not in READING:
            raise PlanError(f"{name}.sql: reads '{word}', which is no parameter that reads.")
    body = "\n".join(line for _, line in lines).strip()
    body = _FILLED.sub(lambda found: short.get(found[1], found[0]), body)
    reads = tuple(word for word in reads if word != "nothing")
    return SqlFile(name, head.parts["one row is"], reads, parameters, body)


@dataclass
class _Head:
    parts: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)


def _head_and_lines(name: str, written: str) -> tuple[_Head, list[tuple[int, str]]]:
    """The head of a file, and the numbered lines of its query without those that explain it.

    Raises:
        PlanError: a parameter is of a kind that nobody knows.
    """
    head, lines, last = _Head(), [], ""
    for number, line in enumerate(written.splitlines(), 1):
        if not line.lstrip().startswith("--"):
            lines.append((number, line))
        elif lines:
            continue
        elif part := _HEAD.fullmatch(line):
            last = part[1]
            head.parts[last] = part[2]
        elif last == "parameters" and (told := _PARAMETER.fullmatch(line)):
            if told[2] not in KINDS:
                hint = did_you_mean(told[2], KINDS)
                raise PlanError(f"{name}.sql:{number}: no kind '{told[2]}'. {hint}".strip())
            head.parameters[told[1]] = told[2]
        elif last == "abbreviations" and (told := _ABBREVIATION.fullmatch(line)):
            head.abbreviations[told[1]] = told[2]
        elif last == "abbreviations" and (told := _CONTINUED.fullmatch(line)):
            word = list(head.abbreviations)[-1]
            head.abbreviations[word] += f" {told[1]}"
        elif last in ("one row is", "reads") and (told := _CONTINUED.fullmatch(line)):
            head.parts[last] += f" {told[1]}"
    return head, lines


def filled_sql(file: str, /, **values: str | int) -> str:
    """The SQL of `<room>/<file>` with a value for each of its parameters.

    Raises:
        PlanError: a parameter is missing or unknown, or a value is not of its kind.
    """
    return sql_file(file).fill(**values)
