"""docs/findings.md and docs/errors.md from the catalogue: `python -m workbook.words.reference`
writes them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from workbook.words.catalogue import ENGLISH, FOLDER, PageWords, words_of
from workbook.words.error_texts import ERRORS, words_of_errors

PAGE = Path(__file__).parents[3] / "docs" / "findings.md"
ERRORS_PAGE = PAGE.with_name("errors.md")
_HEAD = """# Findings

A finding is what a page concluded: a stable code, a severity, what and how much, what \
it affects, what its owner can do, a count.
`fail` (Failed) makes a run exit 1; `look` (Warning) asks for a person; `note` (Note) \
is information, for instance that a step is still open.
Each is on the page that it concerns, on the cover, in `results.json` and in `junit.xml`.
This page is written from the catalogue (`src/workbook/words/en/`) by `make words`.

| code | severity | what it means | what it affects | what to do |
|---|---|---|---|---|
"""
_ERRORS_HEAD = """# Errors

An error stops a command; it says where (file and line), what is wrong, and what to do.
Its code stays when its words change.
This page is written from the catalogue (`src/workbook/words/en/errors/`) by `make words`.

| code | what is wrong | what to do |
|---|---|---|
"""

_VALUE = re.compile(r"\{\{\s*\(?(\w+).*?\}\}")
_CHOICE = re.compile(r"\{%.*?%\}")
_OTHERWISE = re.compile(r"\s*\{%-?\s*(?:else|elif\b[^%]*)\s*-?%\}\s*")  # one text, or another


def page() -> str:
    """The whole page: a row per finding, in the order of the pages."""
    rows = [
        f"| `{code}` | {severities} | {' | '.join(texts)} |"
        for code, severities, texts in _findings()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def errors_page() -> str:
    """The whole page: a row per error, in the order of the files."""
    top, rows = FOLDER / ENGLISH / ERRORS, []
    for path in sorted(top.rglob("*.toml")):
        file = ".".join(path.relative_to(top).with_suffix("").parts)
        words, _ = words_of_errors(f"{file}.")
        for name, entry in words.tree.items():
            if "sentence" in entry:
                texts = (_plain(words, entry[part]) for part in ("sentence", "advice"))
                rows.append(f"| `{file}.{name}` | {' | '.join(texts)} |\n")
    return _ERRORS_HEAD + "".join(rows)


def _findings() -> Iterator[tuple[str, str, list[str]]]:
    pages = [words_of(path.stem) for path in (FOLDER / ENGLISH).glob("*.toml")]
    reported = [words for words in pages if words.has("findings")]
    for words in sorted(reported, key=lambda words: (words.text("page"), words.page)):
        for name, entry in words.tree["findings"].items():
            severities = ", ".join(words.severities(name))
            texts = [_plain(words, entry.get(part, "")) for part in ("means", "effect", "advice")]
            yield f"{words.page}.{name}", severities, texts


def _plain(words: PageWords, text: str | dict[str, str]) -> str:
    """A text as a table holds it: values are named, variants one behind another."""
    if isinstance(text, dict):
        return " / ".join(_plain(words, item) for item in text.values())
    text = re.sub(r"\{\{ '(.)' \}\}", r"\1", " ".join(text.split()))
    text = _CHOICE.sub("", _OTHERWISE.sub(" / ", text))
    named = _VALUE.sub(lambda found: f"*{found[1].replace('_', ' ')}*", text)
    return " ".join(named.split()).replace("|", "\\|")


if __name__ == "__main__":
    for file, text in ((PAGE, page()), (ERRORS_PAGE, errors_page())):
        file.write_text(text, "utf-8")
        sys.stdout.write(f"{file}\n")
