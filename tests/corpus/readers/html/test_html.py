"""Saved web pages: the content without the site around it, and its structure as marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent
from corpus.readers.html import reader
from corpus.records import TableShape
from tests.factories.outlined_texts import SMALL, compare, seeds
from tests.factories.rendered import html as rendered_html
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.html import COOKIES, NAVIGATION, SIDE


def read(source: str) -> FileContent:
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
    assert text == "Felled in 2016³, 10⁶ trees; an award⁴ followed.\n\nTrade in 2015²\n\nCO2\n"


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
    with pytest.raises(UnreadableFile, match="nested too deeply"):
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
    assert "1 invalid byte was replaced" in reading.warnings[0]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("3×10<sup>-6</sup> and 10<sup>−12</sup> of 5 m<sup>2</sup>", "3×10⁻⁶ and 10⁻¹² of 5 m²"),
        ("the 1<sup>st</sup> of x<sup>n</sup>", "the 1st of xⁿ"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>港<rt>こう</rt></ruby>である", "漢港である"),
        ("The fee was <del>40</del> <ins>45</ins> <s>marks</s> crowns.", "The fee was 45 crowns."),
        ("A <span style='Display : None'>b</span>c <span hidden>d</span>e", "A c e"),
        ("A <i class='x'>b</i>c <i id=y>d</i>e <i class='z'>f</i>", "A c e f"),
        (
            "<math><semantics><mrow><mi>D</mi><mo>=</mo></mrow><annotation>D \\cdot</annotation></semantics></math>.",
            "D=.",
        ),
        ("<math><semantics><mi>D</mi><annotation-xml>q</annotation-xml></semantics></math>.", "D."),
        ("(<math><msup><mn>10</mn><mrow><mo>−</mo><mn>6</mn></mrow></msup></math>)", "(10⁻⁶)"),
        ("<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>", "a/(b+1)"),
        ("<math><msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt></math>", "√(a+b)"),
    ],
)
def test_a_page_is_read_as_it_is_seen(markup: str, shown: str) -> None:
    sheet = "<style>/* .z{display:none} */ .x, #y {color:red; display: none} @media print {.z {display:none}}</style>"
    assert reader.read(f"<html><head>{sheet}</head><body><p>{markup}</p></body></html>".encode()).text == f"{shown}\n"


@pytest.mark.parametrize(
    ("opening", "labels"),
    [
        ("<ol type=a>", "a. b. c."),
        ("<ol type=A start=26>", "Z. AA. AB."),
        ("<ol type=i start=49>", "xlix. l. li."),
        ("<ol style='list-style-type: upper-roman' start=3>", "III. IV. V."),
        ("<ol style='list-style: lower-latin inside'>", "a. b. c."),
        ("<ol reversed>", "3. 2. 1."),
        ("<ol start=7>", "7. 8. 9."),
        ("<ol style='list-style:none'>", ""),
        ("<ul type=a>", "- - -"),
    ],
)
def test_list_items_have_the_numbers_that_a_browser_shows(opening: str, labels: str) -> None:
    page = f"{opening}<li>=</li><li>=</li><li>=</li></{opening[1:3]}>"
    assert reader.read(page.encode()).text.replace("=", "").split() == labels.split()


def test_numbering_goes_on_from_the_value_of_an_item() -> None:
    page = "<ol type=a><li value=5>x</li><li>y</li><li type=I>z</li></ol>"
    assert reader.read(page.encode()).text == "e. x\nf. y\nVII. z\n"


def _sections(page: str) -> list[tuple[int | None, str]]:
    reading = reader.read(page.encode())
    return [(m.level, reading.text[m.start : m.end]) for m in reading.marks or () if m.kind == "section"]


PROSE = "<p>The fleet landed 4,100 tonnes of cod in the year. It was the best result since records began.</p>"


def test_bold_paragraphs_are_the_headings_of_a_page_without_heading_elements() -> None:
    page = (
        f"<p><b>Harbour Report</b></p><p>Oslo, 2019</p><p><b>Our work in the north</b></p>{PROSE}"
        f"<p><strong>Wages and pensions</strong></p>{PROSE}<p>It was <b>very</b> cold.</p>"
    )
    assert _sections(page) == [(0, "Our work in the north"), (0, "Wages and pensions")]


def test_larger_bold_paragraphs_are_higher_headings() -> None:
    sheet = "<style>.a{font:bold 14pt Arial} .b{font-weight:700;font-size:11pt}</style>"
    page = f"{sheet}<p class=a>Catches</p><p class=b>Cod in the bay</p>{PROSE}<p class=b>Herring</p>{PROSE}"
    assert _sections(page) == [(0, "Catches"), (1, "Cod in the bay"), (1, "Herring")]


def test_bold_paragraphs_are_below_numbered_ones() -> None:
    page = f"<p><b>1. Fish</b></p>{PROSE}<p><b>Cod in the bay</b></p>{PROSE}<p><b>2. Ports</b></p>{PROSE}"
    assert _sections(page) == [(0, "1. Fish"), (1, "Cod in the bay"), (0, "2. Ports")]


def test_units_running_heads_and_signatures_in_bold_are_no_headings() -> None:
    head = "<p><b>Harbour Report 2019</b></p>"
    page = (
        f"<p><b>Catches of the year</b></p>{PROSE}{head}<p><b>(in millions)</b></p>{PROSE}{head}"
        f"<p><b>Wages of the crew</b></p>{PROSE}{head}<p>Oslo, 3 May 2019</p><p><b>Anna Berg</b></p><p>Chair</p>"
    )
    assert _sections(page) == [(0, "Catches of the year"), (0, "Wages of the crew")]


def test_a_page_all_in_bold_has_no_headings_by_its_type() -> None:
    page = "".join(f"<p><b>The word {word} is in bold</b></p>" for word in "one two three four five six seven".split())
    assert _sections(page) == []


def test_bold_headings_come_below_the_only_heading_element() -> None:
    page = f"<h1>Report 2019</h1><p><b>Catches of the year</b></p>{PROSE}<p><b>Wages</b></p>{PROSE}"
    assert _sections(page) == [(0, "Report 2019"), (1, "Catches of the year"), (1, "Wages")]


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        ("Welcome! | Thornbeck", ["Prospectus 2021/22"], "Prospectus 2021/22"),
        ("统计公报-海港市统计局", ["海港市2021年渔业统计公报"], "海港市2021年渔业统计公报"),
        ("Fish Report 2020", ["Landings of 2020 and 2019"], "Fish Report 2020"),
        ("Fish news", ["Cod in 2020", "Herring in 2019"], "Fish news"),
        ("Fish news", ["All about cod"], "Fish news"),
    ],
)
def test_the_only_heading_with_a_year_is_the_title_where_the_page_has_none_in_its_own(
    title: str, headings: list[str], expected: str
) -> None:
    body = "".join(f"<h1>{heading}</h1><p>Cod was scarce.</p>" for heading in headings)
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    assert reader.read(page.encode()).metadata["title"] == expected


@pytest.mark.parametrize("title", ["abcd-10k_20211231.htm", "bericht.HTML", "annual.report.2019.pdf"])
def test_a_file_name_is_no_title(title: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><p>Text.</p></body></html>"
    assert "title" not in reader.read(page.encode()).metadata


@pytest.mark.parametrize(
    "heading",
    [
        "<div id=fish><h1>Fish<a class=headerlink href='#fish' title='Permalink'>¶</a></h1></div>",
        "<h1 id=fish>Fish <a href='#fish'>#</a></h1>",
        "<h1 id=fish><a href='#fish' aria-label='Direct link'>\u200b</a>Fish</h1>",
        "<section id=fish><div><h1>Fish</h1><a href='#fish'>🔗</a></div></section>",
        "<span id=fish></span><h1>Fish<a href='#fish'>¶</a></h1>",
        "<h1><a name=fish href='#fish'>§</a>Fish</h1>",
        "<div><h1><a href='index.html'>Port handbook</a></h1></div><h1>Fish</h1>",
    ],
)
def test_the_sign_that_links_to_a_heading_itself_is_not_read(heading: str) -> None:
    page = f"<html><head><title>Fish — Port handbook</title></head><body>{heading}<p>Cod.</p></body></html>"
    reading = reader.read(page.encode())
    assert (reading.text, reading.metadata["title"]) == ("Fish\n\nCod.\n", "Fish")


def test_a_note_mark_in_a_heading_is_read() -> None:
    page = "<body><h1 id=fish>Fish<a href='#note'>*</a></h1><p>Cod.</p><p id=note>* Landed.</p></body>"
    assert reader.read(page.encode()).text.startswith("Fish*\n")


@pytest.mark.parametrize("attribute", ["epub:type='noteref'", "role='doc-noteref'"])
def test_the_number_of_a_note_is_raised_where_only_its_type_says_so(attribute: str) -> None:
    page = f"<body><p>It fell in 2017,<a href='#n' id='m' {attribute}>1</a> 3 % less.</p></body>"
    assert reader.read(page.encode()).text == "It fell in 2017,¹ 3 % less.\n"


@pytest.mark.parametrize("sign", ["↩", "↩\ufe0e", "^", "↑"])
def test_a_link_from_a_note_back_to_its_mark_is_not_read(sign: str) -> None:
    note = f"<ol><li id=n>Without renewals. <a href='#m'>{sign}</a></li></ol>"
    page = f"<body><p>It fell.<a href='#n' id=m><sup>1</sup></a></p>{note}<p>2^3 and ↑ stay.</p></body>"
    assert reader.read(page.encode()).text == "It fell.¹\n\n1. Without renewals.\n\n2^3 and ↑ stay.\n"


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ("<a href='#f1'><sup>1</sup></a>", "<p id=f1><sup>1</sup> Without eels.</p>"),
        (
            "<sup><a href='#ft1' id=r1>[1]</a></sup>",
            "<div><p><a href='#r1' id=ft1>[1]</a>&nbsp;Without eels.</p></div>",
        ),
        ("<a name=r1 href='#n1'><sup>1</sup></a>", "<div><p><a name=n1 href='#r1'>1</a>Without eels.</p></div>"),
        ("<a name=r1 href='#n1'>1</a>", "<div><a name=n1 href='#r1'>1</a>. Without eels.</div>"),
    ],
)
@pytest.mark.parametrize("main", ["body", "main"])
def test_blocks_to_which_marks_link_are_notes_also_outside_the_content(mark: str, note: str, main: str) -> None:
    reading = read(f"<body><{main}><h1>Catch</h1><p>It fell by 4 per cent.{mark} More text.</p></{main}>{note}</body>")
    assert [text.endswith("Without eels.") for text in marked_texts(reading, "notes")] == [True]


@pytest.mark.parametrize("link", ["<a href='#p12'>12</a>", "<a href='#p12'>paragraph 12</a>"])
def test_a_reference_to_a_numbered_paragraph_makes_no_note(link: str) -> None:
    reading = read(f"<body><h1>Act</h1><p>See {link} below.</p><p id=p12>12. The fee is due in May.</p></body>")
    assert marked_texts(reading, "notes") == []


@pytest.mark.parametrize(
    "contents",
    [
        "<p class=MsoToc1><a href='#a'>1 Catch <span>3</span></a></p><p><a href='#b'>2 Quotas  5</a></p>",
        "<h2>Contents</h2><ul><li><a href='#a'>1 Catch</a><ul><li><a href='#b'>2 Quotas</a></li></ul></li></ul>",
        "<p>Contents</p><dl><dt><a href='#a'>1 Catch</a></dt><dt><a href='#b'>2 Quotas</a></dt></dl>",
    ],
)
def test_a_table_of_contents_is_not_read(contents: str) -> None:
    body = "<h1 id=a>1 Catch</h1><p>See <a href='#b'>2 Quotas</a> on it.</p><h1 id=b>2 Quotas</h1><p>250 tonnes.</p>"
    assert read(f"<body>{contents}{body}</body>").text == "1 Catch\n\nSee 2 Quotas on it.\n\n2 Quotas\n\n250 tonnes.\n"


@pytest.mark.parametrize(
    "hidden",
    [
        "<p>Next: <a href='b.html' rel=next>Quotas</a>, Up: <a href='.' rel=up>Top</a></p>",
        "<div id=_com_1 class=msocomtxt><p>Check this.</p></div>",
        "<div><p><a href='#cmnt_ref1' id=cmnt1>[a]</a><span>Check this.</span></p></div>",
    ],
)
def test_links_to_other_pages_and_comments_of_editors_are_not_read(hidden: str) -> None:
    assert read(f"<body><h1>Catch</h1><p>It fell.</p>{hidden}</body>").text == "Catch\n\nIt fell.\n"


def test_parts_of_sections_and_boxes_are_read_that_look_like_parts_of_a_site() -> None:
    page = (
        "<body><section><header><h2>Catch</h2><p>By the division</p></header><p>He said <q>fine</q>.</p>"
        "<blockquote><p>We rebuild.</p><footer>Lund</footer></blockquote>"
        "<div class=sidebar><p>How we count.</p></div></section><footer><p>Imprint</p></footer></body>"
    )
    assert read(page).text.split("\n\n") == [
        "Catch", "By the division", "He said “fine”.", "We rebuild.", "Lund", "How we count.\n"
    ]  # fmt: skip


def test_the_foot_of_a_table_is_last_and_a_caption_of_its_figure_first() -> None:
    table = (
        "<table><thead><tr><th>Fish<th>2018</thead><tfoot><tr><td>Total<td>330</tfoot><tbody><tr><td>Cod<td>210</table>"
    )
    reading = read(f"<body><figure>{table}<figcaption>Landings</figcaption></figure><p>End.</p></body>")
    assert reading.text == "Landings\nFish | 2018\nCod | 210\nTotal | 330\n\nEnd.\n"


def test_a_header_cell_over_all_columns_below_the_header_is_the_label_of_a_group() -> None:
    rows = "<tr><th>Fish<th>2018</tr><tr><th colspan=2>Round</tr><tr><th>Cod<td>210</tr>"
    for table in (f"<table>{rows}</table>", f"<table><thead>{rows.replace('</tr>', '</tr></thead>', 1)}</table>"):
        marks = read(f"<body>{table}</body>").marks or ()
        assert [mark.table.header_rows for mark in marks if mark.table] == [1]


def test_raised_type_by_style_is_a_superscript() -> None:
    page = "<style>.c9{vertical-align:super;font-size:8pt}</style><p>It has 12 m<span class=c9>2</span>.</p>"
    assert read(page).text == "It has 12 m².\n"


def test_lines_aligned_in_preformatted_text_are_a_table() -> None:
    table = "Port        1996    1997\nArvik        201     198\nSkarv        220     212"
    reading = read(f"<body><p>Prose.</p><pre>\nBoats by port\n\n{table}\n</pre><pre>x = 1\nprint(x)</pre></body>")
    assert marked_texts(reading, "table") == [table]
    assert reading.text.endswith("\n\nx = 1\nprint(x)\n")


def test_leading_rows_over_all_columns_are_the_title_of_a_table() -> None:
    title = "<tr><td colspan=3>Prices</td></tr><tr><td colspan=3>(index)</td></tr>"
    rows = "<tr><td></td><td>2015</td><td>2016</td></tr><tr><td>Food</td><td>108.2</td><td>109.5</td></tr>"
    group = "<tr><td colspan=3>Other</td></tr><tr><td>Boats</td><td>1.0</td><td>1.1</td></tr>"
    for table, count in ((title + rows, 2), (rows, 2), (title + rows + group, 6)):
        marks = read(f"<body><table>{table}</table></body>").marks or ()
        assert [mark.table.rows for mark in marks if mark.table] == [count]


HEADER = (
    "<body><header><p>Elm Bay Trust</p><h1>{title}</h1><p>For the year 1 April 2019 to 31 March 2020</p>"
    "<nav><a href='/'>Home</a></nav></header><main><h2>Catch</h2><p>{text}</p></main>"
)


@pytest.mark.parametrize(
    ("title", "is_read"),
    [("Annual Report 2019–20", True), ("Rapport annuel", True), ("Elm Bay Trust", False), ("Welcome", False)],
)
def test_a_header_with_the_title_of_a_publication_is_its_cover(title: str, is_read: bool) -> None:
    text = read(HEADER.format(title=title, text="The boats landed more cod than in the year before. " * 8)).text
    assert ("31 March 2020" in text) == is_read
    assert "Home" not in text
    assert text.lstrip().startswith("Elm Bay Trust" if is_read else "Catch")


def test_a_main_element_with_a_title_of_its_own_needs_no_header() -> None:
    page = (
        "<body><header><h1>Annual Report 2019</h1><p>Banner</p></header><main><h1>Catch 2019</h1><p>{text}</p></main>"
    )
    assert "Banner" not in read(page.format(text="The boats landed more cod. " * 8)).text


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("Annual Review - Elm Rescue Council", "Elm Rescue Council"),
        ("Annual Review | About us | Elm Rescue Council", "Elm Rescue Council"),
        ("Downloads | Reports and accounts", None),
    ],
)
def test_the_title_of_a_page_names_the_publisher_beside_a_heading_with_the_year(
    title: str, publisher: str | None
) -> None:
    page = f"<head><title>{title}</title></head><body><h1>Annual Review 2021/22</h1><p>The team went out.</p>"
    assert read(page).metadata.get("publisher") == publisher
    assert read(page).metadata["title"] == "Annual Review 2021/22"
