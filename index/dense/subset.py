"""Some of the documents of a generation, prepared to be searched among: once for all questions under one filter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from index.dense.row_filter import Allowed
from index.storage.passage_rows import PassageRows
from index.storage.reader import DocumentInfo


class Subset:
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
    def allowed(self) -> Allowed:
        """The rows of their passages' vectors."""
        first = np.fromiter((one.first for one in self.documents), dtype=np.int64, count=len(self))
        count = np.fromiter((one.passages for one in self.documents), dtype=np.int64, count=len(self))
        return Allowed(self._rows.of_spans(first, count))
