"""Plain text in any encoding."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers.text import plain_text

JAPANESE = (
    "外交青書は、日本の外交政策を毎年まとめた報告書である。\n第1章 国際情勢認識と日本外交の展望。\n"
    "テロ対策と海上安全保障について述べる。"
)
CHINESE = "外交部发布了年度报告,介绍了国际形势和中国外交的主要方面。\n第一章 国际形势。\n海上安全与反恐合作是重点。"
KOREAN = "외교부는 매년 외교백서를 발간한다.\n제1장 국제정세와 한국외교.\n해양안보와 대테러 협력을 다룬다."
RUSSIAN = "Министерство опубликовало ежегодный доклад о внешней политике.\nГлава первая: безопасность на море."
FRENCH = "Le ministère a publié son rapport annuel « été » — l’œuvre de la coopération.\nLes élèves reçoivent 5 000 €."
GERMAN = "Das Ministerium veröffentlichte den Bericht über die auswärtige Politik; die größten Maßnahmen und die „See“."
GREEK = "Ετήσια έκθεση\n\nΤα αλιεύματα έφτασαν τους 12.300 τόνους το 2009. Ο στόλος μειώθηκε κατά 4%."
HEBREW = "דוח שנתי 2010\n\nשלל הדיג הסתכם ב-12,300 טונות בשנת 2010. מספר הספינות ירד בארבעה אחוזים."
ARABIC = "التقرير السنوي 2010\n\nبلغت كمية الأسماك 12,300 طن في عام 2010. وانخفض عدد السفن بنسبة أربعة في المائة."
TURKISH = (
    "Faaliyet Raporu\n\nAvlanan balık miktarı 12.300 tona ulaştı. Gemi sayısı yüzde 4 azaldı; İstanbul'un payı düştü."
)
POLISH = "Ministerstwo opublikowało roczny raport o polityce zagranicznej; środki dotyczyły bezpieczeństwa żeglugi."


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (JAPANESE, "shift_jis"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (JAPANESE, "utf-16"),
        (JAPANESE, "utf-16-le"),
        (JAPANESE, "utf-16-be"),
        (JAPANESE, "utf-8-sig"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac-roman"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-32"),
        (GERMAN, "cp1252"),
        (GREEK, "iso8859-7"),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (TURKISH, "iso8859-9"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
    ],
)
def test_text_is_decoded_in_its_encoding(written: str, encoding: str) -> None:
    assert plain_text.read(written.encode(encoding)).text == written


def test_line_ends_become_line_feeds_and_nothing_else_changes() -> None:
    assert (
        plain_text.read(b"\xef\xbb\xbfone\r\ntwo\rthree\n\n  four\t\x0cend  ").text
        == "one\ntwo\nthree\n\n  four\t\x0cend  "
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (bytes(range(256)) * 40, "control characters"),
        (b"\xef\xbb\xbf\xff\xff", "byte order mark says utf-8"),
        (b"\xff\xfea", "byte order mark"),
    ],
)
def test_binary_and_empty_files_are_rejected_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        plain_text.read(data)


CZECH = (
    "Ministerstvo zveřejnilo výroční zprávu o zahraniční politice; byla určena pro členské státy a je ve třech dílech."
)
HUNGARIAN = "A minisztérium jelentése szerint az együttműködés bővült, és nem volt több időre szükség; ez a külügyi év."
SPANISH = "El ministerio publicó el informe del año; la cooperación de los países está en la página «siete»."


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (f"{GERMAN}\n\n{POLISH}", "cp1250"),
        (f"Die Häfen und die Straßen der Länder.\n\n{POLISH}\n\n{CZECH}", "iso8859-2"),
        (f"{HUNGARIAN}\n{GERMAN}", "cp1250"),
        (f"{FRENCH}\n\n{SPANISH}\n\n{GERMAN}", "cp1252"),
        (f"The report of the year is in three parts, and this is one of them.\n\n{CZECH}", "cp1250"),
        (SPANISH, "mac-roman"),
        (f"{SPANISH}\nDie Häfen und die Straßen der Länder.", "cp850"),
        (SPANISH, "iso8859-15"),
    ],
)
def test_an_encoding_suits_all_languages_of_a_text_and_is_named(written: str, encoding: str) -> None:
    reading = plain_text.read(written.encode(encoding))
    assert reading.text == written
    assert any("guessed" in line for line in reading.warnings)


@pytest.mark.parametrize("written", [FRENCH, GERMAN, SPANISH, JAPANESE, RUSSIAN])
def test_invalid_bytes_in_utf_8_are_replaced_and_reported_with_their_places(written: str) -> None:
    first, second = f"{written}\n".encode(), f" {written}".encode()
    reading = plain_text.read(first + b"\x96" + second + b"\xff")
    assert reading.text == f"{written}\n\ufffd {written}\ufffd"
    assert reading.furniture == (
        f"invalid bytes 0x96 at byte {len(first)}",
        f"invalid bytes 0xff at byte {len(first) + 1 + len(second)}",
    )
    assert f"2 invalid bytes were replaced by U+FFFD: at byte {len(first)} (line " in reading.warnings[0]


def test_a_cut_off_letter_at_the_end_is_one_replaced_byte() -> None:
    reading = plain_text.read(f"{GERMAN}ß".encode()[:-1])
    assert reading.text == f"{GERMAN}\ufffd"


def test_valid_utf_8_needs_no_warning() -> None:
    assert plain_text.read(GERMAN.encode()).warnings == ()


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_utf_8_is_never_mistaken_for_another_encoding(written: str) -> None:
    lines = written.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    assume(all(ord(letter) >= 32 or letter in "\t\n" for letter in lines) and lines.strip())
    assert plain_text.decode_text(lines.encode()).text == lines


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_rejected(data: bytes) -> None:
    try:
        read = plain_text.read(data).text
    except UnreadableFile:
        return
    assert read.strip()


BODY = "The port handled four million tonnes of cargo during the year, of which\ngrain was a third.\n"


def _pages(*pages: str) -> tuple[str, list[str | None], tuple[str, ...]]:
    reading = plain_text.read("\f".join(pages).encode())
    assert "\f" not in reading.text
    assert [span.page for span in reading.pages] == list(range(1, len(reading.pages) + 1))
    return reading.text, [span.label for span in reading.pages], reading.furniture


@pytest.mark.parametrize(
    ("heads", "labels"),
    [
        (("PORT REPORT          12", "13          PORT REPORT", "PORT REPORT          14"), ["12", "13", "14"]),
        (("Port Report | 7", "8 | Cargo of the port", "Port Report | 9"), ["7", "8", "9"]),
        (("- 3 -", "- 4 -", "- 5 -"), ["3", "4", "5"]),
        (("Page 3 of 40", "Page 4 of 40", "Page 5 of 40"), ["3", "4", "5"]),
        (("Preface        iv", "Preface        v", "Preface        vi"), ["iv", "v", "vi"]),
        (("Annual Report 2019", "Annual Report 2019", "Annual Report 2019"), [None, None, None]),
    ],
)
@pytest.mark.parametrize("at_top", [True, False])
def test_heads_of_pages_between_form_feeds_are_furniture(
    heads: tuple[str, ...], labels: list[str | None], at_top: bool
) -> None:
    bodies = [BODY.replace("port", port) for port in ("north", "south", "island")]
    pages = [f"{head}\n\n{body}" if at_top else f"{body}\n{head}\n" for head, body in zip(heads, bodies, strict=True)]
    text, found, furniture = _pages(*pages)
    assert text == "\n".join(bodies)
    assert (found, furniture) == (labels, heads)


def test_a_sentence_over_a_page_break_stays_whole() -> None:
    text, labels, _ = _pages(
        "Annual report          1\n\nThe board was founded by the towns of the coast, and more than\n",
        "2          Annual report\n\nhalf of its members are elected by the crews of the ships.\n",
    )
    assert text == (
        "The board was founded by the towns of the coast, and more than\n"
        "half of its members are elected by the crews of the ships.\n"
    )
    assert labels == ["1", "2"]


@pytest.mark.parametrize("head", ["", "- {} -\n\n", "Port report          {}\n\n"])
def test_a_title_at_the_end_of_a_page_may_be_underlined_on_the_next(head: str) -> None:
    pages = [f"{BODY}\nTHE CARGO\n\n", f"---------\n\n{BODY}\nTHE CREWS\n", f"---------\n{BODY}"]
    text, _, _ = _pages(*(f"{head.format(number)}{page}" for number, page in enumerate(pages, 3)))
    assert text.count("\nTHE CARGO\n---------\n") == text.count("\nTHE CREWS\n---------\n") == 1


@pytest.mark.parametrize(
    "end", ["It rained at sea.", "Cod          1,204", "It rained\nat sea", "From the Board of Trade"]
)
def test_a_rule_at_the_top_of_a_page_underlines_no_other_line(end: str) -> None:
    text, _, _ = _pages(f"{BODY}\n{end}\n", f"---------\n\n{BODY}")
    assert f"{end}\n\n---------\n" in text


@pytest.mark.parametrize(
    "edge",
    [
        "Cod          1,204          1,310",
        "Year          2018          2019",
        "(in millions)",
        "Grain was a third.",
    ],
)
def test_rows_units_and_sentences_at_page_edges_are_text(edge: str) -> None:
    text, _, furniture = _pages(f"{BODY}\n{edge}\n", f"{edge}\n\n{BODY}", f"{edge}\n\n{BODY}\n{edge}\n")
    assert text.count(edge) == 4
    assert furniture == ()


def test_numbered_headings_at_the_top_of_pages_are_text() -> None:
    text, labels, furniture = _pages(*(f"{number}. Cargo of the {number}th pier\n\n{BODY}" for number in (1, 2, 3)))
    assert (furniture, labels) == ((), [None] * 3)
    assert "3. Cargo of the 3th pier" in text


def test_a_form_feed_within_a_line_and_at_the_end_makes_no_page() -> None:
    assert plain_text.read(b"One\x0ctwo\n").pages == ()
    assert plain_text.read(b"One\n\x0c").pages == ()
    assert [(span.start, span.page) for span in plain_text.read(b"One.\n\x0cTwo.\n\x0c").pages] == [(0, 1), (6, 2)]
