"""The pictures of the README: the form over the sample documents, wide, narrow and dark, and its comparisons.

    python -m tests.browser.screenshots [--out docs/screenshots]

Needs a Chromium (`CHROMIUM` names another than the system's). Each is a PNG file of 64 colours, which is enough for
letters on paper and a fifth of the size.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES, sample_questions
from tests.browser.conftest import serving
from tests.paths import ROOT

LARGEST = 150_000
"""Bytes of a picture."""

TOPIC = "escorts off Somalia"
WORDS = "ship*, terroris*, cyber*"
DRAFT = """\
The digest counts: “In the twelve months of 2015 the destroyers guarded 147 merchant ships in 78 escort operations.”
It goes on: “The aircraft flew 300 missions and passed on what they saw to foreign navies.”
Nowhere does it say “nineteen whales sang in the old harbour”.
"""
BATCH = """\
How many merchant ships did the destroyers escort in 2015?
What did Japan do about cyberspace in 2019?
Which recipe for onion soup won the village fair?
"""
QUESTION = "How many merchant ships did the destroyers escort in 2015?"


FILLED = {
    "ask": ("#yq-question textarea", QUESTION, "#yq-ask", ".yq-card"),
    "compare": ("[name=topic]", TOPIC, "form:has([name=topic]) button", ".yq-compared .yq-summary"),
    "batch": ("#yq-batch-pasted textarea", BATCH, "#yq-batch-start", ".yq-batch .yq-table"),
    "words": ("[name=words]", WORDS, "#yq-tab-words button", ".yq-lines"),
    "check": ("[name=draft]", DRAFT, "#yq-check-form button:visible", ".yq-checked"),
}
"""What is filled in each tab: field, text, button, and what appears."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the window's size, the colours, the tab and the browser's language."""

    name: str
    width: int
    height: int
    scheme: str
    tab: str = "ask"
    language: str = "en-GB"


SHOTS = (
    Shot("wide", 1280, 1000, "light"),
    Shot("dark", 1280, 1000, "dark"),
    Shot("narrow", 400, 1000, "light"),
    Shot("batch", 1280, 1000, "light", "batch"),
    Shot("compare", 1280, 1000, "light", "compare"),
    Shot("words", 1280, 1000, "light", "words"),
    Shot("check", 1280, 1000, "light", "check"),
    Shot("library", 1280, 1000, "light", "library"),
    Shot("japanese", 1280, 1000, "light", "ask", "ja-JP"),
    Shot("japanese-narrow", 400, 1000, "dark", "compare", "ja-JP"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; 1 where one came out too large."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args(arguments)
    browsers = ("chromium-headless-shell", "chromium", "google-chrome")
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, browsers)), None)
    if browser_path is None:
        sys.stderr.write("no Chromium or Chrome found: install one, or name it in CHROMIUM\n")
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "index"
        encoder = load()
        build(folder, plan([SAMPLES]), encoder)
        library = Library(folder, encoder)
        with serving(library, examples=sample_questions()) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            for shot in SHOTS:
                picture = small(take(browser, address, shot))
                (options.out / f"{shot.name}.png").write_bytes(picture)
                sizes.append(len(picture))
                sys.stdout.write(f"{options.out / shot.name}.png  {len(picture) / 1000:.0f} kB\n")
            browser.close()
    return 0 if max(sizes) <= LARGEST else 1


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """What the form shows after the question, or the topic."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        reduced_motion="reduce",
        locale=shot.language,
    )
    page.goto(f"{address}/#{shot.tab}")
    page.wait_for_selector(".yq-facts:has-text('2016')")
    filled = FILLED.get(shot.tab)
    if filled is not None:
        box, text, button, shown = filled
        page.fill(box, text)
        page.click(button)
        page.wait_for_selector(shown)
    else:
        page.wait_for_selector(".yq-included")
    page.wait_for_timeout(500)
    picture = page.screenshot(animations="disabled", caret="hide")
    page.close()
    return picture


def small(png: bytes) -> bytes:
    """The picture in 64 colours."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
