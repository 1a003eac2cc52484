"""Writes spreadsheets: XLSX and ODS part by part, CSV and TSV; and publications laid out in rows."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from corpus.readers.opendocument import OFFICE, STYLE, TABLE, TEXT
from tests.factories.outlined_texts import Publication

Value = str | float | None
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_O = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = " ".join(
    f'xmlns:{name}="{namespace[1:-1]}"'
    for name, namespace in (("office", OFFICE), ("style", STYLE), ("table", TABLE), ("text", TEXT))
)


@dataclass(frozen=True)
class Formatted:
    """A number with its format code, and the text that a spreadsheet program shows."""

    number: float
    code: str
    shown: str = ""


@dataclass(frozen=True)
class MadeSheet:
    """A sheet to write; `merged` are references such as "A1:C1", rows and columns count from 1."""

    name: str
    rows: Sequence[Sequence[Value | Formatted]]
    merged: Sequence[str] = ()
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    hidden: bool = False


@dataclass
class _Codes:
    """The format codes of a workbook, each with the number of its style."""

    numbers: dict[str, int] = field(default_factory=lambda: {"General": 0})

    def style(self, code: str) -> int:
        return self.numbers.setdefault(code, len(self.numbers))


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def column_letters(number: int) -> str:
    """Return the letters of a column from 1: "A", "Z", "AA"."""
    return (column_letters((number - 1) // 26) if number > 26 else "") + chr(ord("A") + (number - 1) % 26)


def content_types(kinds: Mapping[str, str]) -> str:
    """Return the part of a file of Office Open XML that states the types of these parts."""
    stated = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = f'<Default Extension="rels" ContentType="{relations}"/><Default Extension="xml" ContentType="text/xml"/>'
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{defaults}{stated}</Types>'


def xlsx_parts(sheets: Sequence[MadeSheet], title: str = "") -> dict[str, str | bytes]:
    """Return the parts of an XLSX file."""
    codes = _Codes()
    listed, relations = "", ""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{_P}"><Relationship Id="a" Type="{_O}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "docProps/core.xml": f'<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></a>',
    }
    for number, sheet in enumerate(sheets, 1):
        state = ' state="hidden"' * sheet.hidden
        listed += f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="r{number}"{state}/>'
        relations += f'<Relationship Id="r{number}" Type="{_O}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = _xlsx_sheet(sheet, codes)
    relations += f'<Relationship Id="s" Type="{_O}/styles" Target="styles.xml"/>'
    parts["xl/workbook.xml"] = f'<workbook xmlns="{_S}" xmlns:r="{_O}"><sheets>{listed}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_P}">{relations}</Relationships>'
    formats = "".join(
        f'<numFmt numFmtId="{200 + style}" formatCode="{escape(code)}"/>' for code, style in codes.numbers.items()
    )
    styles = "".join(f'<xf numFmtId="{200 + style}"/>' for style in codes.numbers.values())
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{_S}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>'
    )
    kinds = {name: "spreadsheetml.worksheet" for name in parts if name.startswith("xl/worksheets/")}
    kinds |= {"xl/workbook.xml": "spreadsheetml.sheet.main", "xl/styles.xml": "spreadsheetml.styles"}
    return parts | {"[Content_Types].xml": content_types(kinds)}


def _xlsx_sheet(sheet: MadeSheet, codes: _Codes) -> str:
    columns = "".join(f'<col min="{number}" max="{number}" hidden="1"/>' for number in sheet.hidden_columns)
    rows = ""
    for number, row in enumerate(sheet.rows, 1):
        cells = "".join(
            _xlsx_cell(f"{column_letters(column)}{number}", value, codes)
            for column, value in enumerate(row, 1)
            if value is not None
        )
        hidden = ' hidden="1"' * (number in sheet.hidden_rows)
        rows += f'<row r="{number}"{hidden}>{cells}</row>'
    merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in sheet.merged)
    return (
        f'<worksheet xmlns="{_S}"><cols>{columns}</cols><sheetData>{rows}</sheetData>'
        f"<mergeCells>{merged}</mergeCells></worksheet>"
    )


def _xlsx_cell(reference: str, value: Value | Formatted, codes: _Codes) -> str:
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, Formatted):
        return f'<c r="{reference}" s="{codes.style(value.code)}"><v>{value.number!r}</v></c>'
    return f'<c r="{reference}"><v>{value!r}</v></c>'


def xlsx(sheets: Sequence[MadeSheet], title: str = "") -> bytes:
    """Return an XLSX file."""
    return pack(xlsx_parts(sheets, title))


def ods(sheets: Sequence[MadeSheet]) -> bytes:
    """Return an ODS file."""
    tables = ""
    for sheet in sheets:
        style = ' table:style-name="hidden"' * sheet.hidden
        width = max(map(len, sheet.rows), default=1)
        columns = "".join(
            f"<table:table-column{_collapsed(number in sheet.hidden_columns)}/>" for number in range(1, width + 1)
        )
        rows = "".join(
            f"<table:table-row{_collapsed(number in sheet.hidden_rows)}>"
            + "".join(_ods_cell(sheet, number, column, value) for column, value in enumerate(row, 1))
            + "</table:table-row>"
            for number, row in enumerate(sheet.rows, 1)
        )
        tables += f'<table:table table:name="{escape(sheet.name)}"{style}>{columns}{rows}</table:table>'
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>"
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _collapsed(is_hidden: bool) -> str:
    return ' table:visibility="collapse"' * is_hidden


def _ods_cell(sheet: MadeSheet, row: int, column: int, value: Value | Formatted) -> str:
    spans = ""
    for reference in sheet.merged:
        first, _, last = reference.partition(":")
        if first == f"{column_letters(column)}{row}":
            letters, digits = re.findall(r"[A-Z]+|\d+", last)
            wide = next(n for n in range(column, 100) if column_letters(n) == letters) - column + 1
            spans = f' table:number-columns-spanned="{wide}" table:number-rows-spanned="{int(digits) - row + 1}"'
    if value is None:
        return "<table:table-cell/>"
    shown = value.shown if isinstance(value, Formatted) else value if isinstance(value, str) else f"{value:g}"
    return f"<table:table-cell{spans}><text:p>{escape(shown)}</text:p></table:table-cell>"


def csv_file(rows: Sequence[Sequence[Value | Formatted]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Return a CSV file."""
    buffer = io.StringIO(newline="")
    shown = ([value.shown if isinstance(value, Formatted) else value for value in row] for row in rows)
    csv.writer(buffer, delimiter=delimiter).writerows(shown)
    return buffer.getvalue().encode(encoding)


def _publication_rows(publication: Publication) -> list[list[Value]]:
    """Return a publication in rows: body text as a label and figures, other lines in one cell."""
    rows: list[list[Value]] = []
    for number, block in enumerate(publication.blocks):
        if block.kind == "body":
            words = block.text.split(" ")
            rows.append([" ".join(words[:3]), " ".join(words[3:]) or None, number + 0.5, None, -number])
        else:
            rows += [[], [block.text]]
    return rows


def render_xlsx(publication: Publication) -> bytes:
    """Render a publication as rows of two sheets."""
    rows = _publication_rows(publication)
    return xlsx([MadeSheet("First", rows, ["A1:C1"]), MadeSheet("Second & last", rows[:6])], publication.title)


def render_ods(publication: Publication) -> bytes:
    """Render a publication as rows of two sheets."""
    rows = _publication_rows(publication)
    return ods([MadeSheet("First", rows, ["A1:C1"]), MadeSheet("Second & last", rows[:6])])


def render_csv(publication: Publication) -> bytes:
    """Render a publication as rows."""
    return csv_file(_publication_rows(publication))


def render_tsv(publication: Publication) -> bytes:
    """Render a publication as rows, separated by tabs."""
    return csv_file(_publication_rows(publication), "\t")
