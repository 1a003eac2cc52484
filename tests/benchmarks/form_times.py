"""Times of the form against those of another checkout: first paint, answer and change of tab.

    python -m tests.benchmarks.form_times OTHER_CHECKOUT [--rounds 10]

For example against the form before its tabs of drafts and words:

    git worktree add --detach ../before 3abbc65^
    python -m tests.benchmarks.form_times ../before

Both serve the sample documents. They are measured in turn, each time in a new window without a cache, after one round
that is not counted; the machine must be quiet. Printed are the medians in milliseconds and their ratio, and the
highest ratio allowed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.paths import ROOT

QUESTION = "How many merchant ships did the destroyers escort in 2015?"
LIMIT = 1.2
NAMES = ("first paint", "answer", "change of tab")


@contextmanager
def serving(checkout: Path, index: Path) -> Iterator[str]:
    """Serve the samples by the code of a checkout; gives the address."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "HF_HUB_OFFLINE": "1"}
    program = [sys.executable, "-m", "qa.cli"]
    subprocess.run(
        [*program, "index", str(checkout / "corpus" / "samples"), "--index", str(index)],
        env=environment, cwd=checkout, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = subprocess.Popen(
        [*program, "serve", "--index", str(index)],
        env=environment, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        said: list[str] = []
        address = None
        while address is None and server.stdout is not None and (line := server.stdout.readline()):
            said.append(line)
            address = next((word for word in line.split() if word.startswith("http://127.0.0.1:")), None)
        if address is None:
            raise RuntimeError(f"{checkout} does not serve: {''.join(said)}")
        yield address
    finally:
        server.kill()
        server.wait()


def measure(browser: Browser, address: str) -> list[float]:
    """Return the milliseconds of `NAMES`, in a new window."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(".yq-facts:has-text('documents')")
    paint = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    page.fill("#yq-question textarea", QUESTION)
    begin = time.perf_counter()
    page.click("#yq-ask")
    page.wait_for_selector(".yq-card")
    answered = time.perf_counter()
    page.click("#yq-tab-library-button")
    page.wait_for_selector(".yq-documents")
    changed = time.perf_counter()
    page.close()
    return [paint, 1000 * (answered - begin), 1000 * (changed - answered)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if a ratio is over its limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.form_times")
    parser.add_argument("other", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args(arguments)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        checkouts = (ROOT, options.other.resolve())
        addresses = [stack.enter_context(serving(path, folder / str(n))) for n, path in enumerate(checkouts)]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        rounds = [[measure(browser, address) for address in addresses] for _ in range(options.rounds + 1)][1:]
        browser.close()
    ratios = []
    for place, name in enumerate(NAMES):
        ours, theirs = (statistics.median(times[n][place] for times in rounds) for n in (0, 1))
        ratios.append(ours / theirs)
        print(f"{name:14} {ours:7.0f} ms  {theirs:7.0f} ms  ratio {ratios[-1]:.2f}  ≤ {LIMIT}")
    return int(max(ratios) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
