"""Payloads in every text of a project and in its data, opened in Chromium: as made, without its policy, and as notebooks hold it."""

from __future__ import annotations

import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from company import write
from project import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AT_ONCE = 14  # payloads of one project, so that each has a sink of each kind to itself
CALLS = (
    "<script>fired()</script>", "</script><script>fired()</script>", "</style><script>fired()</script>", "</title><script>fired()</script>", "</textarea><script>fired()</script>", "--><script>fired()</script>", "]]><script>fired()</script>",
    "<img src=x onerror=fired()>", '"><img src=x onerror=fired()>', "'><img src=x onerror=fired()>", "<svg onload=fired()>", "<svg><script>fired()</script></svg>", "<svg/onload=fired()//", "<svg><animate onbegin=fired() attributeName=x dur=1s>",
    "<svg><foreignObject><img src=x onerror=fired()></foreignObject></svg>", "<svg><style><img src=x onerror=fired()></style></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=fired()/>#x'/></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=fired()>",
    "<body onload=fired()>", "<details open ontoggle=fired()>x</details>", "<input autofocus onfocus=fired()>", "<select autofocus onfocus=fired()>", "<video><source onerror=fired()></video>", "<audio src=x onerror=fired()>", "<marquee onstart=fired()>x</marquee>",
    "<p onmouseover=fired()>x</p>", "<p onclick=fired()>x</p>", '" onmouseover="fired()', "' onclick='fired()", '" autofocus onfocus=fired() x="', "` onclick=`fired()", "x onclick=fired() y=", "<a href=javascript:fired()>x</a>", "<a href='&#106;avascript:fired()'>x</a>",
    "<a href='java\tscript:fired()'>x</a>", "<a href='data:text/html,<script>fired()</script>'>x</a>", "<form action=javascript:fired()><button>x</button></form>", "<button formaction=javascript:fired()>x</button>", "<iframe src=javascript:parent.fired()></iframe>",
    "<iframe srcdoc='<script>parent.fired()</script>'></iframe>", "<object data=javascript:fired()></object>", "<embed src=javascript:fired()>", "<base href='javascript:fired()//'>", "<meta http-equiv=refresh content='0;url=javascript:fired()'>",
    "<link rel=stylesheet href=http://soak.invalid/a.css>", "<img src=http://soak.invalid/a.png>", "<style>@import 'http://soak.invalid/b.css';</style>", "</style><style>*{background:url(http://soak.invalid/c)}", "<p style=\"background:url(http://soak.invalid/d)\">x</p>", '";}*{background:url(http://soak.invalid/e)}',
    "<table background=http://soak.invalid/f>", "<meta http-equiv=refresh content='0;url=http://soak.invalid/g'>", "[x](javascript:fired())", "[x](http://soak.invalid/h 'x\" onmouseover=fired()')", "![x](http://soak.invalid/i.png)", "![x](x\" onerror=\"fired())", "<javascript:fired()>", "[x]: javascript:fired()\n[x]",
    "```html\n<script>fired()</script>\n```", "{{ fired() }}", "{% raw %}<script>fired()</script>{% endraw %}", "${fired()}", "{{constructor.constructor('fired()')()}}", "&lt;script&gt;fired()&lt;/script&gt;", "&#60;img src=x onerror=fired()&#62;", "\\u003cscript\\u003efired()\\u003c/script\\u003e",
    "<scr<script>ipt>fired()</scr</script>ipt>", "<ſcript>fired()</ſcript>", "\u202e<img src=x onerror=fired()>\u2066", "＜script＞fired()＜/script＞", "<noscript><p title='</noscript><img src=x onerror=fired()>'>", "<template><script>fired()</script></template><img src=x onerror=fired()>", "$x$ \\href{javascript:fired()}{x} $$<img src=x onerror=fired()>$$",
)  # fmt: skip
WATCH = "window.hits = 0; window.fired = () => { window.hits += 1 }; for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = window.fired;"
POKE = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  for (const each of document.querySelectorAll('[onclick], [onmouseover], [onfocus], [href], [formaction], [title], button, input, td, th, p, text')) {
    for (const kind of ['mouseover', 'mouseenter', 'focus', 'click', 'pointerdown']) each.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
  }
}"""
RUN = "import sys; from workbook.cli import main; sys.argv = ['workbook', 'run', sys.argv[1]]; main()"


def browser() -> str:
    """The path of a Chromium of this machine, or nothing."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def stays_text(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many payloads as tries, each in every kind of text that a project has; where one was run, asked for something, or is not shown at all."""
    rng = random.Random(seed)
    payloads = rng.sample(CALLS, len(CALLS))[:tries] if tries < len(CALLS) else list(CALLS)
    missed = [] if _control(folder) else ["the payloads fire nowhere, so that nothing is proven"]
    for first in range(0, len(payloads), AT_ONCE):
        some = payloads[first : first + AT_ONCE]
        project = _project(folder / str(first), some)
        missed += _run(project)
        latest = project / "runs" / "latest"
        if latest.exists():
            missed += [f"payloads {first} to {first + len(some) - 1}: {each}" for each in _opened(latest, folder, some)]
    return len(payloads), missed


def _project(root: Path, payloads: list[str]) -> Path:
    """A project in which each text is the next payload, behind a word that tells which text it is."""
    turn = count()

    def say(sink: str) -> str:
        return f"{sink.replace('.', '_')} {payloads[next(turn) % len(payloads)]}"

    people = [[f"p{n}", f"a{n}@x.example", f"Ann {payload}", f"+49 1512 34567{n:02d}", payload, payload, payload, f"data_city {payload}", "2025-06-01T10:00:00"] for n, payload in enumerate(payloads)]
    orders = [[f"o{n}" if n % 3 else f"o{n}{payload}", f"p{n}", "5.00", payload if n % 4 == 0 else "paid", f"data_product {payload}", "2025-05-05"] for n, payload in enumerate(payloads)]
    callers = [[f"c{n}", f"a{n}@x.example", f"Bo {payload}", "", f"data_town {payload}", "2025-06-10T10:00:00"] for n, payload in enumerate(payloads)]
    changes = [[f"h{n}", f"p{n}", f"data_change {payload}", "2025-01-01T10:00:00"] for n, payload in enumerate(payloads)]
    tables = {"crm_people": people, "shop_orders": orders, "desk_callers": callers, "crm_changes": changes, "desk_letters": [["a1@x.example", payload, payload, "2025-06-10T10:00:00"] for payload in payloads]}
    project = write(root, say, tables, _decisions(payloads))
    _headers(project, payloads)
    _pages(project, say)
    return project


def _decisions(payloads: list[str]) -> dict[str, list[list[str]]]:
    at = "2025-06-03T10:00:00Z"
    exceptions = [["id", "at", "by", "field", "record", "use_source", "use_value", "until", "because"]]
    exceptions += [[f"e{n}", at, payload if n % 3 == 0 else "sales", "person.city", f"crm.people:p{n}", "", f"exception_value {payload}", "2025-12-31", f"exception_because {payload}"] for n, payload in enumerate(payloads)]
    exceptions += [[f"e{payload}", at, "sales", payload, payload, payload, "", payload, payload] for payload in payloads[:3]]
    matches = [["id", "at", "by", "entity", "left_record", "right_record", "verdict", "band", "pattern", "evidence", "undoes", "because"]]
    matches += [[f"m{n}", at, payload, "person", f"crm.people:p{n}", "desk.callers:c1", "unsure", payload, payload, "", "", payload] for n, payload in enumerate(payloads)]
    signoffs = [["id", "at", "by", "function", "statement", "verdict", "decision", "figure", "tolerance", "because", "as_of", "says"]]
    signoffs += [[f"s{n}", f"2025-06-20T10:00:{n:02d}Z", "finance", "finance", "sales" if n % 2 else "who", "disagree", "", "47.50", "", f"signoff_because {payload}", "2025-06-20", f"signoff_says {payload}"] for n, payload in enumerate(payloads)]
    signoffs += [[payload] * 12 for payload in payloads[:3]]
    return {"exceptions": exceptions, "matches": matches, "signoffs": signoffs}


def _headers(project: Path, payloads: list[str]) -> None:
    """Columns that nobody declared, one that is declared under a payload, and files whose names are payloads."""
    file = project / "data" / "crm_changes.csv"
    head, _, rest = file.read_text("utf-8").partition("\n")
    quoted = [json.dumps(payload.replace("\n", " "))[1:-1].replace('\\"', '""').replace("\\\\", "\\") for payload in payloads]
    file.write_text(head + "," + ",".join(f'"header {name}"' for name in quoted) + "\n" + rest, "utf-8")
    for payload in payloads:
        name = payload.replace("/", "∕").replace("\n", " ")
        (project / "data" / f"crm_{name}.csv"[:200]).write_text("a\n1\n", "utf-8")


def _pages(project: Path, say: Any) -> None:
    """Words of the project's own in its pages, as markdown and as code."""
    for page in sorted((project / "notebooks").glob("*.ipynb")):
        book = json.loads(page.read_text("utf-8"))
        for number in range(2):
            book["cells"].append({"cell_type": "markdown", "id": f"m{number}", "metadata": {}, "source": say(f"markdown.{page.stem}")})
        page.write_text(json.dumps(book), "utf-8")


def _run(project: Path) -> list[str]:
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([sys.executable, "-c", RUN, str(project)], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, errors="replace", check=False)
    said = done.stdout + done.stderr
    wrong = [f"exit {done.returncode}: {said[-400:]}"] if done.returncode not in (0, 1) else []
    return wrong + ([f"a traceback: {said[-300:]}"] if "Traceback" in said else [])


def _control(folder: Path) -> bool:
    """Whether the browser sees payloads fire where nothing keeps them from it."""
    file = folder / "control.html"
    file.write_text("<!doctype html><meta charset=utf-8><body>" + "<hr>".join(each for each in CALLS if each.startswith(("<img", "<svg onload", "<details", "<p on"))), "utf-8")
    with _chromium() as chromium:
        found = _watched(chromium, file, [])
    return any("ran" in each for each in found) and any("soak.invalid" in each for each in found)


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield chromium
        chromium.close()


def _opened(latest: Path, folder: Path, payloads: list[str]) -> Iterator[str]:
    """What happened in the browser: as made, without its policy, and with the HTML of the saved notebooks."""
    made = (latest / "dossier.html").read_text("utf-8")
    bare = re.sub(r"<meta[^>]+Content-Security-Policy[^>]*>", "", made)
    if bare == made:
        yield "the page has no policy"
    pages = {"as made": made, "without policy": bare, "notebooks": "<!doctype html><meta charset=utf-8><body>" + "\n".join(_saved(latest))}
    with _chromium() as chromium:
        for name, text in pages.items():
            file = folder / f"{name.replace(' ', '-')}.html"
            file.write_text(text, "utf-8")
            yield from (f"{name}: {each}" for each in _watched(chromium, file, payloads if name != "notebooks" else []))


def _saved(latest: Path) -> Iterator[str]:
    """The HTML of every output of the saved notebooks."""
    for page in sorted((latest / "notebooks").glob("*.ipynb")):
        for cell in json.loads(page.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                for kind in ("text/html", "image/svg+xml"):
                    yield "".join(output.get("data", {}).get(kind, ""))


def _watched(chromium: Any, file: Path, payloads: list[str]) -> list[str]:
    page = chromium.new_page()
    asked: list[str] = []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (asked.append("a dialog"), dialog.dismiss()))
    page.on("request", lambda request: None if request.url.split("#")[0] == file.as_uri() else asked.append(request.url[:120]))
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
    known = [re.sub(r"\s+", " ", payload.replace("\u202e", "").replace("\u2066", "")) for payload in payloads]
    hidden = [payload for payload in known if payload[:25].strip() not in flat and html.unescape(payload)[:25].strip() not in flat]
    return wrong + [f"nowhere on the page: {payload[:60]}" for payload in hidden]
