"""ODS: the sheets of an OpenDocument spreadsheet, with the displayed texts that the file stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.readers.base import FileContent
from corpus.readers.opendocument import (
    OFFICE,
    ROW_GROUPS,
    STYLE,
    TABLE,
    TEXT,
    OpenDocument,
    ParagraphReader,
    TextStyles,
    parse_count,
)
from corpus.readers.spreadsheets.sheet import LAST_COLUMN, LAST_ROW, CellCounter, Sheet, compose

_MAX_BLANK = 10_000
"""Rows without text that are counted as hidden; longer runs are the empty end of a sheet."""
_GROUPS = ROW_GROUPS | {f"{TABLE}table-{name}" for name in ("columns", "header-columns", "column-group")}
_HIDDEN = ("collapse", "filter")


def read(data: bytes) -> FileContent:
    """Read an ODS file. Raises UnreadableFile if it is another format, encrypted, damaged or without cells."""
    document = OpenDocument(data, "ODS", "spreadsheet")
    hidden_styles = {
        name
        for name, style in document.styles("table").items()
        if any(node.get(f"{TABLE}display") == "false" for node in style.iter(f"{STYLE}table-properties"))
    }
    reader = _SheetReader(document)
    sheets: list[Sheet] = []
    hidden: list[str] = []
    for table in document.body.iterfind(f"{TABLE}table"):
        name = table.get(f"{TABLE}name") or ""
        if table.get(f"{TABLE}style-name") in hidden_styles:
            hidden.append(name)
        else:
            sheets.append(reader.read(name, table))
    return compose(sheets, hidden, document.metadata())


class _SheetReader:
    def __init__(self, document: OpenDocument) -> None:
        self._paragraphs = ParagraphReader(TextStyles(document))
        self._counter = CellCounter()

    def read(self, name: str, table: Any) -> Sheet:
        sheet = Sheet(name)
        column = row = 1
        for element in _flatten(table, f"{TABLE}table-column", f"{TABLE}table-row"):
            is_hidden = element.get(f"{TABLE}visibility") in _HIDDEN
            if element.tag == f"{TABLE}table-column":
                count = parse_count(element.get(f"{TABLE}number-columns-repeated"), LAST_COLUMN)
                if is_hidden:
                    sheet.hidden_columns.update(range(column, min(column + count, LAST_COLUMN + 1)))
                column += count
                continue
            count = parse_count(element.get(f"{TABLE}number-rows-repeated"), LAST_ROW)
            self._read_rows(sheet, row, count, element, is_hidden=is_hidden)
            row += count
        return sheet

    def _read_rows(self, sheet: Sheet, row: int, count: int, element: Any, *, is_hidden: bool) -> None:
        cells = self._read_row(sheet, row, element)
        if is_hidden:
            sheet.hidden_rows.update(range(row, min(row + min(count, _MAX_BLANK), LAST_ROW + 1)))
        if cells:
            self._counter.add(len(cells) * (count - 1))  # the first row is counted
            sheet.cells.update((number, dict(cells)) for number in range(row, row + count))

    def _read_row(self, sheet: Sheet, row: int, element: Any) -> dict[int, str]:
        cells: dict[int, str] = {}
        column = 1
        for cell in element:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            count = parse_count(cell.get(f"{TABLE}number-columns-repeated"), LAST_COLUMN)
            text = self._displayed_text(cell) if cell.tag == f"{TABLE}table-cell" else ""
            if text.strip():
                self._counter.add(count)
                cells.update(dict.fromkeys(range(column, min(column + count, LAST_COLUMN + 1)), text))
                rows = parse_count(cell.get(f"{TABLE}number-rows-spanned"), LAST_ROW)
                columns = parse_count(cell.get(f"{TABLE}number-columns-spanned"), LAST_COLUMN)
                if rows * columns > 1:
                    sheet.merged[row, column] = rows, columns
            column += count
        return cells

    def _displayed_text(self, cell: Any) -> str:
        """Return what a cell shows; the stored value where the file states no text."""
        texts = [self._paragraphs.text(paragraph) for paragraph in cell.iterfind(f"{TEXT}p")]
        if texts:
            return "\n".join(texts)
        names = ("value", "string-value", "date-value", "time-value", "boolean-value")
        return next((value for name in names if (value := cell.get(f"{OFFICE}{name}"))), "")


def _flatten(element: Any, *tags: str) -> Iterator[Any]:
    """Yield the rows and columns of a table, also those in groups."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _GROUPS:
            if child.get(f"{TABLE}display") == "false":  # a group that is folded up
                for hidden in _flatten(child, *tags):
                    hidden.set(f"{TABLE}visibility", "collapse")
                    yield hidden
            else:
                yield from _flatten(child, *tags)
