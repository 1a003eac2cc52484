"""Exports of a collection: what `check` finds verbatim, what Word and reference managers read, and citation styles."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import rispy
from lxml import etree
from markdown_it import MarkdownIt

from qa.answering.library import Library
from qa.checking.draft import from_bytes
from qa.checking.report import check_draft
from qa.cli.index_location import SAMPLES
from qa.collections.citation_styles import STYLES, cite_all
from qa.collections.collection import Collection, CollectionItem, KeptPassage
from qa.collections.exports import export_collection
from qa.collections.relocation import keep
from tests.factories.libraries import library_of
from tests.factories.rendered.sheets import Formatted, MadeSheet, csv_file, ods, xlsx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ODD = """\
Odd Report 2021

1 Nets & *lines*

Nine nets *were* torn in zone_b, see [1] and <b>both</b> #1.
- The first list item about ropes costs ~ 5 dollars.
=1+2 ropes were counted.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("odd"), {"odd-2021.txt": ODD}, SAMPLES)


@pytest.fixture(scope="module")
def collection(library: Library) -> Collection:
    """Passages of two editions, as an answer gives them, with notes that name the other edition."""
    ids = [
        cited.hit.id
        for edition, count in ((2016, 3), (2020, 2))
        for cited in library.ask(f"What does the {edition} Bluebook say of destroyers and merchant ships?", 30).passages
        if cited.hit.document.edition == edition
    ]
    first = [identifier for identifier in ids if "2016" in identifier][:3]
    second = [identifier for identifier in ids if "2020" in identifier][:2]
    kept = [keep(library.index, identifier) for identifier in (*first, *second)]
    assert [passage.reference.source.edition for passage in kept] == [2016] * 3 + [2020] * 2
    items = [
        CollectionItem((passage,), f"Compare the Bluebook {other}.", ("ships", "<b>"))
        for passage, other in zip(kept[:3], (2020, 2020, 2020), strict=True)
    ]
    return Collection("Ships & <escorts>", (*items, CollectionItem(tuple(kept[3:]), "A pair.")), "All of it.")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["docx", "markdown", "csv"])
def test_check_finds_every_exported_quotation_verbatim(
    library: Library, collection: Collection, name: str, style: str
) -> None:
    suffix = "md" if name == "markdown" else name
    report = check_draft(library, from_bytes(f"draft.{suffix}", export_collection(collection, name, style)))
    assert [checked.match.state for checked in report.quotations] == ["verbatim"] * 5
    places = [checked.match.place.document.id for checked in report.quotations if checked.match.place is not None]
    assert places == [passage.reference.source.id for passage in collection.passages]
    assert [
        (figure.text, figure.status, figure.sentence) for figure in report.figures if figure.status != "agrees"
    ] == []
    assert not report.has_faults


def test_odd_characters_of_a_source_survive_every_text_export(library: Library) -> None:
    document = library.index.document("odd-2021")
    start = document.text.index("Nine")
    kept = keep(library.index, f"odd-2021@{start}-{len(document.text.rstrip())}")
    for name, suffix in (("docx", "docx"), ("markdown", "md"), ("csv", "csv")):
        data = export_collection(Collection("Odd", (CollectionItem((kept,)),)), name, "plain")
        (checked,) = check_draft(library, from_bytes(f"draft.{suffix}", data)).quotations
        assert (name, checked.match.state) == (name, "verbatim")


@pytest.mark.parametrize("text", ["Nets\n---\nropes", "Nets\n===", "Nets &lt; ropes &#42;", "1. Nets\n- ropes\n+ rope"])
def test_signs_of_markdown_in_a_quotation_are_shown(collection: Collection, text: str) -> None:
    kept = replace(collection.passages[0], text=text)
    exported = export_collection(Collection("Odd", (CollectionItem((kept,)),)), "markdown").decode()
    tokens = MarkdownIt().parse(exported)
    begin, end = ([token.type for token in tokens].index(f"blockquote_{side}") for side in ("open", "close"))
    assert [token.type for token in tokens[begin + 1 : end]] == ["paragraph_open", "inline", "paragraph_close"]
    shown = "".join(child.content or "\n" for child in tokens[begin + 2].children or ())
    assert shown == f"{text}[^1]"


def test_each_quotation_has_a_footnote_that_leads_to_edition_section_and_page(collection: Collection) -> None:
    paged = replace_pages(collection, "17")
    for style in STYLES:
        package = zipfile.ZipFile(io.BytesIO(export_collection(paged, "docx", style)))
        document, notes = (etree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
        texts = {note.get(f"{W}id"): "".join(note.itertext()) for note in notes}
        quotes = [
            paragraph
            for paragraph in document.iter(f"{W}p")
            if (styled := paragraph.find(f"{W}pPr/{W}pStyle")) is not None and styled.get(f"{W}val") == "Quote"
        ]
        assert len(quotes) == len(paged.passages)
        for quote, passage in zip(quotes, paged.passages, strict=True):
            (reference,) = quote.iter(f"{W}footnoteReference")
            note = texts[reference.get(f"{W}id")]
            assert str(passage.reference.source.edition) in note
            assert passage.reference.path[-1] in note
            assert "17" in note


def replace_pages(collection: Collection, page: str) -> Collection:
    def paged(passage: KeptPassage) -> KeptPassage:
        return replace(passage, reference=replace(passage.reference, page_label=page))

    items = tuple(replace(item, passages=tuple(map(paged, item.passages))) for item in collection.items)
    return replace(collection, items=items)


def test_the_word_file_is_a_complete_package_that_another_library_reads(collection: Collection) -> None:
    data = export_collection(replace(collection, name="Nul \0, page \f and a lone \ud800"), "docx", "apa")
    package = zipfile.ZipFile(io.BytesIO(data))
    assert package.testzip() is None
    types = etree.fromstring(package.read("[Content_Types].xml"))
    declared = {part.get("PartName") for part in types if part.get("PartName")}
    assert declared == {f"/{name}" for name in package.namelist() if not name.endswith((".rels", "Types].xml"))}
    for name in package.namelist():
        etree.fromstring(package.read(name))
    read = docx.Document(io.BytesIO(data))
    assert read.core_properties.title == "Nul  , page   and a lone  "
    assert [paragraph.style.name for paragraph in read.paragraphs if paragraph.style is not None].count("Quote") == 5
    assert data == export_collection(replace(collection, name="Nul \0, page \f and a lone \ud800"), "docx", "apa")


def test_no_cell_of_a_table_is_a_formula(library: Library) -> None:
    document = library.index.document("odd-2021")
    start = document.text.index("=1+2")
    kept = keep(library.index, f"odd-2021@{start}-{start + 20}")
    hostile = CollectionItem((kept,), "@SUM(A1)", ("+1", "=2"), "-cmd|' /C calc'!A0")
    text = export_collection(Collection("=name", (hostile,)), "csv", "plain").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["quotation"] == f"'{kept.text}"
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "|", "%")) for cell in row.values())


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".csv", ".tsv"])
def test_no_cell_of_a_spreadsheet_is_exported_as_a_formula(suffix: str, tmp_path: Path) -> None:
    starts = ("=HYPERLINK(A1)", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0")
    rows: list[list[str | float | Formatted | None]] = [["Port", "Nets"]]
    rows += [[f"{start} nets of the port", number] for number, start in enumerate(starts)]
    files = {".xlsx": xlsx([MadeSheet("Nets", rows)]), ".ods": ods([MadeSheet("Nets", rows)])}
    data = files.get(suffix) or csv_file(rows, "," if suffix == ".csv" else "\t")
    index = library_of(tmp_path, {f"nets{suffix}": data}).index
    text = index.document("nets").text
    kept = [keep(index, f"nets@{text.index(start.strip())}-{len(text)}") for start in starts]
    exported = export_collection(Collection("Nets", (CollectionItem(tuple(kept), ""),)), "csv", "plain")
    quotations = [row["quotation"] for row in csv.DictReader(io.StringIO(exported.decode("utf-8-sig")))]
    assert quotations == [f"'{passage.text}" for passage in kept]


def test_reference_managers_read_one_record_per_source(collection: Collection) -> None:
    records = rispy.loads(export_collection(collection, "ris", "plain").decode())
    sources = {passage.reference.source.id for passage in collection.passages}
    assert sorted(record["id"] for record in records) == sorted(sources)
    notes = "".join(note for record in records for note in record["notes"])
    assert all(passage.reference.id in notes for passage in collection.passages)


@pytest.mark.parametrize("style", STYLES)
def test_markup_in_a_title_stays_text_in_every_style(collection: Collection, style: str) -> None:
    reference = collection.passages[0].reference
    title = "The <I>Nets</I> & <Span> of '&amp;' Zandhafen"
    cited = cite_all([replace(reference, source=replace(reference.source, title=title), page_label="<i>")], style)
    assert "<i>" in "".join(run.text for run in cited.notes[0])
    assert title in "".join(run.text for runs in (*cited.notes, *cited.works) for run in runs)


@pytest.mark.parametrize("style", STYLES)
def test_a_control_character_in_a_title_is_a_space(collection: Collection, style: str) -> None:
    reference = collection.passages[0].reference
    cited = cite_all([replace(reference, source=replace(reference.source, title="Nets\x0bof Zandhafen"))], style)
    assert "Nets of Zandhafen" in "".join(run.text for runs in (*cited.notes, *cited.works) for run in runs)


def test_styles_differ_and_name_publisher_and_year(collection: Collection) -> None:
    reference = collection.passages[0].reference
    source = replace(reference.source, title="Bluebook 2016", publisher="Ministry & Co", series=None, url=None)
    (apa,), works = (cited := cite_all([replace(reference, source=source, page_label="12")], "apa")).notes, cited.works
    assert "".join(run.text for run in apa).startswith("(Ministry & Co, 2016, p. 12).")
    assert "".join(run.text for run in works[0]) == "Ministry & Co. (2016). Bluebook 2016."
    (chicago,) = cite_all([replace(reference, source=source, page_label="12")], "chicago").notes
    assert "".join(run.text for run in chicago).startswith("Ministry & Co, Bluebook 2016 (2016), 12.")
    assert [run.text for run in chicago if run.italic] == ["Bluebook 2016"]
