"""Later editions of reports with tables: other amounts, rows moved, dropped and added, and which figure is which."""

from __future__ import annotations

import re
from random import Random

NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ROW = re.compile(r"\|[^|]*[^\W\d_]{2}[^|]*\|.*\d.*\|\s*")
_ADDED = ("Herring quotas", "Lamp oil", "Pilots’ pensions", "Dredging works", "Buoys and beacons")


def edited_report(text: str, seed: int) -> tuple[str, dict[int, int]]:
    """Return a later edition of a Markdown text, and the offset in it of each amount by that in the text."""
    random = Random(seed)  # noqa: S311 - seeds name the editions
    lines = text.splitlines(keepends=True)
    order: list[int | str] = []
    for at, line in enumerate(lines):
        is_row = _ROW.fullmatch(line) is not None and at > 0 and lines[at - 1].startswith("|")
        if is_row and random.random() < 0.15:
            continue
        if is_row and random.random() < 0.15 and order and order[-1] == at - 1 and _ROW.fullmatch(lines[at - 1]):
            order.insert(-1, at)
        else:
            order.append(at)
        if is_row and random.random() < 0.1:
            cells = line.count("|") - 2
            amounts = " | ".join(f"{random.randint(1_000, 99_999):,}" for _ in range(cells))
            order.append(f"| {random.choice(_ADDED)} | {amounts} |\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    later, places = "", {}
    for item in order:
        if isinstance(item, str):
            later += item
            continue
        cursor = 0
        for match in NUMBER.finditer(lines[item]):
            later += lines[item][cursor : match.start()]
            if _YEAR.fullmatch(match[0]):
                later += str(int(match[0]) + 1)
            else:
                places[starts[item] + match.start()] = len(later)
                later += re.sub(r"\d", lambda _: str(random.randint(1, 9)), match[0])
            cursor = match.end()
        later += lines[item][cursor:]
    return later, places
