"""Every law of the tests (whatever hypothesis draws for) on as many examples as tries, from the
seed of the soak.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from project import ROOT

EXAMPLES = "SOAK_EXAMPLES"
AT_ONCE = 2


def hold(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """How many laws were tried, and those that broke."""
    files = sorted(
        str(file)
        for file in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"^@given\(", file.read_text("utf-8"), re.MULTILINE)
    )
    environment = {
        **os.environ,
        EXAMPLES: str(tries),
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parent), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
        ),
    }
    options = [
        "-q",
        "-p",
        "laws",
        "-p",
        "no:cacheprovider",
        f"--hypothesis-seed={seed}",
        "-n",
        str(AT_ONCE),
        f"--basetemp={folder / 'laws'}",
        "-o",
        "addopts=",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    counted = re.search(r"(\d+) passed", done.stdout)
    broken = re.findall(r"(?m)^(?:FAILED|ERROR) .+", done.stdout)
    if done.returncode and not broken:
        broken = [(done.stdout + done.stderr)[-500:]]
    return int(counted[1]) + len(broken) if counted else len(broken), broken


def pytest_collection_modifyitems(config, items) -> None:  # noqa: ANN001 pytest's own
    """Laws alone are left, and each draws as many examples as were asked for, whatever its own
    settings say.
    """
    if EXAMPLES not in os.environ:
        return
    from hypothesis import HealthCheck, settings

    laws = [
        item for item in items if getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    ]
    for item in laws:
        law = getattr(item.obj, "__func__", item.obj)
        own = getattr(law, "_hypothesis_internal_use_settings", None) or settings.default
        law._hypothesis_internal_use_settings = settings(
            own,
            max_examples=int(os.environ[EXAMPLES]),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
    config.hook.pytest_deselected(items=[item for item in items if item not in laws])
    items[:] = laws
