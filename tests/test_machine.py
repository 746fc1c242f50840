"""What the machine refuses ends in one sentence that says what to do, exit 2, and the last run
whole.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbook.cli import main
from workbook.dossier import publish as publishing
from workbook.dossier.publish import publish, require_publishable
from workbook.engine import Store, kept_folder, file_modes, require_writable
from workbook.errors import MachineError, machine_sentence

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "notebooks" / "tiny"
OURS = "This is a fault of the workbook"
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line; its exit code and what it complained about."""

    def calling(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["workbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().err

    return calling


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A project that was never run."""
    return Path(
        shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("runs", ".workbook"))
    )


def a_run(runs: Path, name: str = "first") -> Path:
    """A run that was published."""
    return publish(
        runs, name, {"dossier.html": name.encode(), "results.json": b"{}", "manifest.json": b"{}"}
    )


# ---- what stands where something else should be


@pytest.mark.parametrize(
    "blocked", ["runs", ".workbook", ".workbook/store", ".workbook/store/artifacts"]
)
def test_a_file_in_a_folders_place(tiny: Path, call: Call, blocked: str) -> None:
    (tiny / blocked).parent.mkdir(parents=True, exist_ok=True)
    (tiny / blocked).write_text("mine")
    code, complaint = call("run", tiny)
    assert (code, blocked in complaint, OURS in complaint, "Traceback" in complaint) == (
        2,
        True,
        False,
        False,
    )
    assert (tiny / blocked).read_text() == "mine"
    assert "page 1" not in complaint  # before the long work


def test_a_folder_in_the_place_of_the_link_to_the_latest_run(tiny: Path, call: Call) -> None:
    (tiny / "runs" / "latest").mkdir(parents=True)
    (tiny / "runs" / "latest" / "dossier.html").write_text("of old")
    code, complaint = call("run", tiny)
    assert (code, "latest is a folder" in complaint, "page 1" in complaint) == (2, True, False)
    assert [path.name for path in (tiny / "runs").iterdir()] == ["latest"]
    assert (tiny / "runs" / "latest" / "dossier.html").read_text() == "of old"


def test_a_link_that_leads_nowhere_is_replaced(tmp_path: Path) -> None:
    tmp_path.joinpath("latest").symlink_to("gone")
    require_publishable(tmp_path)
    a_run(tmp_path)
    assert (tmp_path / "latest" / "dossier.html").read_text() == "first"


# ---- a full disk, a folder that is read-only


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_disk_without_room(tiny: Path, command: str) -> None:
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
        f"sys.argv = ['workbook', '{command}', sys.argv[1]]; from workbook.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(tiny)], capture_output=True, text=True, check=False
    )
    code, said = (2, "The disk is full") if command == "run" else (0, "each can be built")
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
    assert OURS not in done.stderr


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_is_tried_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuses(**_: object) -> Any:
        raise OSError(number, os.strerror(number), str(tmp_path))

    monkeypatch.setattr(file_modes, "TemporaryFile", refuses)
    with pytest.raises(MachineError, match="Nothing can be written to"):
        require_writable(tmp_path)


@pytest.mark.parametrize("step", ["_write", "_point"])
def test_a_disk_that_fills_while_a_run_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    a_run(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "dossier.html")

    monkeypatch.setattr(publishing, step, full)
    with pytest.raises(MachineError, match="The disk is full"):
        a_run(tmp_path, "second")
    assert (tmp_path / "latest" / "dossier.html").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_disk_that_fills_while_a_table_is_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(MachineError, match="The disk is full"), store.temporary_file(".parquet"):
        raise OSError(errno.ENOSPC, "No space left on device", "x.parquet")
    assert list(store.temporary.iterdir()) == []
    store.close()


def test_every_refusal_is_a_sentence() -> None:
    for number in errno.errorcode:
        said = machine_sentence(OSError(number, os.strerror(number), "runs"))
        assert said.endswith(".") and "Errno" not in said
    assert machine_sentence(OSError("torn")) == "a file cannot be read or written: torn."


# ---- what is kept is its owner's alone


def modes(folder: Path) -> set[int]:
    """The modes of a folder and of all in it."""
    return {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


def test_what_is_kept_is_private_whatever_the_umask(tiny: Path) -> None:
    (tiny / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "02_grain.ipynb", tiny / "notebooks")  # one page, one kernel
    before = os.umask(0)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workbook", "run", str(tiny)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert modes(tiny / ".workbook") == {0o700, 0o600}
    # as the umask has it
    assert stat.S_IMODE((tiny / "runs" / "latest" / "dossier.html").stat().st_mode) == 0o666
    assert stat.S_IMODE((tiny / "runs" / "latest").stat().st_mode) == 0o755


def test_what_was_kept_before_is_closed(tmp_path: Path) -> None:
    kept = tmp_path / ".workbook"
    (kept / "store" / "artifacts").mkdir(parents=True)
    (kept / "store" / "artifacts" / "a.parquet").write_text("x")
    (kept / "crash.txt").write_text("x")
    for path in (kept, *kept.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert modes(kept_folder(tmp_path)) == {0o700, 0o600}


def bound_by_modes() -> None:
    """Let root, who may write anywhere, be bound by modes as everybody is (Linux: without
    CAP_DAC_OVERRIDE).
    """
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="modes bind root on Linux only")
@pytest.mark.parametrize(("closed", "said"), [("runs", "runs"), (".", ".workbook")])
def test_folders_that_are_read_only(tiny: Path, closed: str, said: str) -> None:
    (tiny / "runs").mkdir()
    (tiny / closed).chmod(0o555)
    command = [sys.executable, "-m", "workbook", "run", str(tiny)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=bound_by_modes
    )  # noqa: PLW1509
    (tiny / closed).chmod(0o755)
    assert (done.returncode, said in done.stderr, OURS in done.stderr, "page 1" in done.stderr) == (
        2,
        True,
        False,
        False,
    ), done.stderr
