"""Kernels of the running interpreter, the next one started while notebooks still run."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from types import TracebackType
from typing import Any

# Importing papermill, nbclient or nbformat makes jsonschema compile a grammar that nobody here uses
# (0.9 s).
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import zmq  # noqa: E402
from jupyter_client.kernelspec import KernelSpec  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402

# What a kernel that just crashed is asked: our own message, or nothing, since others may quote
# data.
_OUR_MESSAGE = (
    "(lambda e, ours: str(e) if isinstance(e, ours) else '')(__import__('sys').last_value,"
    " __import__('workbook.errors', fromlist=['WorkbookError']).WorkbookError)"
)

# What kernels and the run say to each other is evidence before redaction. Sockets in a folder that
# is ours alone keep it so,
# and two runs never meet on a port; where the folder's name is too long for a socket, the loopback
# interface is encrypted.
_LONGEST = 96
_ENCRYPTED = (
    {"transport_encryption": "auto"}
    if zmq.has("curve") and "transport_encryption" in KernelManager.class_trait_names()
    else {}
)
# A client that blocks would wait for ever for the answer of a kernel that died.
_ASYNC = "jupyter_client.asynchronous.AsyncKernelClient"
_BLOCKING = "jupyter_client.blocking.BlockingKernelClient"


class OwnKernel(KernelManager):
    """A kernel of `sys.executable` that needs no kernelspec installed on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command of this interpreter; the package is imported whole before the first cell
        arrives.
        """
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        options = [
            "--HistoryManager.enabled=False",
            "--IPKernelApp.log_level=ERROR",
            "--IPKernelApp.exec_lines=__import__('workbook.book')",
        ]
        supported = {"supported_encryption": "curve"}
        return KernelSpec(
            argv=command + options, display_name="Python 3", language="python", metadata=supported
        )


class Kernels:
    """At most `count` kernels, each started while those before it work; threads may take them.

    A context manager: leaving it ends every kernel that it started.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._left = folder, count
        self._lock = RLock()
        self._settings = TemporaryDirectory(prefix="workbook-kernels-")
        self._running: list[OwnKernel] = []
        self._next: OwnKernel | None = None

    def __enter__(self) -> Kernels:
        self._ahead()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        with self._lock:
            self._left = 0
        for kernel in list(self._running):
            self.end(kernel)
        self._settings.cleanup()

    def _ahead(self) -> None:
        self._next = None
        if self._left:
            self._left -= 1
            kernel = OwnKernel(kernel_name="python3", client_class=_ASYNC, **self._way())
            environment = {**os.environ, "IPYTHONDIR": self._settings.name}
            kernel.start_kernel(cwd=str(self._folder), env=environment)
            self._running.append(kernel)
            self._next = kernel

    def _way(self) -> dict[str, str]:
        """How the next kernel is reached."""
        place = f"{self._settings.name}/k{self._left}"
        return {"transport": "ipc", "ip": place} if len(place) < _LONGEST else _ENCRYPTED

    def take(self) -> OwnKernel:
        """The kernel that stands ready; the next one starts."""
        with self._lock:
            kernel = self._next
            assert kernel is not None, "more kernels taken than announced"
            self._ahead()
            return kernel

    def end(self, kernel: OwnKernel) -> None:
        """End one kernel at once: it holds nothing that is not stored."""
        with self._lock:
            if kernel not in self._running:  # all were ended while its page was still at work
                return
            self._running.remove(kernel)
        kernel.shutdown_kernel(now=True)


def own_message(kernel: OwnKernel) -> str:
    """The message of the error a kernel stopped at when it is one of the workbook's own, else
    nothing.
    """
    kernel.client_class = _BLOCKING
    client = kernel.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=10)
        reply: dict[str, Any] = client.execute(
            "", silent=True, user_expressions={"message": _OUR_MESSAGE}, reply=True, timeout=10
        )
        answer = reply["content"]["user_expressions"]["message"]
        return (
            str(ast.literal_eval(answer["data"]["text/plain"])) if answer["status"] == "ok" else ""
        )
    except (RuntimeError, TimeoutError, KeyError):
        return ""
    finally:
        client.stop_channels()
