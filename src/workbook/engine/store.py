"""Where tables lie: immutable Parquet files named by their content, and recipes that point at them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Content:
    """One stored table: what it holds, and the sha256 and size of its file.

    `numbered` is the column that is not in the file, because it only says which row of the file it is.
    """

    content: str
    rows: int
    columns: dict[str, str]
    bytes: int
    sha256: str
    numbered: str = ""


@dataclass(frozen=True)
class Recipe:
    """What one recipe came out as: the content, and what its build measured."""

    recipe: str
    content: str
    seconds: float
    duplicate_keys: int


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


class Store:
    """A folder of tables that any number of processes may read and write at once.

    A file appears under its name only when it is whole (temp file, fsync, rename), and is never changed afterwards.
    Only `clean` removes, and only while no other process uses the store.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).resolve()
        self.artifacts = self.folder / "artifacts"
        self.recipes = self.folder / "recipes"
        self.temporary = self.folder / "tmp"
        for place in (self.artifacts, self.recipes, self.temporary):
            place.mkdir(parents=True, exist_ok=True)
        self._in_use = (self.folder / ".in-use").open("a+b")
        fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def close(self) -> None:
        """Say that this process no longer uses the store."""
        self._in_use.close()

    def path(self, content: str) -> Path:
        """Where the Parquet file of a content lies."""
        return self.artifacts / f"{content}.parquet"

    def recipe(self, recipe: str) -> tuple[Recipe, Content] | None:
        """What this recipe came out as, or None where it must be built (never built, removed, or torn)."""
        try:
            known = Recipe(**json.loads((self.recipes / f"{recipe}.json").read_text()))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return None
        content = self.content(known.content)
        return (known, content) if content else None

    def content(self, content: str) -> Content | None:
        """A stored table, or None where it is absent or its file has another size than was written."""
        try:
            known = Content(**json.loads((self.artifacts / f"{content}.json").read_text()))
            size = self.path(content).stat().st_size
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return None
        return known if size == known.bytes else None

    @contextmanager
    def temporary_file(self, ending: str) -> Iterator[Path]:
        """A path of one's own in the store, gone afterwards unless it was moved."""
        handle, name = tempfile.mkstemp(suffix=ending, dir=self.temporary)
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def add(self, content: str, rows: int, columns: dict[str, str], written: Path, numbered: str = "") -> Content:
        """Take a whole Parquet file in under its content; where another process was first, its file stays."""
        _flush(written)
        known = Content(content, rows, columns, written.stat().st_size, sha256_of(written), numbered)
        with self._publishing():
            present = self.content(content)
            if present:
                return present
            Path(written).replace(self.path(content))
            self._write(self.artifacts / f"{content}.json", asdict(known))
        return known

    def record(self, recipe: Recipe) -> None:
        """Remember what a recipe came out as."""
        self._write(self.recipes / f"{recipe.recipe}.json", asdict(recipe))

    def verify(self) -> tuple[str, ...]:
        """Read every file and name the contents whose bytes are not what was written, sorted.

        A damaged file is set aside, so that the next build makes the table anew.
        """
        damaged = []
        for note in sorted(self.artifacts.glob("*.json")):
            known = self.content(note.stem)
            if known is None or sha256_of(self.path(note.stem)) != known.sha256:
                damaged.append(note.stem)
        with self._publishing():
            for content in damaged:
                (self.artifacts / f"{content}.json").unlink(missing_ok=True)
                self.path(content).unlink(missing_ok=True)
        return tuple(damaged)

    def clean(self, keep: Set[str]) -> tuple[str, ...]:
        """Remove every table but these contents, and name what was removed; nothing while another process reads."""
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            return ()
        try:
            return self._remove_all_but(keep)
        finally:
            fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def _remove_all_but(self, keep: Set[str]) -> tuple[str, ...]:
        for note in self.recipes.glob("*.json"):
            known = self.recipe(note.stem)
            if known is None or known[1].content not in keep:
                note.unlink(missing_ok=True)
        removed = sorted({file.stem for file in self.artifacts.iterdir()} - set(keep))
        for content in removed:
            (self.artifacts / f"{content}.json").unlink(missing_ok=True)
            self.path(content).unlink(missing_ok=True)
        for left in self.temporary.iterdir():
            if not left.name.startswith("duckdb-"):
                left.unlink(missing_ok=True)
            elif left.name != f"duckdb-{os.getpid()}":
                shutil.rmtree(left, ignore_errors=True)
        return tuple(removed)

    def _write(self, path: Path, value: object) -> None:
        with self.temporary_file(".json") as temporary:
            temporary.write_text(json.dumps(value))
            _flush(temporary)
            temporary.replace(path)

    @contextmanager
    def _publishing(self) -> Iterator[None]:
        with (self.folder / ".publish").open("a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
