"""For all tests: no time limit for what is drawn, and where nothing may be missing a test that
skips has failed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "templates" / "b2b_saas"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

EXAMPLES = 20  # of a law, at most, on a push; `make soak ROW=laws` tries 200 of each


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A law draws as many examples as a push has time for, unless the soak asks for more."""
    if "SOAK_EXAMPLES" in os.environ:
        return
    for item in items:
        test = getattr(item, "obj", None)
        law = getattr(test, "__func__", test)
        if not getattr(test, "is_hypothesis_test", False):
            continue
        own = getattr(law, "_hypothesis_internal_use_settings", None) or settings.default
        if own.max_examples > EXAMPLES:
            law._hypothesis_internal_use_settings = settings(own, max_examples=EXAMPLES)


MAY_BE_ABSENT = ("WORKBOOK_EXTERNAL_DATA", "../shared")  # data that is not ours to ship


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On a machine where everything is installed, whoever skips for want of a server or a
    browser fails.
    """
    report = yield
    if (
        report.skipped
        and os.environ.get("WORKBOOK_NOTHING_MISSING")
        and not hasattr(report, "wasxfail")
    ):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(word in reason for word in MAY_BE_ABSENT):
            report.outcome, report.longrepr = (
                "failed",
                f"skipped where nothing may be missing: {reason}",
            )
    return report


@pytest.fixture
def pages_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of a run are executed in this process: for tests that a kernel is no subject of."""
    from pages_in_process import execute  # takes a second, and few tests need it

    monkeypatch.setattr("workbook.dossier.run.execute", execute)


@pytest.fixture(scope="session")
def a_sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a project of the sample's decisions, and with `data` of its files. All of a session
    have one store: whichever test needs a table first builds it, for the tests of every worker.

    For tests that build only what the product plans: a function of a test's own with the name and
    the version of another would be taken for it.
    """
    base = tmp_path_factory.getbasetemp()
    every = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept = every / "sample-kept"
    kept.mkdir(exist_ok=True)

    def make(*, data: bool = False) -> Path:
        folder = tmp_path_factory.mktemp("sample")
        shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
        if data:
            shutil.copytree(ROOT / "data" / "b2b_saas", folder / "data", dirs_exist_ok=True)
        (folder / ".workbook").symlink_to(kept)
        return folder

    return make
