"""Executed pages kept in the store under all that they follow from, so that a page whose inputs
are the same is not executed again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from workbook.dossier.execute import Executed
from workbook.dossier.sanitize_notebook import loose_outputs, strip
from workbook.dossier.thin_page import is_thin
from workbook.engine import Artifact, Store
from workbook.model import Model
from workbook.model.labels import is_file
from workbook.resources import resources
from workbook.sources.profile import waiting_files

FORMAT = 1  # part of every recipe: raise it when a kept page is written differently


@dataclass(frozen=True)
class KeptPage:
    """One page as a run keeps it: its stripped notebook, and the cells of its own output.

    `recipe` is empty where it follows from more than is known; `reused` says that no kernel ran.
    """

    name: str
    node: Any
    loose: tuple[str, ...]
    recipe: str
    reused: bool


class PageCache:
    """The pages of one state of a project; `inputs` is all that they follow from besides the
    notebooks and the workbook itself.
    """

    def __init__(self, store: Store, inputs: Mapping[str, Any], as_of: str) -> None:
        self._store, self._inputs, self._as_of = store, inputs, as_of

    def pages(
        self, notebooks: Sequence[Path], execute: Callable[[Sequence[Path]], Sequence[Executed]]
    ) -> list[KeptPage]:
        """Every page in the given order; `execute` runs those that are not kept."""
        recipes = self._recipes(notebooks)
        known = {
            path.stem: page
            for path in notebooks
            if (page := self._kept(path.stem, recipes[path.stem]))
        }
        left = [path for path in notebooks if path.stem not in known]
        for item in execute(left) if left else ():
            node, loose = strip(item, self._as_of), tuple(loose_outputs(item))
            known[item.name] = KeptPage(item.name, node, loose, recipes[item.name], reused=False)
        return [known[path.stem] for path in notebooks]

    def keep(self, pages: Sequence[KeptPage], notebooks: Sequence[Path]) -> None:
        """Keep what was executed, where the notebook and the workbook are still those that it
        follows from.
        """
        made = [page for page in pages if page.recipe and not page.reused]
        recipes = self._recipes(notebooks) if made else {}
        for page in made:
            if recipes.get(page.name) == page.recipe:
                kept = {"name": page.name, "node": page.node, "loose": list(page.loose)}
                self._store.keep_page(page.recipe, kept)

    def _kept(self, name: str, recipe: str) -> KeptPage | None:
        found = self._store.page(recipe) if recipe else None
        if found is None:
            return None
        from nbformat import from_dict

        return KeptPage(name, from_dict(found["node"]), tuple(found["loose"]), recipe, reused=True)

    def _recipes(self, notebooks: Sequence[Path]) -> dict[str, str]:
        shared = _digest({"format": FORMAT, "installed": _installed(), **self._inputs})
        texts = {path.stem: path.read_bytes() for path in notebooks}
        return {
            name: _digest({"shared": shared, "name": name, "text": sha256(text).hexdigest()})
            if is_thin(text)
            else ""
            for name, text in texts.items()
        }


def table_inputs(tables: Mapping[str, Artifact]) -> dict[str, list[str]]:
    """What pages follow from of the data: each table's recipe, which holds the digests of the
    files that it is read from, and its content.
    """
    return {name: [table.recipe, table.content] for name, table in tables.items()}


def files_of_pages(model: Model) -> dict[str, str]:
    """What pages read of the project past its tables: labels of records and pairs by their
    digest, and the names of files that no source reads yet.
    """
    named = {spec.labels for spec in model.identity.identity.values()}
    labels = [model.root / name for name in sorted(named) if is_file(name)]
    return {
        **dict.fromkeys(waiting_files(model), ""),
        **{
            str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in labels
        },
    }


def _installed() -> list[str]:
    """What executes a page: the workbook's own files, the libraries by version, Python."""
    whole = sha256()
    for file in _own_files():
        whole.update(f"{file.name}\0".encode() + sha256(file.read_bytes()).digest())
    folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    found = {each.name for folder in folders for each in folder.iterdir()}
    libraries = {name for name in found if name.endswith((".dist-info", ".egg-info"))}
    return [sys.version, whole.hexdigest(), *sorted(libraries)]


def _own_files() -> Iterator[Path]:
    for top in (Path(str(files("workbook"))), resources("templates")):
        for folder, inner, names in os.walk(top):
            inner[:] = sorted(set(inner) - {"__pycache__"})
            yield from (Path(folder) / name for name in sorted(names))


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]
