"""Which vectors a search may return: all but the superseded, or those that a filter leaves. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.storage.reader import DocumentInfo
from index.storage.vector_files import PassageRows, Rows


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Rows of a generation that a search may return; `mask` has shape (rows,)."""

    mask: npt.NDArray[np.bool_]
    rows: Rows = field(init=False)
    """The same as sorted row numbers."""

    def __post_init__(self) -> None:
        """Derive the row numbers."""
        object.__setattr__(self, "rows", np.flatnonzero(self.mask))

    def __len__(self) -> int:
        return len(self.rows)


class DocumentSubset:
    """Documents in a fixed order, and which vectors are theirs."""

    def __init__(self, documents: Sequence[DocumentInfo], rows: PassageRows) -> None:
        self.documents = documents
        self._rows = rows

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The documents' numbers."""
        return frozenset(one.number for one in self.documents)

    @cached_property
    def passages(self) -> int:
        """How many passages they have."""
        return sum(one.passages for one in self.documents)

    @cached_property
    def allowed(self) -> RowFilter:
        """The rows of their passages' vectors."""
        first = np.fromiter((one.first for one in self.documents), dtype=np.int64, count=len(self))
        count = np.fromiter((one.passages for one in self.documents), dtype=np.int64, count=len(self))
        return RowFilter(self._rows.of_spans(first, count))
