"""The rows of vectors that a search may return: all live ones, or those of the documents that a filter keeps."""

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
    """Rows of a generation that a search may return."""

    mask: npt.NDArray[np.bool_]
    """Shape (rows of the generation,)."""
    rows: Rows = field(init=False)
    """The same as sorted row numbers."""

    def __post_init__(self) -> None:
        """Derive the row numbers."""
        object.__setattr__(self, "rows", np.flatnonzero(self.mask))

    def __len__(self) -> int:
        return len(self.rows)


class DocumentSubset:
    """Some documents of a generation, prepared once for all questions under the same filter."""

    def __init__(self, documents: Sequence[DocumentInfo], rows: PassageRows) -> None:
        self.documents = documents
        self._rows = rows

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Numbers of the documents."""
        return frozenset(document.number for document in self.documents)

    @cached_property
    def passages(self) -> int:
        """Number of their passages."""
        return sum(document.passages for document in self.documents)

    @cached_property
    def allowed(self) -> RowFilter:
        """Rows of their passages' vectors."""
        first = np.fromiter((document.first for document in self.documents), dtype=np.int64, count=len(self))
        count = np.fromiter((document.passages for document in self.documents), dtype=np.int64, count=len(self))
        return RowFilter(self._rows.of_spans(first, count))
