"""Saved web pages: the content without the site around it, and its structure as marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.html import reader
from corpus.records import TableShape
from tests.factories import rendered_html
from tests.factories.outlined_texts import SMALL, compare, seeds
from tests.factories.rendered_formats import marked_texts
from tests.factories.rendered_html import COOKIES, NAVIGATION, SIDE


def read(source: str) -> Reading:
    return reader.read(source.encode())


@pytest.mark.parametrize("main", ["main", "article", "div"])
def test_the_content_is_read_without_the_site_around_it(main: str) -> None:
    reading = reader.read(rendered_html.render(SMALL, main=main))
    for outside in (COOKIES, SIDE, "Copyright", "tracked", NAVIGATION.split()[0], "Accept"):
        assert outside not in reading.text
    compared = compare(SMALL, reading)
    assert compared.wrong == compared.insets == []
    assert compared.notes == compared.captions == 1


@pytest.mark.parametrize("main", ["main", "div"])
def test_seeds_keep_their_outline_as_web_pages(data: Path, main: str) -> None:
    for publication in seeds(data):
        compared = compare(publication, reader.read(rendered_html.render(publication, main=main)))
        assert compared.share >= 0.99, compared.wrong
        assert compared.insets == []
        assert min(compared.notes, compared.captions) >= 0.99


def test_the_head_of_the_page_gives_the_metadata() -> None:
    assert reader.read(rendered_html.render(SMALL)).metadata == {
        "title": "Annual Report 2021",
        "publisher": "The Ministry",
        "date": "2016-04-15",
        "url": "https://example.org/report/Annual Report 2021.html",
        "lang": "en",
    }


def test_only_br_breaks_a_line() -> None:
    assert read("<p>one\n  two<br>three&nbsp;&nbsp;four\u00ad\u200b!</p>").text == "one two\nthree four!\n"


def test_list_items_are_lines_with_bullets_and_numbers() -> None:
    reading = read("<ul><li>a<ol start=3><li>b<li>c</ol><li>d</ul><dl><dt>term<dd>meaning</dl>")
    assert reading.text == "- a\n3. b\n4. c\n- d\n\nterm\nmeaning\n"


def test_a_spanned_cell_is_written_once_and_its_extent_is_declared() -> None:
    reading = read(
        "<table><caption>Berths</caption><tr><th>Port<th colspan=2>Berths</tr>"
        "<tr><td rowspan=2>East<td>2020<td>4</tr><tr><td>2021<td>5</tr><tr><td colspan=3>Source: ministry</table>"
    )
    rows = "Berths\nPort | Berths\nEast | 2020 | 4\n| 2021 | 5\nSource: ministry"
    assert marked_texts(reading, "table") == [rows]
    (shape,) = [mark.table for mark in reading.marks or () if mark.kind == "table"]
    assert shape == TableShape(4, 1, ((0, 1, 2, 1), (1, 0, 1, 2), (3, 0, 3, 1)))


def test_signs_in_columns_of_their_own_join_the_figures() -> None:
    reading = read(
        "<table><tr><td><td></td><td colspan=3>2019</td><td></td><td colspan=3>2018</tr>"
        "<tr><td>Sales<td></td><td>$</td><td>933</td><td></td><td></td><td>$</td><td>784</td><td></tr>"
        "<tr><td>Loss<td></td><td></td><td>(54</td><td>)</td><td></td><td></td><td>69</td><td>%</tr></table>"
    )
    assert marked_texts(reading, "table") == ["| 2019 | 2018\nSales | $933 | $784\nLoss | (54) | 69%"]


def test_a_layout_table_is_not_a_table() -> None:
    reading = read("<table><tr><td>Links</td><td><h1>Report</h1><p>The year.</p></td></tr></table>")
    assert marked_texts(reading, "table") == []
    assert marked_texts(reading, "section") == ["Report"]


def test_notes_in_a_list_are_numbered_notes() -> None:
    reading = read(
        '<p>Text<sup><a href="#fn1">1</a></sup></p><section class="footnotes"><ol><li id="fn1">One</ol></section>'
    )
    assert reading.text == "Text¹\n\n1. One\n"
    assert marked_texts(reading, "notes") == ["1. One"]


def test_superscripts_stay_apart_from_the_number_before_them() -> None:
    page = (
        '<p>Felled in 2016<sup><a href="#fn3">3</a></sup>, 10<sup>6</sup> trees; an award<sup>4</sup> followed.</p>'
        "<h2>Trade in 2015<sup>2</sup></h2><p>CO<sub>2</sub></p>"
    )
    text = reader.read(page.encode()).text
    assert text == "Felled in 2016³, 10⁶ trees; an award4 followed.\n\nTrade in 2015²\n\nCO2\n"


def test_hidden_elements_scripts_and_styles_are_skipped() -> None:
    source = "<p>shown<script>a()</script><style>b{}</style></p><p hidden>c</p><p style='display: none'>d</p><!-- e -->"
    assert read(source).text == "shown\n"


def test_a_side_bar_with_most_of_the_content_is_kept() -> None:
    assert "The report" in read(f"<main><div class='sidebar'><p>The report {'of the year ' * 20}</p></div></main>").text


@pytest.mark.parametrize(
    ("encoding", "label"),
    [("shift_jis", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("gb18030", "gb2312"), ("cp1252", "latin1")],
)
def test_a_page_is_decoded_in_the_declared_encoding(encoding: str, label: str) -> None:
    text = {"shift_jis": "外交青書", "euc_jp": "外交青書", "gb18030": "外交部", "cp1252": "“été”"}[encoding]
    source = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head><p>{text}</p>'
    assert reader.read(source.encode(encoding)).text == f"{text}\n"


def test_a_wrongly_declared_encoding_is_ignored() -> None:
    assert (
        reader.read('<meta charset="shift_jis"><p>Ünïted Nåtiøns – “été”</p>'.encode()).text
        == "Ünïted Nåtiøns – “été”\n"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<html><body><script>x</script></body></html>", "no text in the page"),
        (b"%PDF-1.4", "a PDF file"),
    ],
)
def test_files_that_are_not_pages_are_rejected_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        reader.read(data)


def test_entities_are_not_expanded_and_deep_nesting_is_handled() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]><p>x &b;</p>'
    assert "boomboom" not in read(bomb).text
    deep = read("<div>" * 1500 + "<p>deep</p>" + "</div>" * 1500 + "<p>after</p>")
    assert deep.text == "deep\n\nafter\n"
    with pytest.raises(UnreadableFile, match="thousands deep"):
        read("<div>" * 100_000)


def test_control_characters_are_dropped() -> None:
    many = "long " * 100
    assert read(f"<p>{many}a\x01b<nav>x</nav>\x0bc&#1;d\x1fe</p>").text == f"{many}abcde\n"


def test_huge_spans_take_no_memory() -> None:
    rows = "<tr><td colspan=99999999 rowspan=99999999>a<td>b</tr>" * 50
    assert len(read(f"<table>{rows}</table>").text) < 200_000


PIECES = (
    "<main> </main> <h1> </h2> <p> <table> <tr> <td colspan=x> </table> <li> <ol start=-1> </ol> <pre> </pre> <aside> "
)
PIECES += (
    "</aside> &amp; &#xD800; <br> <figcaption> <sup> <!-- --> <![CDATA[ ]]> \x00 text ü <div class=nav> </div> <nav>"
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" "))), st.binary(max_size=20))
def test_any_page_is_read_or_rejected(pieces: list[str], noise: bytes) -> None:
    try:
        reading = reader.read(" ".join(pieces).encode() + noise)
    except UnreadableFile:
        return
    assert all(0 <= mark.start < mark.end <= len(reading.text) for mark in reading.marks or ())


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "shift_jis", "utf-8", "no-such-charset"])
def test_valid_utf_8_wins_over_the_declared_encoding(declared: str) -> None:
    page = f"<html><head><meta charset={declared}></head><body><p>Schülerinnen aus Köln zahlten 5 €.</p></body></html>"
    reading = reader.read(page.encode())
    assert reading.text == "Schülerinnen aus Köln zahlten 5 €.\n"
    assert bool(reading.warnings) == (declared not in ("utf-8", "no-such-charset"))


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
def test_a_stray_byte_does_not_spoil_the_letters_of_a_page(declared: str) -> None:
    page = f"<meta charset={declared}><p>Schülerinnen aus Köln fühlen – heißt es.</p>".encode()
    reading = reader.read(page.replace(b"</p>", b" \x96</p>"))
    assert reading.text == "Schülerinnen aus Köln fühlen – heißt es. \ufffd\n"
    assert "an invalid byte was replaced" in reading.warnings[0]
