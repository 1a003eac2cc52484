"""EPUB: chapters in reading order, page lists, metadata, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.readers import epub
from tests.factories.outlined_texts import SMALL, compare
from tests.factories.rendered import epub as rendered_epub
from tests.factories.rendered.epub import page
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.sheets import pack
from tests.invariants import check_conservation, check_spans, document


def test_a_publication_has_its_outline_notes_captions_and_insets() -> None:
    compared = compare(SMALL, epub.read(rendered_epub.render(SMALL)))
    assert (compared.share, compared.wrong, compared.insets) == (1.0, [], [])
    assert (compared.notes, compared.captions) == (1.0, 1.0)


def test_chapters_are_read_in_the_order_of_the_spine_without_navigation() -> None:
    chapters = {"b": page("<h1>Nets</h1><p>Nets dried.</p>"), "a": page("<h1>Boats</h1><p>Boats sailed.</p>")}
    reading = epub.read(rendered_epub.epub(chapters, ["nav", "a", "b", "a"]))
    assert reading.text == "Boats\n\nBoats sailed.\n\nNets\n\nNets dried.\n"
    assert marked_texts(reading, "section") == ["Boats", "Nets"]


def test_pages_have_the_labels_of_page_breaks() -> None:
    first = (
        '<p>Front.</p><span epub:type="pagebreak" id="a" title="iv"/><h1>Boats</h1>'
        '<p>They sailed <span role="doc-pagebreak" aria-label="Page 5"></span> home. '
        'Then<span epub:type="pagebreak">6</span> they slept.</p>'
    )
    second = (
        '<p>Nets <a id="p7"/>dried.</p><h2 id="p8">Quays</h2>'
        '<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td id="p9">2</td></tr></table>'
    )
    links = "".join(f'<li><a href="two.xhtml#p{number}">{number}</a></li>' for number in (7, 8, 9))
    navigation = f'<nav epub:type="page-list"><ol>{links}</ol></nav>'
    data = rendered_epub.epub({"one": page(first), "two": page(second)}, navigation=navigation)
    made = document(Path("a.epub"), data)
    check_spans(made)
    check_conservation(made)
    assert made.text.startswith("Front.\n\nBoats\n\nThey sailed home. Then they slept.\n\nNets dried.\n\nQuays\n\n")

    def label(words: str) -> str | None:
        span = made.page_at(made.text.index(words))
        return None if span is None else span.label

    expected = {"Front": None, "Boats": "iv", "sailed": "iv", "home": "5", "Then": "5", "they slept": "6",
                "Nets": "6", "dried": "7", "Quays": "8", "1 |": "9"}  # fmt: skip
    assert {words: label(words) for words in expected} == expected


def test_the_page_list_of_the_older_format_counts_too() -> None:
    ncx = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><pageList><pageTarget><navLabel><text>12</text></navLabel>'
        '<content src="one.xhtml#x"/></pageTarget></pageList></ncx>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        '<spine toc="ncx"><itemref idref="one"/></spine></package>'
    )
    more = {"OPS/toc.ncx": ncx, "OPS/package.opf": package}
    made = document(Path("a.epub"), rendered_epub.epub({"one": page('<p id="x">Boats sailed.</p>')}, more=more))
    assert [(span.page, span.label) for span in made.pages] == [(1, "12")]


def test_metadata_is_that_of_the_package() -> None:
    metadata = (
        "<dc:title>Port Report 2015</dc:title><dc:language>en-GB</dc:language><dc:publisher>Port Office</dc:publisher>"
        "<dc:date>2016-04-01T00:00:00Z</dc:date>"
    )
    made = document(Path("a.epub"), rendered_epub.epub({"a": page("<p>Boats sailed.</p>")}, metadata=metadata))
    assert (made.title, made.language, made.publisher, made.published) == (
        "Port Report 2015", "en", "Port Office", "2016-04-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("modified", "published"), [("2026-04-01T18:56:01Z", None), ("2026-05-02T08:00:00Z", "2026-04-01")]
)
def test_the_date_at_which_a_program_wrote_the_file_is_none_of_publication(
    modified: str, published: str | None
) -> None:
    metadata = (
        "<dc:title>Port Report 2015</dc:title><dc:date>2026-04-01T18:56:01Z</dc:date>"
        f'<meta property="dcterms:modified">{modified}</meta>'
    )
    made = document(Path("a.epub"), rendered_epub.epub({"a": page("<p>Boats sailed.</p>")}, metadata=metadata))
    assert made.published == published


def test_other_files_are_refused_and_missing_chapters_named() -> None:
    chapters = {"a": page("<p>Boats sailed.</p>"), "b": "%PDF-1.7"}
    locked = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData '
        'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
        '<e:CipherData><e:CipherReference URI="OPS/a.xhtml"/></e:CipherData></e:EncryptedData></encryption>'
    )
    for data, reason in (
        (rendered_epub.epub(chapters, more={"META-INF/encryption.xml": locked}), "digital rights"),
        (rendered_epub.epub({"a": page("<p/>")}), "no chapter has text"),
        (pack({"META-INF/container.xml": rendered_epub.CONTAINER}), "no package document"),
        (pack({"META-INF/container.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "declares entities"),
        (b"PK", "not a ZIP archive"),
    ):
        with pytest.raises(UnreadableFile, match=reason):
            epub.read(data)
    (warning,) = epub.read(rendered_epub.epub(chapters, ["a", "b", "../../etc/passwd"])).warnings
    assert warning.startswith("parts of the book are not read: OPS/b.xhtml: not text")
