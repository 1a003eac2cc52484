"""XLSX: the sheets of a workbook as tables, numbers as shown, formulas by their stored values.

The parts are read without a library: openpyxl and python-calamine return stored values and no displayed ones, neither
reports both hidden rows and merged cells while it streams, and openpyxl has no limits for hostile files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, parse_int, raise_digits
from corpus.readers.spreadsheets.number_format import BUILT_IN, format_number, format_text
from corpus.readers.spreadsheets.sheet import LAST_COLUMN, LAST_ROW, CellCounter, Sheet, compose
from corpus.readers.zipped_xml import OfficePackage, R
from corpus.translation import english, english_plural
from corpus.translation import gettext as _

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(data: bytes) -> FileContent:
    """Read an XLSX file. Raises UnreadableFile if it is another format, encrypted, damaged or without cells."""
    return compose(*_Workbook(OfficePackage(data, "XLSX", "xl/workbook.xml")).read())


class _Workbook:
    def __init__(self, package: OfficePackage) -> None:
        self._package = package
        root = package.xml(package.main)
        if root is None or root.tag != f"{S}workbook":
            raise UnreadableFile(_("not an XLSX file: its main part is not a workbook"))
        self._root = root
        self._relations = package.relationships(package.main)
        self._strings = self._read_strings()
        self._formats = self._read_formats()
        properties = root.find(f"{S}workbookPr")
        self._from_1904 = properties is not None and _is_true(properties.get("date1904"))
        self._counter = CellCounter()
        self._without_value = 0

    def read(self) -> tuple[list[Sheet], list[str], dict[str, object], list[str]]:
        """Return the visible sheets, the names of the hidden ones, the metadata and warnings."""
        targets = {identifier: (kind, target) for kind, target, identifier in self._relations}
        sheets: list[Sheet] = []
        hidden: list[str] = []
        warnings: list[str] = []
        for element in self._root.iter(f"{S}sheet"):
            name = element.get("name") or ""
            kind, target = targets.get(element.get(f"{R}id") or "", ("", ""))
            if element.get("state") in ("hidden", "veryHidden"):
                hidden.append(name)
            elif kind == "worksheet":
                sheets.append(self._read_sheet(name, target))
            else:
                warnings.append(
                    english("sheet “%(sheet)s” has no cells and is not read: it is a chart, or damaged", sheet=name)
                )
        if self._without_value:
            warnings.append(
                english_plural(
                    "%(count)s formula has no stored value and is left out: open and save the file in a spreadsheet "
                    "program, and add it again",
                    "%(count)s formulas have no stored value and are left out: open and save the file in a spreadsheet "
                    "program, and add it again",
                    self._without_value,
                )
            )
        return sheets, hidden, self._package.properties(), warnings

    def _part(self, kind: str) -> str | None:
        name = next((target for relation, target, _ in self._relations if relation == kind), None)
        return name if name is not None and name in self._package else None

    def _read_strings(self) -> Sequence[str]:
        name = self._part("sharedStrings")
        if name is None:
            return ()
        return [_string(item) for item in self._package.elements(name, f"{S}si")]

    def _read_formats(self) -> Sequence[str]:
        """Return the format code of each cell style."""
        name = self._part("styles")
        root = self._package.xml(name) if name is not None else None
        if root is None:
            return ()
        codes: Mapping[str, str] = {str(number): code for number, code in BUILT_IN.items()} | {
            element.get("numFmtId") or "": element.get("formatCode") or "" for element in root.iter(f"{S}numFmt")
        }
        return [codes.get(style.get("numFmtId") or "", "") for style in root.iterfind(f"{S}cellXfs/{S}xf")]

    def _read_sheet(self, name: str, part: str) -> Sheet:
        sheet = Sheet(name)
        row = last_hidden = 0
        tags = (f"{S}row", f"{S}col", f"{S}mergeCell")
        for element in self._package.elements(part, *tags):
            if element.tag == f"{S}row":
                row = parse_int(element.get("r"), row + 1)
                if not 0 < row <= LAST_ROW:
                    raise UnreadableFile(
                        _("damaged: sheet %(name)s has a row number %(row)s", name=repr(name), row=f"{row:,}")
                    )
                self._read_row(sheet, row, element)
            elif element.tag == f"{S}mergeCell":
                if (area := _parse_range(element.get("ref") or "")) is not None:
                    self._counter.add()
                    first_row, first_column, last_row, last_column = area
                    sheet.merged[first_row, first_column] = last_row - first_row + 1, last_column - first_column + 1
            elif _is_true(element.get("hidden")) or element.get("width") == "0":
                first, last = parse_int(element.get("min"), 1), parse_int(element.get("max"), 0)
                first, last = max(first, last_hidden + 1), min(last, LAST_COLUMN)  # each column once
                sheet.hidden_columns.update(range(first, last + 1))
                last_hidden = max(last_hidden, last)
        return sheet

    def _read_row(self, sheet: Sheet, row: int, element: Any) -> None:
        if _is_true(element.get("hidden")) or element.get("ht") == "0":
            sheet.hidden_rows.add(row)
        column = 0
        cells: dict[int, str] = {}
        for cell in element.iterfind(f"{S}c"):
            area = _parse_range(cell.get("r") or "")
            column = area[1] if area is not None else column + 1
            text = self._displayed_text(cell)
            if text.strip() and 0 < column <= LAST_COLUMN:
                cells[column] = text
        self._counter.add(len(cells))
        if cells:
            sheet.cells[row] = dict(sorted(cells.items()))

    def _displayed_text(self, cell: Any) -> str:
        """Return what a cell shows."""
        kind = cell.get("t") or "n"
        style = parse_int(cell.get("s"), 0)
        code = self._formats[style] if 0 <= style < len(self._formats) else ""
        if kind == "inlineStr":
            inline = cell.find(f"{S}is")
            return "" if inline is None else format_text(_string(inline), code)
        value = (cell.findtext(f"{S}v") or "").strip(" \n")
        if not value:
            self._without_value += kind != "str" and cell.find(f"{S}f") is not None
            return ""
        if kind == "s":
            number = parse_int(value, -1)
            return format_text(self._strings[number], code) if 0 <= number < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            try:
                return format_number(float(value), code, from_1904=self._from_1904)
            except (ValueError, ArithmeticError):
                return value
        return format_text(_unescape(value), code) if kind == "str" else value


def _string(item: Any) -> str:
    """Return a text with its runs; raised digits, such as the marks of notes, in superscript characters.

    The reading aids of Japanese (`rPh`) are left out.
    """
    parts: list[str] = []
    for child in item:
        if child.tag == f"{S}t":
            parts.append(child.text or "")
        elif child.tag == f"{S}r":
            text = child.findtext(f"{S}t") or ""
            position = child.find(f"{S}rPr/{S}vertAlign")
            is_raised = position is not None and position.get("val") == "superscript"
            parts.append((raise_digits(text, "".join(parts[-3:])) if is_raised else "") or text)
    return _unescape("".join(parts))


def _unescape(text: str) -> str:
    """Replace the escapes of characters that XML cannot hold ("_x000D_")."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _parse_range(reference: str) -> tuple[int, int, int, int] | None:
    match = _RANGE.fullmatch(reference)
    if match is None:
        return None
    first_row, first_column = int(match[2]), _column_number(match[1])
    last_row, last_column = (int(match[4]), _column_number(match[3])) if match[3] else (first_row, first_column)
    return first_row, first_column, max(first_row, last_row), max(first_column, last_column)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
