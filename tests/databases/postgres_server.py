"""A PostgreSQL server of the tests' own, in a folder of theirs, on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, or None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(
        Path("/usr/lib/postgresql").glob("*/bin"),
        default=None,
        key=lambda each: float(each.parent.name),
    )


@contextlib.contextmanager
def started(folder: Path | None = None) -> Iterator[str]:
    """The address of a running server, with a user that must give a password; it stops and its
    folder goes with it.
    """
    where = Path(tempfile.mkdtemp(prefix="workbook-pg-"))
    binaries = programs()
    assert binaries
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(where, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = where / "secret"
    secret.write_text("s3cret-of-tests")
    if as_user:
        shutil.chown(secret, "postgres")
    data = where / "data"
    options = f"-p {port} -k {where} -c listen_addresses=127.0.0.1 -c fsync=off"
    run = lambda *words: subprocess.run(
        [*as_user, *map(str, words)], check=True, capture_output=True, cwd=where
    )  # noqa: E731
    try:
        run(
            binaries / "initdb",
            "-D",
            data,
            "-A",
            "scram-sha-256",
            "-U",
            "tester",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
        )
        run(binaries / "pg_ctl", "-D", data, "-o", options, "-l", where / "log", "-w", "start")
        yield f"postgresql://tester:s3cret-of-tests@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(where, ignore_errors=True)
