"""Which vectors a search may return: all but the superseded, or those that a filter leaves. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Rows of a generation that a search may return; `mask` has shape (rows,)."""

    mask: npt.NDArray[np.bool_]
    rows: Rows = field(init=False)
    """The same as sorted row numbers."""

    def __post_init__(self) -> None:
        """Derive the row numbers."""
        object.__setattr__(self, "rows", np.flatnonzero(self.mask))

    def __len__(self) -> int:
        return len(self.rows)
