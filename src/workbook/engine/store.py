"""Where tables lie: immutable Parquet files named by their content, and recipes that point at
them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from workbook.engine.digested_files import note_text, read_note
from workbook.engine.file_modes import private_file, private_folder
from workbook.errors import MachineError, machine_errors
from workbook.words import error_of

_CHUNK = 1 << 20


class DamagedError(Exception):
    """A stored table whose bytes are not what was written; its note is gone, so that it is
    built anew.
    """

    def __init__(self, content: str) -> None:
        super().__init__(content)
        self.content = content


@dataclass(frozen=True)
class Content:
    """One stored table: what it holds, and the sha256 and size of its file.

    `numbered` is the column that is not in the file, because it only says which row of the file
    it is.
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

    A file appears under its name only when it is whole (temp file, fsync, rename), and is never
    changed afterwards. Only `clean` removes tables, and only while no other process uses the
    store; what a killed process left behind goes when the next one starts alone.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).resolve()
        self.artifacts = self.folder / "artifacts"
        self.recipes = self.folder / "recipes"
        self.pages = self.folder / "pages"
        self.temporary = self.folder / "tmp"
        self._sound: set[str] = set()
        with machine_errors():
            places = (self.artifacts, self.recipes, self.pages, self.temporary)
            for place in (self.folder, *places):
                private_folder(place)
            self._in_use = _lock(self.folder / ".in-use")
        with suppress(BlockingIOError):  # somebody else uses the store
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._remove_left_over()
        fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def close(self) -> None:
        """Say that this process no longer uses the store."""
        self._in_use.close()

    def path(self, content: str) -> Path:
        """Where the Parquet file of a content lies."""
        return self.artifacts / f"{content}.parquet"

    def recipe(self, recipe: str) -> tuple[Recipe, Content] | None:
        """What this recipe came out as, or None where it must be built (never built, removed,
        or damaged).
        """
        known = read_note(self.recipes / f"{recipe}.json")
        if known is None:
            return None
        with suppress(TypeError):
            result = Recipe(**known)
            content = self.content(result.content)
            return (result, content) if content else None
        return None

    def content(self, content: str) -> Content | None:
        """A stored table, or None where it is absent or its file has another size than was
        written.
        """
        known = read_note(self.artifacts / f"{content}.json")
        with suppress(OSError, TypeError):
            result = Content(**(known or {}))
            return result if self.path(content).stat().st_size == result.bytes else None
        return None

    def require_sound(self, content: str) -> None:
        """Compare a stored file with the sha256 of what was written, once in a process.

        Raises:
            DamagedError: it is another, or it is gone.
        """
        if content in self._sound:
            return
        if not self._is_whole(content):
            (self.artifacts / f"{content}.json").unlink(missing_ok=True)
            raise DamagedError(content)
        self._sound.add(content)

    def _is_whole(self, content: str) -> bool:
        known = self.content(content)
        try:
            return known is not None and sha256_of(self.path(content)) == known.sha256
        except OSError:
            return False

    @contextmanager
    def temporary_file(self, ending: str) -> Iterator[Path]:
        """A path of one's own in the store, gone afterwards unless it was moved.

        Raises:
            MachineError: it cannot be written.
        """
        with machine_errors():
            handle, name = tempfile.mkstemp(suffix=ending, dir=self.temporary)
            os.close(handle)
            try:
                yield Path(name)
            finally:
                Path(name).unlink(missing_ok=True)

    def add(
        self, content: str, rows: int, columns: dict[str, str], written: Path, numbered: str = ""
    ) -> Content:
        """Take a whole Parquet file in under its content; where another process was first, its
        file stays.
        """
        private_file(written)  # the engine may have put a file of its own in its place
        _flush(written)
        known = Content(
            content, rows, columns, written.stat().st_size, sha256_of(written), numbered
        )
        with self._publishing():
            present = self.content(content)
            if present:
                return present
            Path(written).replace(self.path(content))
            self.write_note(self.artifacts / f"{content}.json", asdict(known))
        self._sound.add(content)
        return known

    def record(self, recipe: Recipe) -> None:
        """Remember what a recipe came out as."""
        self.write_note(self.recipes / f"{recipe.recipe}.json", asdict(recipe))

    def page(self, recipe: str) -> dict[str, Any] | None:
        """An executed page that was kept under a recipe; None where it is absent or damaged."""
        return read_note(self.pages / f"{recipe}.json")

    def keep_page(self, recipe: str, page: Mapping[str, Any]) -> None:
        """Keep an executed page, which holds what `show` let through."""
        self.write_note(self.pages / f"{recipe}.json", page)

    def stored(self) -> tuple[str, ...]:
        """The contents that have a note, damaged or not, sorted."""
        return tuple(sorted(note.stem for note in self.artifacts.glob("*.json")))

    def verify(self) -> tuple[str, ...]:
        """Read every file and name the contents whose bytes are not what was written, sorted.

        A damaged file is set aside, so that the next build makes the table anew.
        """
        stored = self.stored()
        damaged = [content for content in stored if not self._is_whole(content)]
        with self._publishing():
            for content in damaged:
                (self.artifacts / f"{content}.json").unlink(missing_ok=True)
                self.path(content).unlink(missing_ok=True)
        self._sound = set(stored).difference(damaged)
        return tuple(damaged)

    def clean(self, keep: Set[str], pages: Set[str] = frozenset()) -> tuple[str, ...]:
        """Remove every table but these contents, and name what was removed; nothing while
        another process reads. Kept pages go too, but those of these recipes.
        """
        with self._alone() as alone:
            return self._remove_all_but(keep, pages) if alone else ()

    def forget(self, keep: Set[str]) -> tuple[str, ...]:
        """The same, all kept pages, and what is known of source files.

        Raises:
            MachineError: another process uses the store, so that nothing was removed.
        """
        with self._alone() as alone:
            if not alone:
                raise error_of(MachineError, "engine.store_in_use", folder=str(self.folder))
            shutil.rmtree(self.folder / "files", ignore_errors=True)
            return self._remove_all_but(keep, frozenset())

    def written_since(self, moment: float) -> frozenset[str]:
        """The contents and the kept pages' recipes whose files were written at a moment (seconds
        since 1970) or later.
        """
        files = (*self.artifacts.glob("*.parquet"), *self.pages.glob("*.json"))
        written = ((file, file.stat().st_mtime) for file in files)
        return frozenset(file.stem for file, at in written if at >= moment)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other process uses the store, which none does until this ends."""
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def _remove_all_but(self, keep: Set[str], pages: Set[str]) -> tuple[str, ...]:
        for page in self.pages.glob("*.json"):
            if page.stem not in pages:
                page.unlink(missing_ok=True)
        for note in self.recipes.glob("*.json"):
            known = self.recipe(note.stem)
            if known is None or known[1].content not in keep:
                note.unlink(missing_ok=True)
        removed = sorted({file.stem for file in self.artifacts.iterdir()} - set(keep))
        for content in removed:
            (self.artifacts / f"{content}.json").unlink(missing_ok=True)
            self.path(content).unlink(missing_ok=True)
        self._remove_left_over()
        return tuple(removed)

    def _remove_left_over(self) -> None:
        """Half-written files of processes that were killed; to be called while no other process
        uses the store.
        """
        for left in self.temporary.iterdir():
            if not left.is_dir():
                left.unlink(missing_ok=True)
            elif left.name != f"duckdb-{os.getpid()}":
                shutil.rmtree(left, ignore_errors=True)

    def write_note(self, path: Path, values: Mapping[str, Any]) -> None:
        """Write a note in one rename."""
        with self.temporary_file(".json") as temporary:
            temporary.write_text(note_text(values))
            _flush(temporary)
            temporary.replace(path)

    @contextmanager
    def _publishing(self) -> Iterator[None]:
        with machine_errors(), _lock(self.folder / ".publish") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _lock(path: Path) -> BinaryIO:
    """A file to hold locks by, private."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b")


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
