"""Runs that are killed, started at once, or whose inputs change under them."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
from pathlib import Path

from project import copy_to, is_whole, numbers, published, run, start

PERSON = "p9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n"


def _timed(project: Path) -> float:
    started = time.perf_counter()
    run(project)
    return time.perf_counter() - started


def killed(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """Kills at random moments; what was published is as before, and now and then a whole run
    gives the same again.
    """
    project, rng, missed = copy_to(folder), random.Random(seed), []
    length = _timed(project)
    right, counted = published(project), numbers(project)
    for number in range(1, tries + 1):
        if number % 10 == 0:
            # so that the kill meets a run that builds all
            shutil.rmtree(project / ".workbook", ignore_errors=True)
        child, moment = start(project), rng.random() * length * 1.1
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        found = published(project)
        if found != right and not (is_whole(found, right) and numbers(project) == counted):
            missed.append(f"kill {number} after {moment:.2f} s: the latest run is torn, or another")
        if number % 20 == 0 or number == tries:
            code = run(project)
            if code not in (0, 1) or numbers(project) != counted:
                missed.append(f"after kill {number}: the next run ended with {code}")
            right = published(project)
    return tries, missed


def changed_meanwhile(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """A row more in a source at a random moment: the run ends with 2 and the last one stands,
    or it is wholly of one state.
    """
    project, rng, missed = copy_to(folder), random.Random(seed), []
    people = project / "data" / "shop_people.csv"
    before, after = people.read_text("utf-8"), people.read_text("utf-8") + PERSON
    people.write_text(after, "utf-8")
    run(project)
    other = numbers(project)
    people.write_text(before, "utf-8")
    length = _timed(project)
    right, whole = numbers(project), published(project)
    for number in range(1, tries + 1):
        child, moment = start(project), rng.random() * length
        time.sleep(moment)
        people.write_text(after, "utf-8")
        code = child.wait()
        ended_whole = code == 2 and published(project) == whole
        if not ended_whole and (code not in (0, 1) or numbers(project) not in (right, other)):
            missed.append(f"change {number} after {moment:.2f} s: exit {code}")
        people.write_text(before, "utf-8")
        run(project)
        whole = published(project)
    return tries, missed


def at_once(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many runs of one project as tries, ten at a time."""
    project, missed = copy_to(folder), []
    run(project)
    counted = numbers(project)
    rng = random.Random(seed)
    for begun in range(0, tries, 10):
        children = []
        for _ in range(min(10, tries - begun)):
            children.append(start(project))
            time.sleep(rng.random() * 0.2)
        codes = [child.wait() for child in children]
        missed += [f"a run ended with {code}" for code in codes if code not in (0, 1)]
        if numbers(project) != counted:
            missed.append("the latest run counts other numbers")
    return tries, missed
