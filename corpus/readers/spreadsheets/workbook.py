"""Composes the sheets of a workbook to one text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.spreadsheets.sheet import Sheet, SheetWriter
from corpus.translation import english, join_first
from corpus.translation import gettext as _

_DEFAULT_NAME = re.compile(
    r"(?:sheet|worksheet|tabelle|feuil(?:le)?|hoja|planilha|foglio|blad|arkusz|лист|シート)[ _]?1?", re.IGNORECASE
)
"""The name of the first sheet of a new file: no heading where it is the only one."""

_MAX_NAMED = 10


def compose(
    sheets: Sequence[Sheet], hidden: Sequence[str], metadata: Mapping[str, object], warnings: Sequence[str] = ()
) -> Reading:
    """Return the visible cells of a workbook, each sheet under its name. Hidden ones are counted in warnings.

    Args:
        sheets: The visible sheets.
        hidden: The names of the hidden sheets.
        metadata: The metadata declared by the file.
        warnings: Sentences about parts that were not read.

    Raises:
        UnreadableFile: No visible cell has text.
    """
    writer = SheetWriter()
    left_out = {sheet.name: counts for sheet in sheets if any(counts := sheet.hide())}
    named = [sheet for sheet in sheets if sheet.cells]
    for sheet in named:
        is_alone = len(named) == 1 and (_DEFAULT_NAME.fullmatch(sheet.name) or not sheet.name)
        writer.add(sheet, "" if is_alone else sheet.name)
    if not writer.builder.text.strip():
        raise UnreadableFile(_("empty: no visible cell has text"))
    all_warnings = [*warnings, *writer.warnings]
    if hidden:
        names = join_first(hidden, _MAX_NAMED)
        all_warnings.append(
            english("hidden sheets are left out (%(count)s): %(names)s", count=f"{len(hidden):,}", names=names)
        )
    if left_out:
        rows, columns = (sum(counts) for counts in zip(*left_out.values(), strict=True))
        all_warnings.append(
            english(
                "hidden rows (%(rows)s) and columns (%(columns)s) are left out: %(names)s",
                rows=f"{rows:,}",
                columns=f"{columns:,}",
                names=join_first(list(left_out), _MAX_NAMED),
            )
        )
    text, marks = writer.builder.text, writer.builder.marks
    return Reading(text, marks, metadata, warnings=tuple(all_warnings), cells=tuple(writer.cells))
