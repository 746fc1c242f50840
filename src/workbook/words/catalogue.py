"""The catalogue: every title, head, caption, sentence and finding of a page, in one file a page.

A file of `words/en/` is called by its page's word (`history.toml`). Its texts are templates
(`templates.py`); code names a text and gives the values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from workbook.errors import ShowError
from workbook.finding import Severity
from workbook.nearest_name import did_you_mean
from workbook.words.locale import language
from workbook.words.templates import render

FOLDER = Path(__file__).parent
ENGLISH = "en"  # a language is a folder of the catalogue; where there is none, English is read


class PageWords:
    """The texts of one page, by dotted names: `headline.open`, `figures.inventory.caption`."""

    def __init__(self, page: str, tree: Mapping[str, Any] | None = None) -> None:
        self.page = page
        self._given = tree

    @property
    def tree(self) -> Mapping[str, Any]:
        """The texts in the language that is written now."""
        return _tree(self.page, catalogue_language()) if self._given is None else self._given

    def text(self, name: str, /, **values: Any) -> str:
        """The text of that name with the values in it.

        >>> words_of("shared").text("severity.look")
        'Warning'

        Raises:
            ShowError: there is no such text, or it names a value that is not given.
        """
        found = self._find(name)
        if not isinstance(found, str):
            known = ", ".join(found) if isinstance(found, Mapping) else "no text"
            raise ShowError(f"'{name}' of {self.page}.toml is no text; it holds {known}.")
        return render(found, values)

    def texts(self, name: str) -> dict[str, str]:
        """The texts below a name, such as the heads of a figure's columns; none where there are
        none.
        """
        found = self._find(name) if self.has(name) else {}
        return {item: render(text, {}) for item, text in found.items()}

    def has(self, name: str) -> bool:
        """Whether there is something of that name."""
        tree: Any = self.tree
        for part in name.split("."):
            if not isinstance(tree, Mapping) or part not in tree:
                return False
            tree = tree[part]
        return True

    def severities(self, finding: str) -> tuple[Severity, ...]:
        """The severities that a finding may have."""
        found = self._find(f"findings.{finding}.severity")
        return (found,) if isinstance(found, str) else tuple(found)

    def owner_step(self, finding: str) -> str:
        """The step whose owner acts on a finding: this page's, unless the catalogue names
        another, or nobody's ('').
        """
        name = f"findings.{finding}.owner"
        return str(self._find(name)) if self.has(name) else self.page

    def _find(self, name: str) -> Any:
        tree: Any = self.tree
        for part in name.split("."):
            if not isinstance(tree, Mapping) or part not in tree:
                near = did_you_mean(part, tree) if isinstance(tree, Mapping) else ""
                raise ShowError(f"{self.page}.toml has no text '{name}'. {near}".rstrip())
            tree = tree[part]
        return tree


def words_of(page: str) -> PageWords:
    """The texts of a page by its word (`history`), or those that pages share (`shared`); a
    text that is asked for names a page that is not there.
    """
    return PageWords(page)


def catalogue_language() -> str:
    """The language of the texts: that of the locale, where the catalogue has it, else English."""
    return language() if (FOLDER / language()).is_dir() else ENGLISH


@cache
def _tree(page: str, folder: str) -> Mapping[str, Any]:
    path = FOLDER / folder / f"{page}.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ShowError(f"The catalogue has no page '{page}'.") from None
    except tomllib.TOMLDecodeError as error:
        raise ShowError(f"{page}.toml cannot be read: {error}") from None


class CatalogueText:
    """An attribute of a class that has a `word`: the text of its page by the same name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: Any) -> str:
        return words_of(owner.word).text(self.name)
