"""One page of a table that the user sorts and pages through by links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from corpus.translation import gettext as _

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TablePage:
    """The rows of one page, and how the table is sorted. Pages count from 1."""

    rows: Sequence[Any]
    order: str
    descending: bool
    page: int
    pages: int
    first: int
    total: int

    @property
    def range(self) -> str:
        """The rows of the page in words: "1 to 50 of 200"."""
        return _(
            "%(first)s to %(last)s of %(total)s",
            first=f"{self.first + 1:,}",
            last=f"{self.first + len(self.rows):,}",
            total=f"{self.total:,}",
        )

    def link(self, path: str, **fixed: object) -> Callable[..., str]:
        """Return a function from changed parameters (`sort`, `down`, `at`) to the URL of that view."""

        def view(**changed: object) -> str:
            return (
                f"./{path}?{urlencode(fixed | {'sort': self.order, 'down': int(self.descending), 'at': 1} | changed)}"
            )

        return view


def table_page(
    rows: Sequence[Row],
    orders: Mapping[str, Callable[[Row], Any]],
    order: str,
    *,
    descending: bool,
    page: int,
    size: int,
) -> TablePage:
    """Sort rows by a column and cut out a page.

    Args:
        rows: All rows; the sort is stable.
        orders: Sort key of each column; the first is the default.
        order: The column; an unknown one is replaced by the default.
        descending: Whether the order is reversed.
        page: Page number from 1; clamped to the existing pages.
        size: Rows on a page.
    """
    order = order if order in orders else next(iter(orders))
    ordered = sorted(rows, key=orders[order], reverse=descending)
    pages = max(1, -(-len(ordered) // size))
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    return TablePage(ordered[first : first + size], order, descending, page, pages, first, len(ordered))
