"""Footnotes and glossaries, and their marks in the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.catalogue import Entry
from corpus.chunking.passages import Lengths, chunk, note_contexts
from corpus.ingest import Source, build_document
from corpus.readers.registry import reader_for
from corpus.records import Document
from corpus.structure.lines import split_lines
from corpus.structure.notes import find_note_references, find_notes
from corpus.structure.outline import infer_outline
from tests.factories.outlined_texts import Publication, seeds
from tests.factories.rendered import docx as rendered_docx
from tests.factories.rendered import html as rendered_html
from tests.factories.rendered import pdf as rendered_pdf

REPORT = """1. Fisheries

The council ruled on the quota.1 Exports grew, the agency (FAO)2has said, by 3.5 percent.

  • 1 The ruling concerns the northern waters.
  • 2 FAO: Food and Agriculture Organization
    An agency that collects figures on food.
2. Forests

Felling was limited in the award1 of May. Losses (Note 7) were small, and so was illegal logging,* which fell.

  • 1 The award was published in June.
- * Illegal logging
- Illegal logging refers to felling without a licence.
- Note 7: Losses by fire are left out."""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(item.kind, item.text.strip()) for item in infer_outline(text)]


def test_notes_and_glossary_entries_are_distinguished_from_the_body() -> None:
    assert kinds(REPORT) == [
        ("section", "1. Fisheries"),
        ("notes", "• 1 The ruling concerns the northern waters."),
        ("notes", "• 2 FAO: Food and Agriculture Organization"),
        ("notes", "An agency that collects figures on food."),
        ("section", "2. Forests"),
        ("notes", "• 1 The award was published in June."),
        ("glossary", "- * Illegal logging"),
        ("glossary", "- Illegal logging refers to felling without a licence."),
        ("notes", "- Note 7: Losses by fire are left out."),
    ]


def test_the_mark_of_each_note_is_found() -> None:
    outline = infer_outline(REPORT)
    marks = find_note_references(REPORT, outline)
    star = REPORT.index("logging,*") + len("logging,")
    assert {outline[position].text.strip()[:12]: offsets for position, offsets in marks.items()} == {
        "• 1 The ruli": (REPORT.index("1 Exports"),),
        "• 2 FAO: Foo": (REPORT.index("2has"),),
        "An agency th": (REPORT.index("2has"),),
        "• 1 The awar": (REPORT.index("1 of May"),),
        "- * Illegal ": (star,),
        "- Illegal lo": (star,),
        "- Note 7: Lo": (REPORT.index("(Note 7)"),),
    }


def test_notes_belong_to_the_section_with_all_their_marks() -> None:
    text = (
        "1. Water\n\nRivers rose.\n\n(1) Rivers\n\nA dam broke (Note 1) in May.\n\n"
        "(2) Lakes\n\nA lake dried (Note 2) out.\n\n"
        "Note 1: It was rebuilt.\nNote 2: It filled again."
    )
    outline = infer_outline(text)
    water, rivers, lakes, first, second = outline
    assert [first.kind, second.kind] == ["notes", "notes"]
    assert first.parent == second.parent == 0
    assert lakes.end < first.start < water.end
    assert rivers.parent == lakes.parent == 0


def test_a_bulleted_list_that_begins_with_numbers_is_no_note() -> None:
    assert find_notes(split_lines("We opened:\n\n• 3 new schools in the north\n• 12 clinics in the south")) == {}


def test_a_numbered_sentence_is_a_note_only_with_a_mark() -> None:
    body = "1. Trade\n\nTariffs fell after the accord{} of May.\n\n1 The accord was signed in Lima."
    assert [item.kind for item in infer_outline(body.format("1"))] == ["section", "notes"]
    assert [item.kind for item in infer_outline(body.format(""))] == ["section"]


def test_years_decimals_and_names_are_no_marks() -> None:
    text = "The G7 met in FY2019 and gave 4.7 million.\n\n• 1 Seven states.\n• 2 A sum.\n• 3 Paid in May."
    outline = infer_outline(text)
    assert set(find_note_references(text, outline).values()) == {()}


def test_all_notes_of_the_judged_documents_have_marks(data: Path) -> None:
    if not (data / "seeds").is_dir():
        pytest.skip(f"no seeds in {data}")
    for judged in json.loads((data / "seeds-eval" / "outline.json").read_text(encoding="utf-8")):
        text = (data / "seeds" / judged["file"]).read_text(encoding="utf-8")
        marks = find_note_references(text, infer_outline(text))
        assert len(marks) == len(judged["note_lines"])
        assert all(marks.values())


def marked(suffix: str, data: bytes) -> Document:
    reader = reader_for(Path(f"report{suffix}"))
    assert reader is not None
    return build_document(Source("report", Path(f"report{suffix}"), Entry(), False, ""), reader(data))


DECLARED = {
    ".html": b"<h1>Water</h1><h2>Rivers</h2><p>A dam broke<sup><a href='#fn1'>1</a></sup> in May. Rain fell.</p>"
    b"<h2>Lakes</h2><p>A lake dried<sup><a href='#fn2'>2</a></sup> out.</p>"
    b"<ol class='footnotes'><li id='fn1'>It was rebuilt.</li><li id='fn2'>It filled again.</li></ol>",
    ".md": b"# Water\n\n## Rivers\n\nA dam broke[^1] in May. Rain fell.\n\n## Lakes\n\nA lake dried[^b] out.\n\n"
    b"[^1]: It was rebuilt.\n[^b]: It filled again.\n",
}


@pytest.mark.parametrize("suffix", sorted(DECLARED))
def test_declared_end_notes_are_placed_like_inferred_ones(suffix: str) -> None:
    document = marked(suffix, DECLARED[suffix])
    notes = [item for item in document.outline if item.kind == "notes"]
    assert [item.parent for item in notes] == [0, 0]
    first, second = note_contexts(document).values()
    assert first.startswith("A dam broke")
    assert first.endswith("in May.")
    assert second.startswith("A lake dried")
    passages = chunk(document, lambda texts: [len(text.split()) for text in texts], Lengths()).passages
    assert [passage.text[-16:].strip() for passage in passages if passage.kind == "notes"] == [
        "It was rebuilt.",
        "It filled again.",
    ]


def test_notes_under_their_own_heading_stay_there() -> None:
    document = marked(".md", DECLARED[".md"].replace(b"[^1]: It", b"# Notes\n\n[^1]: It"))
    heading = next(place for place, item in enumerate(document.outline) if item.text == "# Notes")
    assert {item.parent for item in document.outline if item.kind == "notes"} == {heading}


def test_a_glossary_declared_as_notes_is_recognised_by_its_form() -> None:
    page = (
        "<h1>Crime</h1><p>Felling without a licence, illegal logging,* fell.</p>"
        "<div class='footnote'>* Illegal logging</div>"
        "<div class='footnote'>Illegal logging refers to felling without a licence.</div>"
    )
    document = marked(".html", page.encode())
    assert [item.kind for item in document.outline] == ["section", "glossary", "glossary"]
    assert set(note_contexts(document)) == {1, 2}


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf"])
def test_every_format_of_a_document_places_its_notes_alike(data: Path, suffix: str) -> None:
    if not (data / "seeds").is_dir():
        pytest.skip(f"no seeds in {data}")
    for publication in seeds(data):
        rendered = {".html": rendered_html.render, ".docx": rendered_docx.render}
        document = marked(suffix, rendered[suffix](publication) if suffix in rendered else pdf_of(publication))
        marks = find_note_references(document.text, document.outline)
        assert len(marks) >= 5
        assert all(marks.values())
        for position, (first, *_) in marks.items():
            around = document.outline[position].parent
            assert around is None or document.outline[around].start < first < document.outline[around].end


def pdf_of(publication: Publication) -> bytes:
    return rendered_pdf.render(publication).data
