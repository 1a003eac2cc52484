"""One generation of an index, opened for questions, with what is worked out once of it.

Many questions are asked under few filters, and of a hundred thousand documents it takes longer to say which pass than
to answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from index.dense.row_filter import DocumentSubset
from index.ranking.search import Index
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters

REMEMBERED = 4
"""Filters; each costs nine bytes a passage that it leaves."""


class Opened:
    """A generation, safe to share between threads."""

    def __init__(self, folder: Path, open_index: Callable[[Path], Index] = Index) -> None:
        """Raises NoIndex, IndexMismatch or IndexDamaged."""
        self.index = open_index(folder)
        self.corpus_facts = CorpusFacts.of(self.index.documents)
        self._kept: OrderedDict[Filters, tuple[CorpusFacts, DocumentSubset | None]] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, filters: Filters) -> tuple[CorpusFacts, DocumentSubset | None]:
        """What filters leave, and the same for searching among it; None where it is everything."""
        if not filters:
            return self.corpus_facts, None
        with self._lock:
            found = self._kept.get(filters)
            if found is None:
                corpus_facts = self.corpus_facts.filtered(filters)
                found = corpus_facts, self.index.subset(corpus_facts.documents)
                self._kept[filters] = found
            self._kept.move_to_end(filters)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
            return found
