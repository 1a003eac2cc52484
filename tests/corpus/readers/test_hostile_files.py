"""Files made to do harm: loops, bombs, what reaches outside, and the smallest forms of what the fuzzer has found.

Some of them once took hours: such a test does not fail when the fault is back, it does not end.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus import catalogue, limits
from corpus.catalogue import YearPattern
from corpus.errors import CatalogueError, CorpusError, LimitError, UnreadableFile
from corpus.ingest import plan, read
from corpus.processes import ChildProcess
from corpus.readers import docx
from corpus.readers.html import reader as html
from corpus.readers.pdf import isolated
from corpus.readers.pdf import reader as pdf
from corpus.readers.zipped_xml import DocxPackage
from corpus.records import Document
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.formats import RENDERERS
from tests.factories.rendered.sheets import pack
from tests.invariants import check_conservation, check_spans, document

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw_pdf(objects: Mapping[int, bytes]) -> bytes:
    """A PDF file of these objects, with a right table of where they lie."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    last = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last, table)
    return bytes(out)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


TEXT = b"BT /F 12 Tf 72 700 Td (The boats sailed in spring and came home in autumn.) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PLAIN = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    4: stream(TEXT),
    5: FONT,
}
OUTLINE = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>"
LOOPS = {
    "a page tree whose root is its own child": {2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"},
    "a page tree that goes round": {
        2: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
        6: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1 >>",
    },
    "a page that is its own parent": {3: PLAIN[3].replace(b"/Parent 2 0 R", b"/Parent 3 0 R")},
    "a page tree that claims two billion pages": {2: b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>"},
    "an outline whose entry follows itself": {
        1: OUTLINE,
        6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
        7: b"<< /Title (Boats) /Parent 6 0 R /Next 7 0 R /Dest [3 0 R /Fit] >>",
    },
    "an outline whose entry is its own child": {
        1: OUTLINE,
        6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
        7: b"<< /Title (Boats) /Parent 6 0 R /First 7 0 R /Last 7 0 R /Dest [3 0 R /Fit] >>",
    },
    "a form that draws itself": {
        3: PLAIN[3].replace(b"/Font <<", b"/XObject << /X 6 0 R >> /Font <<"),
        4: stream(TEXT + b" /X Do"),
        6: stream(
            b"/X Do BT /F 12 Tf 72 600 Td (Nets dried.) Tj ET",
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] "
            b"/Resources << /XObject << /X 6 0 R >> /Font << /F 5 0 R >> >>",
        ),
    },
    "a stream whose length is itself": {4: stream(TEXT).replace(b"/Length %d" % len(TEXT), b"/Length 4 0 R")},
    "an object stream that extends itself": {
        6: stream(b"7 0 << /A 1 >>", b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")
    },
    "an object stream that holds itself": {6: stream(b"6 0 << /A 6 0 R >>", b"/Type /ObjStm /N 1 /First 4")},
    "a font whose letters are drawn with itself": {
        5: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 66 "
        b"/Widths [1 1] /Encoding << /Differences [65 /a /b] >> /CharProcs << /a 6 0 R /b 6 0 R >> "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        6: stream(b"1 0 d0 BT /F 1 Tf (AB) Tj ET"),
    },
    "a name that refers to itself": {1: b"<< /Type /Catalog /Pages 2 0 R /Lang 6 0 R >>", 6: b"6 0 R"},
}


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_pdf_with_a_reference_loop_is_read_or_rejected(loop: str) -> None:
    with suppress(UnreadableFile):
        reading = pdf.read(raw_pdf(PLAIN | LOOPS[loop]))
        assert "boats" in reading.text
        assert len(reading.text) < 1000


ENDLESS = {
    1: b"<< /Type /Catalog /Pages 2 0 R /PageLabels 6 0 R >>",
    6: b"<< /Kids [6 0 R] /Limits [0 9] >>",
}
"""Page labels that go round: PDFium follows them until the stack is full, and the process ends."""


def test_a_pdf_that_crashes_pdfium_does_not_affect_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(raw_pdf(PLAIN | ENDLESS))
    (tmp_path / "b.pdf").write_bytes(raw_pdf(PLAIN))
    first, second = plan([tmp_path]).sources
    with pytest.raises(UnreadableFile, match=r"crashes PDFium.* \((SIG|exit code)"):
        read(first)
    assert "boats sailed" in read(second).text


def test_a_pdf_that_takes_too_long_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = ChildProcess("tests.factories.child_module", "hang")
    monkeypatch.setattr(isolated, "_reader_children", isolated._PdfChild(hanging, limits.SECONDS))
    monkeypatch.setattr(isolated, "_drawing", isolated._PdfChild(hanging, limits.PAGE_SECONDS))
    monkeypatch.setenv(limits.SECONDS.variable, "1")
    monkeypatch.setenv(limits.PAGE_SECONDS.variable, "1")
    with pytest.raises(UnreadableFile, match=r"the limit is 1: raise YEARBOOK_QA_MAX_PDF_SECONDS"):
        isolated.read(raw_pdf(PLAIN))
    with pytest.raises(UnreadableFile, match=r"the limit is 1: raise YEARBOOK_QA_MAX_PAGE_SECONDS"):
        isolated.render_page(raw_pdf(PLAIN), "plain", 1, ())


def tiled(step: bytes) -> bytes:
    """A page that is read at once and filled with so many tiles that drawing it does not end."""
    return raw_pdf(
        PLAIN
        | {
            3: PLAIN[3].replace(b"/Font <<", b"/Pattern << /P 6 0 R >> /Font <<"),
            4: stream(TEXT + b" /Pattern cs /P scn 0 0 600 800 re f"),
            6: stream(
                b"0 0 .1 .1 re f",
                b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 600 800] /Resources << >> "
                b"/XStep %b /YStep %b" % (step, step),
            ),
        }
    )


def test_a_page_that_renders_forever_does_not_affect_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless, plain = tiled(b".1"), raw_pdf(PLAIN)
    assert "boats" in isolated.read(endless).text
    assert isolated.render_page(plain, "plain", 1, ()).startswith(b"\x89PNG")
    monkeypatch.setenv(limits.PAGE_SECONDS.variable, "1")
    with pytest.raises(UnreadableFile, match=r"the limit is 1: raise YEARBOOK_QA_MAX_PAGE_SECONDS"):
        isolated.render_page(endless, "endless", 1, ())
    monkeypatch.delenv(limits.PAGE_SECONDS.variable)
    assert isolated.render_page(plain, "plain", 1, ()).startswith(b"\x89PNG")


def test_reading_in_a_child_process_gives_the_same_result_and_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rendered_pdf.render(SMALL).data
    assert isolated.read(data) == pdf.read(data)
    monkeypatch.setenv(limits.GLYPHS.variable, "10")
    with pytest.raises(UnreadableFile, match="characters or more; the limit is 10: "):
        isolated.read(data)
    monkeypatch.setenv(limits.GLYPHS.variable, "few")
    with pytest.raises(LimitError, match="YEARBOOK_QA_MAX_GLYPHS is 'few'"):
        isolated.read(data)


def test_the_pdf_without_a_loop_is_read() -> None:
    assert pdf.read(raw_pdf(PLAIN)).text == "The boats sailed in spring and came home in autumn.\n"


def test_a_cyclic_xref_table_is_read_or_rejected() -> None:
    data = raw_pdf(PLAIN)
    start = data.rindex(b"startxref\n") + 10
    place = data[start : data.index(b"\n", start)]
    looped = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + place)
    with suppress(UnreadableFile):
        assert "boats sailed" in pdf.read(looped).text


@pytest.mark.parametrize("far", ["1000000", "1e30", "99999999999999999999"])
def test_a_glyph_far_off_the_page_costs_no_time(far: str) -> None:
    lines = b"".join(b"1 0 0 1 72 %d Tm (Boats sailed in spring.) Tj " % height for height in range(100, 700, 20))
    content = b"BT /F 12 Tf %b 1 0 0 1 %b 700 Tm (Nets dried.) Tj ET" % (lines, far.encode())
    assert "Boats sailed in spring." in pdf.read(raw_pdf(PLAIN | {4: stream(content)})).text


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A DOCX file of these parts."""
    relations = f"<Relationships xmlns='{PACKAGE}'><Relationship Id='r' Type='{OFFICE}/officeDocument' "
    whole = {"_rels/.rels": f"{relations}Target='word/document.xml'/></Relationships>".encode(), **parts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def body(inside: str) -> str:
    return f"<w:document xmlns:w='{WORD}'><w:body><w:p><w:r><w:t>{inside}</w:t></w:r></w:p></w:body></w:document>"


BOMB = "<!DOCTYPE a [<!ENTITY b 'boom'>" + "".join(
    f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in zip("bcdefghi", "cdefghij", strict=True)
)


MAIN_PARTS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
    ".odp": "content.xml",
    ".epub": "OPS/chapter1.xhtml",
}


def edited(suffix: str, edit: Callable[[str], bytes]) -> bytes:
    """A file of a format of zipped XML, after an edit of the main part without its declarations."""
    with zipfile.ZipFile(io.BytesIO(RENDERERS[suffix](SMALL))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", parts[MAIN_PARTS[suffix]].decode())
    return pack(parts | {MAIN_PARTS[suffix]: edit(main)})


@pytest.mark.parametrize("suffix", MAIN_PARTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("entity", ["<!ENTITY j SYSTEM 'file:///etc/passwd'>", ""])
def test_entities_of_zipped_files_are_not_expanded_in_any_encoding(suffix: str, entity: str, encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?>" + (f"<!DOCTYPE a [{entity}" if entity else BOMB) + "]>"
    data = edited(suffix, lambda main: f"{head}{re.sub('>[^<>]{3,}<', '>&j;<', main, count=3)}".encode(encoding))
    with suppress(UnreadableFile):
        text = document(Path(f"a{suffix}"), data).text
        assert suffix == ".epub"
        assert "root:" not in text
        assert "boomboom" not in text


@pytest.mark.parametrize("suffix", MAIN_PARTS)
def test_a_part_that_unpacks_to_more_than_the_limit_is_refused(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.PART.variable, "100000")
    data = edited(suffix, lambda main: main.replace("</", " " * 200_000 + "</", 1).encode())
    with pytest.raises(UnreadableFile, match="ZIP bomb"):
        document(Path(f"a{suffix}"), data)


XLINK = "xmlns:x='http://www.w3.org/1999/xlink'"
LINKED: dict[str, tuple[str, str]] = {
    ".docx": (r"(<w:r>.*?</w:r>)", r"<w:fldSimple w:instr='HYPERLINK \"{link}\"'>\1</w:fldSimple>"),
    ".xlsx": (r"(<is><t>)([^<>]{3,})</t></is>", r"<f>HYPERLINK('{link}','\2')</f><v/>\1\2</t></is>"),
    ".pptx": (r"<a:r>(<a:t>[^<>]{3,})", r"<a:r><a:rPr><a:hlinkClick r:id='x' action='{link}'/></a:rPr>\1"),
    ".html": (r"(<p>)([^<>]{3,})", r"\1<a href='{link}' onclick='{link}'>\2</a>"),
    ".epub": (r"(<p>)([^<>]{3,})", r"\1<a href='{link}' onclick='{link}'>\2</a>"),
    **dict.fromkeys(
        (".odt", ".ods", ".odp"), (r"(<text:p>)([^<>]{3,})", rf"\1<text:a {XLINK} x:href='{{link}}'>\2</text:a>")
    ),
}
"""By suffix: what becomes a link, and how."""


@pytest.mark.parametrize("suffix", LINKED)
@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "vbscript:x"])
def test_the_address_of_a_link_is_not_in_the_text_or_the_metadata(suffix: str, link: str) -> None:
    pattern, replacement = LINKED[suffix]

    def add_links(main: str) -> str:
        linked = re.sub(pattern, replacement.format(link=link), main)
        assert link in linked
        return linked

    if suffix == ".html":
        page = RENDERERS[suffix](SMALL).decode()
        head = f'<link rel="canonical" href="{link}"><meta property="og:url" content="{link}">'
        plain = document(Path("a.html"), re.sub('<link rel="canonical".*?>', "", page).encode())
        read_file = document(Path("a.html"), add_links(re.sub('<link rel="canonical".*?>', head, page)).encode())
    else:
        plain = document(Path(f"a{suffix}"), edited(suffix, lambda main: main.encode()))
        read_file = document(Path(f"a{suffix}"), edited(suffix, lambda main: add_links(main).encode()))
    assert (read_file.text, read_file.url) == (plain.text, None)


@pytest.mark.parametrize("link", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "file:///etc/passwd"])
def test_no_declared_address_of_a_script_or_a_local_file_becomes_a_link(link: str) -> None:
    assert document(Path("a.md"), f"---\ntitle: Boats\nurl: {link}\n---\n\nBoats sailed.\n".encode()).url is None


def test_entities_of_a_page_are_not_expanded_or_fetched() -> None:
    page = f"{BOMB}<!ENTITY k SYSTEM 'file:///etc/passwd'>]><html><p>Boats. &j; &k;</p></html>"
    text = html.read(page.encode()).text
    assert "boomboom" not in text
    assert "root:" not in text
    assert len(text) < 2000


@pytest.mark.parametrize("unit", ["x ", "/*", "@", "{", "}", "a{", "@a{", "font", "display :"])
def test_a_style_sheet_that_closes_nothing_is_read_in_linear_time(unit: str) -> None:
    page = f"<style>{unit * 200_000}</style><p style='{unit * 100_000}'>Boats sailed.</p>"
    assert html.read(page.encode()).text == "Boats sailed.\n"


def test_a_docx_part_with_many_references_is_read_once() -> None:
    relation = f"<Relationship Id='r' Type='{OFFICE}/styles' Target='styles.xml'/>"
    parts = {
        "word/document.xml": body("Boats.").encode(),
        "word/_rels/document.xml.rels": f"<Relationships xmlns='{PACKAGE}'>{relation * 500}</Relationships>".encode(),
        "word/styles.xml": f"<w:styles xmlns:w='{WORD}'/>".encode(),
    }
    package = DocxPackage(packed(parts))
    assert len(package.parts_of("styles")) == 1
    assert docx.read(packed(parts)).text == "Boats.\n"


@pytest.mark.parametrize(
    "first",
    [
        "<figcaption>Figure 1. A quay.</figcaption>",
        "<figcaption>Figure 1. A quay.<p>Seen from the sea.</p></figcaption>",
        "<table><tr><th>Port</th><th>Ships</th></tr><tr><td>North</td><td>12</td></tr></table>",
        "<table><caption>Table 1</caption><tr><th>Port</th><th>Ships</th></tr><tr><td>A</td><td>12</td></tr></table>",
        '<div class="footnote" id="fn1">1 The council adopted it.</div>',
    ],
)
@pytest.mark.parametrize("around", ["{}", "<figcaption>{}", "<div class='footnote' id='fn2'>{}</div>"])
def test_an_inset_that_begins_with_any_block_is_covered_exactly_once(first: str, around: str) -> None:
    column = around.format(f'<aside class="column">{first}<p>The crew rises before dawn.</p></aside>')
    one = read_alone(
        ".html", f"<html><body><h1>1. Boats</h1><p>They sailed.</p>{column}<p>They came home.</p></body></html>"
    )
    check_conservation(one)
    check_spans(one)
    assert around != "{}" or "The crew rises before dawn." in one.text


def test_deeply_nested_docx_text_is_read_or_the_file_is_rejected() -> None:
    for levels in (10, 130, 240):
        deep = "<w:ins>" * levels + "<w:r><w:t>deep</w:t></w:r>" + "</w:ins>" * levels
        inside = f"flat</w:t></w:r>{deep}<w:r><w:t>"
        assert docx.read(packed({"word/document.xml": body(inside).encode()})).text == "flatdeep\n"
    deeper = f"flat</w:t></w:r>{'<w:ins>' * 300}{'</w:ins>' * 300}<w:r><w:t>"
    with pytest.raises(UnreadableFile, match="Excessive depth"):
        docx.read(packed({"word/document.xml": body(deeper).encode()}))


def test_error_messages_are_one_line() -> None:
    with pytest.raises(UnreadableFile, match="Invalid character") as raised:
        docx.read(packed({"word/document.xml": b"<a>\n\x00</a>"}))
    assert "\n" not in str(raised.value)
    assert str(CorpusError("a\r\nb\u2028c")) == "a b c"


@pytest.mark.parametrize("value", ["[" * 100_000, '{"_id":' * 50_000, "[" * 100_000 + "]" * 100_000])
def test_deeply_nested_records_are_rejected(value: str, tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(f'{{"_id": "a", "text": "Boats.", "metadata": {value}}}\n', encoding="utf-8")
    (unread,) = plan([tmp_path]).unread
    assert unread.reason.startswith("line 1: not JSON")


RUNS = ["A", " ", "\t", ".", "*", "_", "`", "[", "(", "|", "- ", "> ", "#", "1.", "港", "[^1]", "&", "a\u0301", "\x0c"]


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize("sign", RUNS)
def test_a_long_line_of_one_character_is_read_completely(sign: str, suffix: str) -> None:
    one = read_alone(
        suffix, f"Harbour report\n\nBoats came in 2015.\n\n{sign * (20_000 // len(sign))}\n\nNets dried.\n"
    )
    check_conservation(one)
    check_spans(one)
    assert "Nets dried." in one.text


def test_a_heading_of_sixty_thousand_words_takes_linear_time() -> None:
    one = read_alone(".md", f"# {'boats and nets ' * 20_000}\n\nNets dried.\n\n## Quay\n\nThe quay was dredged.\n")
    check_conservation(one)


def read_alone(suffix: str, text: str) -> Document:
    return document(Path(f"harbour{suffix}"), text.encode())


def test_a_glob_of_many_stars_matches_without_backtracking(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*(["a"] * 24))
    deep.mkdir(parents=True)
    (deep / "boats.txt").write_text("Boats sailed in 2015.\n", encoding="utf-8")
    stars = "**/" * 16
    (tmp_path / "corpus.toml").write_text(f'[[document]]\nfile = "{stars}nets.txt"\n', encoding="utf-8")
    planned = plan([tmp_path])
    assert [one.name for one in planned.unlisted] == ["boats.txt"]
    assert planned.missing == (str(tmp_path / f"{stars}nets.txt"),)


def test_a_catastrophic_edition_pattern_is_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{'a' * 60}.txt"
    (tmp_path / name).write_text("Boats sailed in 2015.\n", encoding="utf-8")
    (tmp_path / "corpus.toml").write_text("[defaults]\n\nedition_from = '^(a|a)*(?!)'\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "PATTERN_TIMEOUT", 0.2)
    with pytest.raises(CatalogueError) as raised:
        plan([tmp_path])
    assert str(raised.value).startswith(f"{tmp_path / 'corpus.toml'}, line 3: edition_from")
    assert name in str(raised.value)


def test_an_overlong_edition_pattern_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(f"[defaults]\nedition_from = '({'1|' * 1000}2)'\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"line 2: .*of at most 1,000 characters"):
        plan([tmp_path])


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(\d{4})", r"(20\d\d|19\d\d)", r"(?<=-)(\d{4})(?!\d)", r"(?i)REPORT-(?P<year>\d{4})",
        r"(?x) report - ( \d{4} ) # the year", r"[^\W\d_]+-(\d+)", r"\b(2[0-9]{3})\b", r"(?s:.)*?(\d{4})\.[a-z]+\Z",
    ],
)  # fmt: skip
def test_edition_patterns_match_like_python_patterns(pattern: str) -> None:
    for name in ("report-2016.txt", "2016-17 Report.pdf", "Bericht_20161.docx", "年報-2016.txt", "none.txt"):
        with suppress(CatalogueError):
            found = re.search(pattern, name)
            assert YearPattern(pattern, "here").year(name) == (int(found[1]) if found else None)


@pytest.mark.parametrize(
    "file", ["../secret.txt", "/etc/passwd", "deep/../../secret.txt", "..\\\\secret.txt", "C:\\\\a"]
)
def test_a_catalogue_cannot_name_files_outside_its_folder(file: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.txt").write_text("The secret of the harbour.\n", encoding="utf-8")
    (home / "a.txt").write_text("Boats sailed in 2015.\n", encoding="utf-8")
    (home / "corpus.toml").write_text(f'[[document]]\nfile = "{file}"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="file"):
        plan([home])


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "deep").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("The secret of the harbour.\n", encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "more.txt").write_text("More of it.\n", encoding="utf-8")
    (home / "a.txt").write_text("Boats sailed in 2015.\n", encoding="utf-8")
    (home / "corpus.toml").write_text('[[document]]\nfile = "deep/out.txt"\n', encoding="utf-8")
    try:
        (home / "deep" / "out.txt").symlink_to(tmp_path / "secret.txt")
        (home / "there").symlink_to(tmp_path / "secrets", target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    planned = plan([home])
    assert [source.path.name for source in planned.sources] == ["a.txt"]
    assert {one.path.name: one.reason for one in planned.unread} == {
        "out.txt": "a link that leads out of the folder",
        "there": "a link to a folder, which is not followed: pass the folder itself",
    }
    assert "secret" not in read(planned.sources[0]).text


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server on this machine, and the requests that it gets, also those of native libraries."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", requests
        server.shutdown()
        thread.join()


def with_references(suffix: str, data: bytes, address: str) -> bytes:
    """Return a file whose parts name stylesheets, document types, pictures, frames and other parts at an address."""
    url = address.encode()
    doctype = b'<?xml-stylesheet href="%b/a.xsl" type="text/xsl"?><!DOCTYPE a SYSTEM "%b/a.dtd">' % (url, url)
    loaded = (
        b'<base href="%b/"><link rel="stylesheet" href="%b/a.css"><meta http-equiv="refresh" content="0;url=%b/r">'
        b'<img src="%b/a.png" srcset="%b/b.png 2x"><iframe src="%b/f"></iframe><object data="%b/o"></object>'
    ) % ((url,) * 7)
    related = b'<Relationship Id="far" Type="%b/image" Target="%b/t" TargetMode="External"/></Relationships>'
    if suffix in {".html", ".md", ".txt"}:
        return loaded + b"\n\n![a](%b/m.png)\n\n" % url + data
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename.endswith(".rels"):
                part = part.replace(b"</Relationships>", related % (OFFICE.encode(), url))
            elif info.filename.endswith((".xhtml", ".html")):
                part = part.replace(b"<body>", b"<body>" + loaded)
            elif info.filename.endswith((".xml", ".opf", ".ncx")):
                part = part.replace(b"?>", b"?>" + doctype, 1)
            new.writestr(info.filename, part)
    return changed.getvalue()


@pytest.mark.parametrize("suffix", [suffix for suffix in RENDERERS if suffix not in {".pdf", ".csv", ".tsv"}])
def test_addresses_in_a_file_are_not_fetched(suffix: str, listening: tuple[str, list[str]], tmp_path: Path) -> None:
    address, requests = listening
    path = tmp_path / f"report{suffix}"
    path.write_bytes(with_references(suffix, RENDERERS[suffix](SMALL), address))
    assert address.encode() in path.read_bytes() or zipfile.is_zipfile(path)
    with suppress(CorpusError):
        document(path, path.read_bytes())
    assert requests == []
