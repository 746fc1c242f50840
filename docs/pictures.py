"""Takes the pictures of the README from the sample's dossier: `make pictures`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def take(dossier: Path) -> None:
    """The cover as it stands on a screen of 1,280 pixels, in the light set of colours."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), "")
    if not browser:
        sys.exit("Pictures are taken in Chromium, which is not installed.")
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
        page.goto(dossier.resolve().as_uri())
        cover = page.locator("#page-cover").bounding_box()
        height = cover["y"] + cover["height"] + 24 if cover else 1000
        page.set_viewport_size({"width": 1280, "height": int(height)})
        page.screenshot(path=HERE / "cover.png")
        window.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
