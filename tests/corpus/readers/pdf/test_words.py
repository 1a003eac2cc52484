"""Words that the print divides: hyphens at line ends, drop caps, ligatures and soft hyphens."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from spellchecker import SpellChecker

from corpus.metadata.language import Lexicon, _word_list
from corpus.readers.pdf import reader
from corpus.readers.pdf.extraction.glyphs import Glyph, group_spans
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, map_letters


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr", "it", "nl", "pt", "ru"])
def test_each_word_of_a_list_is_found_and_no_other(language: str) -> None:
    words = SpellChecker(language).word_frequency
    listed = _word_list(language)
    some = sorted(words.keys())[::97]
    assert [word for word in some if word not in listed] == []
    assert [f"{word}q" for word in some if f"{word}q" in listed and f"{word}q" not in words] == []


DECIDED_BY_DOCUMENT = [
    ("overfished stocks", "over", "fished", True),
    ("re-elected members", "re", "elected", False),
    ("long-term plans and the longterm of one typist, long-term again", "long", "term", False),
    ("Fischereiaufsicht", "Fischerei", "aufsicht", True),
]


@pytest.mark.parametrize(("text", "before", "after", "divided"), DECIDED_BY_DOCUMENT)
def test_words_of_the_document_decide_hyphens(text: str, before: str, after: str, divided: bool) -> None:
    assert Lexicon(text.split()).is_divided(before, after) is divided


SENTENCES = {
    "en": "The Board of the Authority is of the view that it was for the towns to pay for this and in the end it did",
    "de": "Die Regierung der Provinz ist für das Jahr mit der Arbeit nicht zu dem Ende von den Plänen auf eine Art",
    "fr": "Le conseil de la province est dans une situation que les ports du pays et des îles sur la mer ont pour la",
    "es": "El consejo de la provincia no es para los puertos que una vez con las islas por su parte en el mar como",
}
DECIDED_BY_LANGUAGE = [
    ("en", "desali", "nation", True),
    ("en", "govern", "ment", True),
    ("en", "aquacul", "ture", True),
    ("en", "long", "term", False),
    ("en", "well", "known", False),
    ("en", "UK", "based", False),
    ("en", "Anglo", "French", False),
    ("de", "Wirtschafts", "minister", True),
    ("de", "Gesell", "schaft", True),
    ("de", "Nord", "Süd", False),
    ("fr", "gouverne", "ment", True),
    ("fr", "celui", "ci", False),
    ("es", "desarro", "llo", True),
]


@pytest.mark.parametrize(("language", "before", "after", "divided"), DECIDED_BY_LANGUAGE)
def test_words_of_the_language_decide_where_the_document_does_not(
    language: str, before: str, after: str, divided: bool
) -> None:
    assert Lexicon(SENTENCES[language].split()).is_divided(before, after) is divided


def test_hyphens_are_decided_across_columns_and_pages_and_before_numbers() -> None:
    first = draw_lines("The council spoke of cooperation in the fleet, about coopera-", y=100)
    second = draw_lines("tion with the ports after COVID-", "19 and before the G-", "7 met in the spring of that year.")
    assert reader.read(draw_pages(first, second)).text == (
        "The council spoke of cooperation in the fleet, about cooperation with the ports after COVID-19 and before"
        " the G-7 met in the spring of that year.\n"
    )


def drop_cap(cap: str, lines: list[str], height: int, size: float = 10, gap: float = 3) -> Draw:
    """A paragraph whose first letter is as high as some lines, which stand beside it."""

    def draw(canvas: Canvas) -> None:
        large = size * 1.2 * height
        canvas.setFont("Times-Bold", large)
        y = 700 - 1.2 * size * (height - 1)
        canvas.drawString(72, y, cap)
        width = canvas.stringWidth(cap) + gap
        canvas.setFont("Times-Roman", size)
        for number, line in enumerate(lines):
            canvas.drawString(72 + (width if number < height else 0), 700 - 1.2 * size * number, line)

    return draw


LINES = [
    "lighthouses were fitted with new lamps in the spring, and the keepers of",
    "the houses at the northern coast were the last to be withdrawn from their",
    "posts, which had been theirs for thirty years and more in a row, as it was",
    "told to the parish in a letter of the board of lighthouses in the same year,",
    "and again in the autumn when the houses were sold.",
]


@pytest.mark.parametrize("height", [2, 3, 4])
@pytest.mark.parametrize(
    ("cap", "rest", "begin"),
    [
        ("T", "wo", "Two"),
        ("“T", "he", "“The"),
        ("W", "E THE BOARD of", "WE THE BOARD of"),
        ("É", "tienne wrote that", "Étienne wrote that"),
        ("I", "n the year", "In the year"),
    ],
)
def test_a_drop_cap_begins_its_word(cap: str, rest: str, begin: str, height: int) -> None:
    lines = [f"{rest} {LINES[0]}", *LINES[1:]]
    page = draw_all(
        draw_lines("Lighthouses", y=740, size=14, font="Times-Bold"),
        drop_cap(cap, lines, height),
        draw_lines("In the year before, there were more of them in the land.", y=600, size=10),
    )
    reading = reader.read(draw_pages(page))
    assert reading.text.split("\n\n")[:2] == ["Lighthouses", f"{begin} {' '.join(LINES)}"]
    assert marked_texts(reading, "section") == ["Lighthouses"]


def test_a_drop_cap_that_is_a_word_stays_one() -> None:
    page = draw_all(
        drop_cap("A", [f"harbour with {LINES[0]}", *LINES[1:]], 3),
        draw_lines("It was a harbour of the old kind, with a mole and a quay, and a harbour of", y=600, size=10),
    )
    assert reader.read(draw_pages(page)).text.startswith("A harbour with lighthouses")


@pytest.mark.parametrize("size", [20, 32])
def test_a_large_letter_on_the_line_of_its_word_is_joined_to_it(size: float) -> None:
    large = draw_lines("T", size=size, font="Times-Bold")
    width = stringWidth("T", "Times-Bold", size)
    first = draw_lines(f"he {LINES[0]}", x=72 + width, size=10)
    page = draw_all(large, first, draw_lines(*LINES[1:], y=688, size=10))
    assert reader.read(draw_pages(page)).text == f"The {' '.join(LINES)}\n"


def test_a_drop_cap_drawn_before_the_last_line_beside_it_begins_the_first() -> None:
    lines = [f"he {LINES[0]}", *LINES[1:]]
    beside = draw_lines(*lines[:2], x=72 + stringWidth("T", "Times-Bold", 36) + 1, size=10)
    cap = draw_lines("T", y=676, size=36, font="Times-Bold")
    last = draw_lines(lines[2], x=72 + stringWidth("T", "Times-Bold", 36) + 1, y=676, size=10)
    page = draw_all(beside, cap, last, draw_lines(*lines[3:], y=664, size=10))
    assert reader.read(draw_pages(page)).text == f"The {' '.join(LINES)}\n"


def test_a_large_letter_beside_nothing_is_kept() -> None:
    page = draw_all(draw_lines("A", size=40, y=760), draw_lines(*LINES, size=10, y=600))
    assert reader.read(draw_pages(page)).text.startswith("A\n\nlighthouses")


def test_ligatures_and_soft_hyphens_are_read_as_letters() -> None:
    letters = {"Q": "\ufb01", "X": "\ufb03", "Z": "\u00ad"}
    page = draw_lines("The Qrst oXce of the Qsh market was well", "knownZ", "as a long-Zlived one in the year 2018.")
    text = reader.read(map_letters(draw_pages(page), letters)).text
    assert "first office of the fish market" in text
    assert "\u00ad" not in text


def test_a_ligature_may_repeat_a_letter() -> None:
    page = draw_lines("The steamer HQh sailed for Otjo in the year", "2018 with a load of timber from the north.")
    assert "The steamer Hannah sailed" in reader.read(map_letters(draw_pages(page), {"Q": "anna"})).text


@pytest.mark.parametrize(
    ("letters", "overlap", "text"),
    [("ニ シ ン", 0.0, "ニシン"), ("높거나 집단", 1.2, "높거나 집단"), ("漢 字", -2.5, "漢 字")],
)
def test_spaces_between_wide_letters_are_kept_if_they_have_a_width(letters: str, overlap: float, text: str) -> None:
    glyphs: list[Glyph] = []
    x = 0.0
    for number, letter in enumerate(letters):
        if letter == " ":
            x += 1.7 if overlap > 0 else 0.0
            continue
        space = letters[number - 1 : number] == " "
        left = x - overlap * (number > 0)
        glyphs.append(Glyph(letter, left, 0, left + 10, 10, 9, 10, False, False, space, number))
        x = left + 10
    assert [span.text for span in group_spans(glyphs)] == [text]


def draw_accented(word: str, accents: dict[int, str], *, behind: bool = False) -> Draw:
    """Draw a word letter by letter, with accents over the middle of some letters, as fonts without them do."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        x = 72.0
        for place, letter in enumerate(word):
            width = canvas.stringWidth(letter)
            drawn = [(letter, x, 700.0)]
            if accent := accents.get(place):
                rise = 2.6 if letter.isupper() else 0
                drawn.insert(behind, (accent, x + (width - canvas.stringWidth(accent)) / 2, 700 + rise))
            for sign, left, base in drawn:
                canvas.drawString(left, base, sign)
            x += width

    return draw


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize(
    ("word", "accents", "spelt"),
    [
        ("Munchen", {1: "¨"}, "München"),
        ("pere Emile", {1: "`", 5: "´"}, "père Émile"),
        ("Ile de l'ete", {0: "ˆ", 9: "´", 11: "´"}, "Île de l'été"),
        ("Besancon nandu", {5: "¸", 9: "˜"}, "Besançon ñandu"),
    ],
)
def test_accents_drawn_over_letters_are_part_of_them(
    word: str, accents: dict[int, str], spelt: str, behind: bool
) -> None:
    page = draw_all(draw_accented(word, accents, behind=behind), draw_lines("The council met in May.", y=686))
    assert reader.read(draw_pages(page)).text.split("\n")[0].startswith(spelt)


def test_accents_beside_letters_stay_apart() -> None:
    assert "a^2 and ~ 3 `so´" in reader.read(draw_pages(draw_lines("a^2 and ~ 3 `so´ it was"))).text
