"""Report progress on stderr: a bar on a terminal; otherwise, for builds, a line every 30 seconds.

The rate counts all passages stored by this build, also those taken from an interrupted build or the old index; the time
left follows from the share of the files' bytes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import click

from index.building.report import RECOGNISING, BuildProgress, ProgressCallback

EVERY = 30.0
"""Seconds between lines if stderr is not a terminal; shorter builds print nothing."""


def describe_build(advance: BuildProgress, seconds: float) -> str:
    """Describe a build's progress after some seconds: counts, rate, time left."""
    if advance.stage.startswith(RECOGNISING):
        return describe_stage(advance.stage, advance.documents, advance.sources_to_read, seconds)
    parts = [f"{advance.documents:,} of {advance.sources_to_read:,} documents", f"{advance.passages:,} passages"]
    if advance.stage != "embedding":
        return ", ".join([*parts, "writing the index"])
    if advance.passages and seconds > 0:
        rate = advance.passages / seconds
        parts.append(f"{rate:,.0f} passages/s" if rate >= 10 else f"{rate:.1f} passages/s")
    if 0 < advance.share < 1 and seconds >= 1:
        parts.append(f"about {format_duration(seconds * (1 - advance.share) / advance.share)} left")
    return ", ".join(parts)


def format_duration(seconds: float) -> str:
    """Format a duration in its one or two largest units."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def build_progress() -> Iterator[ProgressCallback]:
    """Provide the progress callback of a build; the bar disappears after the block."""
    if sys.stderr.isatty():
        began = time.monotonic()
        with _bar() as show:
            yield lambda advance: show(advance.share, describe_build(advance, time.monotonic() - began))
    else:
        yield line_progress(lambda line: click.echo(line, err=True))


@contextmanager
def page_progress(step: ProgressCallback) -> Iterator[Callable[[str, int, int], None]]:
    """Provide a callback for pages that are recognised: file name, pages done, pages in all.

    They are recognised in a thread that the end of the block interrupts at its next page.
    """
    is_over = Event()

    def on_page(name: str, done: int, total: int) -> None:
        if is_over.is_set():
            raise KeyboardInterrupt
        step(BuildProgress(f"{RECOGNISING} {name}", done, total, 0, 0, done / total))

    try:
        yield on_page
    finally:
        is_over.set()


def line_progress(write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> ProgressCallback:
    """Return a callback that writes a line every `EVERY` seconds."""
    began = last = clock()

    def step(advance: BuildProgress) -> None:
        nonlocal last
        now = clock()
        if now - last >= EVERY:
            last = now
            write(f"{advance.share:.0%}: {describe_build(advance, now - began)}")

    return step


@contextmanager
def stage_progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Provide a callback for (stage, done, total), or None if stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as show:
        begun: dict[str, float] = {}

        def step(what: str, done: int, total: int) -> None:
            seconds = time.monotonic() - begun.setdefault(what, time.monotonic())
            show(done / total if total else 1.0, describe_stage(what, done, total, seconds))

        yield step


def describe_stage(what: str, done: int, total: int, seconds: float) -> str:
    """Describe a stage's progress after some seconds."""
    left = (
        f", about {format_duration(seconds * (total - done) / done)} left" if 0 < done < total and seconds >= 1 else ""
    )
    return f"{what}: {done:,} of {total:,}{left}"


@contextmanager
def _bar() -> Iterator[Callable[[float, str], None]]:
    """Provide a function that shows a share of the whole and a text on the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=20), TextColumn("{task.percentage:>3.0f} % {task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("reading", total=1.0)
        yield lambda share, words: bars.update(task, completed=share, description=words)
