"""Pages in Chromium, and what they did there: scripts that ran, dialogs, and whatever was asked
for.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WATCH = (
    "window.hits = 0; window.fired = () => { window.hits += 1 }; for (const name of ['alert',"
    " 'confirm', 'prompt', 'print']) window[name] = window.fired;"
)
POKE = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  for (const each of document.querySelectorAll('[onclick], [onmouseover], [onfocus], [href],'
      + ' [formaction], [title], button, input, td, th, p, text')) {
    for (const kind of ['mouseover', 'mouseenter', 'focus', 'click',
        'pointerdown']) each.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
  }
}"""


def browser() -> str:
    """The path of a Chromium of this machine, or nothing."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


def watched(opened: Any, file: Path, payloads: list[str]) -> list[str]:
    """What went wrong with a page: what ran, what it asked for, and payloads that it does not
    show.
    """
    page = opened.new_page()
    asked: list[str] = []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (asked.append("a dialog"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.split("#")[0] == file.as_uri() else asked.append(request.url[:120])
        ),
    )
    page.on("popup", lambda other: asked.append(f"a window: {other.url[:80]}"))
    page.goto(file.as_uri())
    page.wait_for_timeout(300)
    page.evaluate(POKE)
    page.wait_for_timeout(300)
    hits, shown = page.evaluate("[window.hits, document.documentElement.textContent]")
    page.close()
    wrong = [f"{hits} payloads ran"] if hits else []
    wrong += [f"asked for {each}" for each in sorted(set(asked))[:5]]
    flat = re.sub(r"\s+", " ", shown)
    known = [
        re.sub(r"\s+", " ", payload.replace("\u202e", "").replace("\u2066", ""))
        for payload in payloads
    ]
    hidden = [
        payload
        for payload in known
        if payload[:25].strip() not in flat and html.unescape(payload)[:25].strip() not in flat
    ]
    return wrong + [f"nowhere on the page: {payload[:60]}" for payload in hidden]
