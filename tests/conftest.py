"""For all tests: no time limit for what is drawn, and where nothing may be missing a test that
skips has failed.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pages_in_process
import pytest
from hypothesis import settings

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
    monkeypatch.setattr("workbook.dossier.run.execute", pages_in_process.execute)
