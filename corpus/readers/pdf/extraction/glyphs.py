"""Characters of a PDF page as glyphs with position and style, and glyphs joined to spans of text on one baseline.

Coordinates are points (1/72 inch) from the upper left corner of the page as displayed.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, pairwise
from typing import Any, NamedTuple

from corpus.readers.base import raise_digits
from corpus.readers.pdf.extraction.narrow_gaps import Word, find_cells
from corpus.scripts import UNKNOWN_SYMBOL, UNSPACED, WIDE, from_symbol_font, sign_font

_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi|CMBX|SFBX|-[BM]d\b|W[6-9]\b", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"italic|oblique|CMTI|SFTI", re.IGNORECASE)
_FIXED_NAME = re.compile(r"courier|mono|consol|typewriter|menlo|CMTT|SFTT", re.IGNORECASE)
_BOLD_WEIGHT = 600
_PRESENTATION_FORMS = re.compile("[\u2e80-\u2fdf\ufb00-\ufdff\ufe70-\ufefc]")
"""Ligatures, Arabic shapes and radicals, which are normalized to the letters that users search for."""
WIDE_LETTER = re.compile(rf"[\u1100-\u11ff\u3000-\u303f{WIDE}\uff00-\uffef]")
"""A letter that stands for a syllable or a word."""
UNSPACED_LETTER = re.compile(rf"[\u3000-\u303f{UNSPACED}\uff00-\uffef]")
"""A letter of Chinese or Japanese, which have no spaces between words."""
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")
OBLIQUE = -1
"""Instead of quarter turns: text at another angle, such as a watermark."""
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "▫", 0xF0D8: "➢", 0xF0FC: "✓", 0xF06F: "◦", 0xF076: "❖"}
"""Bullets of the fonts Symbol and Wingdings, which have private codes."""
_SPACES, _LINE_BREAK, _LINE_FEED = frozenset({9, 10, 32, 160, 0x3000}), 13, 10
_TOUCHING = 0.12
"""Maximum ems between two letters of a word, even if PDFium reports a line break between them. It reports one between
all letters that are positioned one by one far from the origin, as on the later pages of files by wkhtmltopdf."""
_SOFT_HYPHEN, _INVISIBLE = 0xAD, 0.05
"""A hyphen that many fonts show as any other, and ems of width up to which it is not shown."""
_MIN_SHIFT = 0.1
"""Points between the baselines of two lines."""
_FIRST_CHARACTER = 32
_MAX_SLANT = 0.12
"""Radians by which text may differ from a quarter turn."""

_OT1, _T1 = 0x0B, 0x1B
_TEX_LIGATURES = {
    first + place: text for first in (_OT1, _T1) for place, text in enumerate(("ff", "fi", "fl", "ffi", "ffl"))
}
"""Ligatures in the encodings OT1 and T1 of TeX, whose bitmap fonts have neither names nor Unicode."""
_TEX_SIGNS = {_OT1: str.maketrans('{|\\"', "–—“”"), _T1: str.maketrans("ÿ÷×", "ßœŒ")}
"""What PDFium takes for characters of Latin 1 in these encodings."""
_ACCENTS = dict(
    zip(
        "`´^ˆ~˜¨¯ˉ˘˙˚˝ˇ¸˛",
        "\u0300\u0301\u0302\u0302\u0303\u0303\u0308\u0304\u0304\u0306\u0307\u030a\u030b\u030c\u0327\u0328",
        strict=True,
    )
)
"""Accents that are characters of their own, with the marks that combine with a letter."""
_DOTLESS = {"ı": "i", "ȷ": "j"}
_MAX_ACCENT_RISE = 0.5
"""Ems by which an accent is raised over a capital at most."""
_MAX_ACCENT_DISTANCE = 400
"""Glyphs before and behind an accent among which its letter is searched: those of some lines."""

_COLUMN_GAP, _WIDE_GAP, _MAX_COLUMN_DISTANCE = 0.7, 1.8, 4.0
"""Ems of a gap between cells, as a multiple of the usual gap in its line, and ems to a line in which a cell begins."""
_MIN_GAPS = 2
"""Lines with a wide gap at one place beside the line that is split there."""
_LEADER_DOTS, _MIN_LEADER = {".": 1, "·": 1, "_": 1, "‥": 2, "…": 3}, 5
"""Dots of each character that leaders consist of, and the minimum number of dots of a leader."""
_MAX_GAP, _MAX_DIGIT_GAP, _MAX_OVERLAP = 1.2, 0.7, 0.6
"""Maximum distances in ems: between two glyphs of a span; between two digits of one, as cells of narrow columns are
nearer to each other than words of a justified line; and by which a glyph may overlap the one before it."""
_WORD_GAP, _UNSPACED_GAP = 0.45, 0.05
"""Ems between two glyphs from which a space is inserted even if the file has none, and between letters of
Chinese or Japanese up to which a space that PDFium has inserted is ignored."""
CAP_SIZE = 1.7
"""Multiple of the size of the text beside it of a large first letter, which may be on the baseline of a later line."""
_MIN_GLYPH_OVERLAP, _MAX_BASELINE_SHIFT = 0.4, 0.7
"""Share of the lower height that two glyphs of a span have in common, and ems between their baselines."""
_SAME = 1.0
"""Points by which gaps between words and edges of lines differ at most in justified prose."""
_MAX_JUSTIFIED_GAP, _MAX_INDENT, _MAX_LEADING = 8.0, 3.0, 2.0
"""Ems between words of a justified line, of the indent of a paragraph, and from one line to the next."""
_BOTTOM_LINES = 8
"""Lines at the bottom of a page, with notes and its foot, among which the header of a table may be."""
_JUSTIFIED_PASSES = 2
"""Times that justified lines are searched, since one can be known by another."""
_MAX_RAISED_SIZE, _MIN_RAISE = 0.9, 0.15
"""Maximum size of a raised digit as a multiple of the span's, and minimum ems above the baseline."""
_LOW_SIGNS, _DIGIT_HEIGHT = frozenset(".,;:…"), 0.7
"""Signs whose box is lower than that of letters and digits, and the height of these in ems."""
_CLOSE, _CLOSING = 0.3, frozenset(".,;:!?)]}»”’")
"""Ems before a raised digit, and between it and one of these characters, that are not a space even if PDFium inserts
one."""
_MAX_RAISE = 0.9
"""Ems of the smaller type by which it is raised or lowered at most."""
_MIN_SPAN_OVERLAP = 0.5
"""Share of the lower height that two spans of a row have in common."""
_ROWS_BACK = 3
"""Rows that are checked for a span, since raised and lowered spans come between."""
_SIZE_TOLERANCE = 0.25
"""Points; sizes are counted in steps of this, and glyphs within it of the span's size define its height."""
_STYLE_SHARE, _FRAMED_SHARE = 0.9, 0.6
"""Share of bold or italic glyphs that makes a span bold or italic, and of bold ones if it begins and ends with them: in
a bold heading, code and logos are in fonts that are not bold."""


_CODES = 0x20, 0xFF
"""The first and the last code of a symbol font without Unicode."""


class Glyph(NamedTuple):
    """A displayed character; `space` means that white space precedes it, `number` is its index in PDFium."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    space: bool
    number: int
    fixed: bool = False


class PageTransform:
    """Maps PDFium's page space (origin at the lower left, before the page's rotation) to the page as displayed."""

    def __init__(self, page: Any) -> None:
        self.quarter_turns: int = page.get_rotation() // 90 % 4  # clockwise
        width, height = page.get_size()
        left, bottom, right, top = page.get_bbox()
        if self.quarter_turns % 2:
            height = width
        self._left, self._top = left, top if top > bottom else height
        self._right, self._bottom = right, bottom
        size: tuple[float, float] = page.get_size()
        self._size = size

    def shows(self, x: float, y: float) -> bool:
        """Return whether a displayed position is on the page."""
        return 0 <= x <= self._size[0] and 0 <= y <= self._size[1]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the displayed position of a point of PDFium's page space, both in points."""
        if self.quarter_turns == 0:
            return x - self._left, self._top - y
        if self.quarter_turns == 1:
            return y - self._bottom, x - self._left
        if self.quarter_turns == 2:
            return self._right - x, y - self._bottom
        return self._top - y, self._right - x


class _Style(NamedTuple):
    size: float
    bold: bool
    italic: bool
    fixed: bool
    quarter_turns: int
    sign_font: str
    has_name: bool


class PageText(NamedTuple):
    """The glyphs of a page in file order, each with the direction of its text, and the number of control codes.

    The direction is in clockwise quarter turns, 0 if the text runs to the right, 1 if it runs down, or OBLIQUE.
    """

    glyphs: list[tuple[Glyph, int]]
    control_codes: int


def extract_glyphs(text: Any, transform: PageTransform) -> PageText:
    """Return the characters of a PDFium text page.

    Args:
        text: A `pypdfium2.PdfTextPage`.
        transform: The transform of its page; what is outside the page, where nothing is shown, is left out.
    """
    from pypdfium2 import raw

    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    styles: dict[int, _Style] = {}
    style = _Style(1.0, False, False, False, 0, "", True)
    white = ""
    high_surrogate = ""
    glyphs: list[tuple[Glyph, int]] = []
    drawn: set[tuple[str, float, float]] = set()
    last_position: tuple[float, float] | None = None
    control_codes = 0
    nameless: dict[int, int] = {}
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if _is_space(text, index, code):
            white = _extend_white(white, code)
            continue
        if 0xD800 <= code < 0xDC00:
            high_surrogate = chr(code)
            continue
        text_object = raw.FPDFText_GetTextObject(text, index)
        if text_object:
            key = ctypes.addressof(text_object.contents)
            if key not in styles:
                styles[key] = _style(text, index, text_object, transform)
            style = styles[key]
        character = _character(code, style.sign_font if text_object else "")
        if high_surrogate and 0xDC00 <= code < 0xE000:
            character = (high_surrogate + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        high_surrogate = ""
        if text_object and not style.has_name:
            nameless[index] = code
            character = _TEX_LIGATURES.get(code, character)
        if not character:
            control_codes += code < _FIRST_CHARACTER
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        (x0, y0), (x1, y1) = transform.point(box.left, box.top), transform.point(box.right, box.bottom)
        baseline = transform.point(x.value, y.value)[1]
        is_hidden = code == _SOFT_HYPHEN and abs(x1 - x0) < _INVISIBLE * style.size
        if is_hidden or not all(map(math.isfinite, (x0, y0, x1, y1, baseline))):
            continue
        edges = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        position = round(edges[0], 1), round(baseline, 1)
        place = character, *position
        if place in drawn and position != last_position:  # the letters of a ligature have one position
            last_position = None
            continue  # drawn twice at one place, which makes it bold; PDFium only notices if little is between
        drawn.add(place)
        last_position = position
        space = white != "" and _is_space_before(white, glyphs, edges[0], baseline)
        glyph = Glyph(character, *edges, baseline, style.size, style.bold, style.italic, space, index, style.fixed)
        if transform.shows((x0 + x1) / 2, (y0 + y1) / 2):
            glyphs.append((glyph, style.quarter_turns))
            white = ""
    return PageText(_compose_accents(_decode_tex(glyphs, nameless)), control_codes)


def _extend_white(white: str, code: int) -> str:
    """Return the white space before a character: "" for none, "break" if it is only a break of the line, or "space"."""
    is_break = code == _LINE_BREAK or (white == "break" and code == _LINE_FEED)
    return "break" if is_break and white != "space" else "space"


def _is_space_before(white: str, glyphs: Sequence[tuple[Glyph, int]], left: float, baseline: float) -> bool:
    """Return whether white space before a character is a space, and not only a break inside of a word."""
    if white != "break" or not glyphs:
        return bool(white)
    last = glyphs[-1][0]
    return abs(last.baseline - baseline) >= _MIN_SHIFT or abs(left - last.right) > _TOUCHING * last.size


def _is_space(text: Any, index: int, code: int) -> bool:
    if code == _LINE_BREAK:  # generated by PDFium, or the ligature "fl" in a font of TeX
        from pypdfium2 import raw

        return bool(raw.FPDFText_IsGenerated(text, index))
    return code in _SPACES or 0x2000 <= code <= 0x200B


def _decode_tex(glyphs: list[tuple[Glyph, int]], codes: Mapping[int, int]) -> list[tuple[Glyph, int]]:
    """Return the glyphs with the signs of the encoding of TeX that ligatures in fonts without names give away."""
    ligatures = _TEX_LIGATURES.keys() & set(codes.values())
    if not ligatures:
        return glyphs
    signs = _TEX_SIGNS[_T1 if max(ligatures) >= _T1 else _OT1]
    return [
        (glyph._replace(text=glyph.text.translate(signs)), turns) if glyph.number in codes else (glyph, turns)
        for glyph, turns in glyphs
    ]


def _compose_accents(glyphs: Sequence[tuple[Glyph, int]]) -> list[tuple[Glyph, int]]:
    """Join accents that are drawn over or under a letter with it: fonts without accented letters set "´" and "e".

    PDFium reports an accent right before or after its letter, but one raised over a capital as a line of its own.
    """
    accents = [(place, glyph) for place, (glyph, _) in enumerate(glyphs) if glyph.text in _ACCENTS]
    if not accents:
        return list(glyphs)
    composed: dict[int, tuple[Glyph, int]] = dict(enumerate(glyphs))
    for place, accent in accents:
        for near in chain(
            (place + 1, place - 1),
            range(place - 2, place - _MAX_ACCENT_DISTANCE, -1),
            range(place + 2, place + _MAX_ACCENT_DISTANCE),
        ):
            letter, turns = composed.get(near, (None, 0))
            if letter is not None and _is_accent_of(accent, letter):
                text = unicodedata.normalize("NFC", _DOTLESS.get(letter.text, letter.text) + _ACCENTS[accent.text])
                space = letter.space or (near == place + 1 and accent.space)
                composed[near] = letter._replace(text=text, space=space), turns
                del composed[place]
                break
    return list(composed.values())


def _is_accent_of(accent: Glyph, letter: Glyph) -> bool:
    return (
        letter.text.isalpha()
        and letter.left <= (accent.left + accent.right) / 2 <= letter.right
        and abs(accent.baseline - letter.baseline) <= _MAX_ACCENT_RISE * letter.size
        and abs(accent.size - letter.size) <= _SIZE_TOLERANCE
    )


@lru_cache(maxsize=1024)
def _character(code: int, font: str = "") -> str:
    """Return the text of a code, "" if it is not a character. PDFium reports a hyphen at a line's end as U+0002.

    In a symbol font it is the Unicode character of the sign; a bullet if the code is unknown.
    """
    if font and _CODES[0] <= code <= _CODES[1]:
        sign = from_symbol_font(code, font)
        return "•" if sign == UNKNOWN_SYMBOL else sign
    if code in (2, 0xAD, 0xFFFE):
        return "-"
    if code < 32 or 0x7F <= code < 0xA0 or code in (0xFFFF, 0xFEFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    if 0x200C <= code <= 0x200F or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return ""
    character = _SYMBOLS.get(code) or chr(code)
    is_form = _PRESENTATION_FORMS.match(character)
    return unicodedata.normalize("NFKC", character).strip() if is_form else character


def _style(text: Any, index: int, text_object: Any, transform: PageTransform) -> _Style:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = raw.FPDFText_GetFontSize(text, index) * scale
    if not math.isfinite(size) or size <= 0:
        size = 1.0
    name, weight = "", 0
    if font := raw.FPDFTextObj_GetFont(text_object):
        length = raw.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(1, min(length, 4096)))
        raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
        name = buffer.value.decode("utf-8", "replace")
        weight = raw.FPDFFont_GetWeight(font)
    angle = raw.FPDFText_GetCharAngle(text, index)
    turns = round(angle / (math.pi / 2)) if math.isfinite(angle) and angle >= 0 else 0
    oblique = math.isfinite(angle) and angle >= 0 and abs(angle - turns * math.pi / 2) > _MAX_SLANT
    # Some bold fonts state a weight of 0 or 250, but have "bold" in their names.
    bold = weight >= _BOLD_WEIGHT or _BOLD_NAME.search(name) is not None
    # Both angles are clockwise: text that runs down on a page displayed turned back is upright.
    turns = OBLIQUE if oblique else (turns + transform.quarter_turns) % 4
    italic, fixed = (pattern.search(name) is not None for pattern in (_ITALIC_NAME, _FIXED_NAME))
    return _Style(size, bold, italic, fixed, turns, sign_font(name), bool(name))


@dataclass(slots=True)
class Span:
    """Text on one baseline, with spaces between words. `sources` has the glyph number of each character, or -1.

    `mirrored` means that left and right are counted from the right edge of the page, `fixed` that all letters have one
    width, as in program code. `words` are its words, only known near the bottom of a page, where it may be in the
    header of a table that begins on the next one.
    """

    text: str
    sources: array[int]
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    mirrored: bool = False
    fixed: bool = False
    words: Sequence[Word] = ()


def group_spans(glyphs: Sequence[Glyph]) -> list[Span]:
    """Group glyphs, in file order, into spans."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if groups and _continues(groups[-1][-1], glyph):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    parts = [part for group in groups for part in _split_at_leaders(group)]
    return _join_justified(_split_at_narrow_gaps(_split_at_columns(parts)))


def _split_at_narrow_gaps(groups: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Split groups at the gaps between cells that are hardly wider than a space."""
    words = [list(_words(group)) for group in groups]
    parts: list[list[Glyph]] = []
    for group, own, breaks in zip(groups, words, find_cells(words), strict=True):
        starts = [0, *(own[position].first for position in breaks), len(group)]
        parts += [group[start:stop] for start, stop in pairwise(starts)]
    return parts


def _words(group: Sequence[Glyph]) -> Iterator[Word]:
    """Yield the words of a group of glyphs; in type of one width, all are one, since spaces are as wide as letters."""
    spaces = [at for at in range(1, len(group)) if _has_space_between(group[at - 1], group[at])]
    starts = [0, *(() if all(glyph.fixed for glyph in group) else spaces), len(group)]
    for start, stop in pairwise(starts):
        glyphs = group[start:stop]
        yield Word(
            "".join(glyph.text for glyph in glyphs),
            min(glyph.left for glyph in glyphs),
            max(glyph.right for glyph in glyphs),
            glyphs[0].baseline,
            glyphs[0].size,
            start,
        )


def _split_at_columns(groups: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Split groups at gaps that are wide for their line, where lines nearby begin, end or have such gaps, too."""
    begins: dict[int, list[Glyph]] = {}
    ends: dict[int, list[Glyph]] = {}
    behind_gaps: dict[int, list[Glyph]] = {}
    gaps = [_wide_gaps(group) for group in groups]
    for group, places in zip(groups, gaps, strict=True):
        begins.setdefault(round(group[0].left), []).append(group[0])
        ends.setdefault(round(group[-1].right), []).append(group[-1])
        for place in places:
            behind_gaps.setdefault(round(group[place].left), []).append(group[place])
    parts: list[list[Glyph]] = []
    for group, places in zip(groups, gaps, strict=True):
        start = 0
        for place, end in pairwise([*places, len(group)]):
            first, last = group[place], group[end - 1]
            if (
                _count_in_column(first, begins, first.left)
                or _count_in_column(last, ends, last.right)
                or _count_in_column(first, behind_gaps, first.left) >= _MIN_GAPS
            ):
                parts.append(group[start:place])
                start = place
        parts.append(group[start:])
    return parts


def _wide_gaps(group: Sequence[Glyph]) -> list[int]:
    """Return the positions of the glyphs behind gaps that are wider than usual in a line."""
    if not any(glyph.left - before.right > _COLUMN_GAP * glyph.size for before, glyph in pairwise(group)):
        return []
    spaces = [
        (glyph.left - before.right, place)
        for place, (before, glyph) in enumerate(pairwise(group), 1)
        if _has_space_between(before, glyph)
    ]
    usual = sorted(gap for gap, _ in spaces)[(len(spaces) - 1) // 2] if len(spaces) > 1 else 0.0
    return [place for gap, place in spaces if gap > max(_COLUMN_GAP * group[place].size, _WIDE_GAP * usual)]


def _count_in_column(glyph: Glyph, edges: Mapping[int, Sequence[Glyph]], edge: float) -> int:
    """Count the lines near a glyph that have an edge, too."""
    lines = {
        other.baseline
        for at in (round(edge) - 1, round(edge), round(edge) + 1)
        for other in edges.get(at, ())
        if 0 < abs(glyph.baseline - other.baseline) <= _MAX_COLUMN_DISTANCE * glyph.size
    }
    return len(lines)


def _is_leader(group: Sequence[Glyph]) -> bool:
    dots = 0
    for glyph in group:
        if glyph.text not in _LEADER_DOTS:
            return False
        dots += _LEADER_DOTS[glyph.text]
    return dots >= _MIN_LEADER


def _split_at_leaders(group: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the parts of a group before, in and after each leader: a row of dots that leads to a number."""
    part: list[Glyph] = []
    for is_dots, run in groupby(group, lambda glyph: glyph.text in _LEADER_DOTS):
        glyphs = list(run)
        if is_dots and _is_leader(glyphs):
            yield from filter(None, (part, glyphs))
            part = []
        else:
            part += glyphs
    if part:
        yield part


def _join_justified(groups: Sequence[list[Glyph]]) -> list[Span]:
    """Return the spans of groups of glyphs, with the words of each justified line joined.

    Such words are equally far apart and fill the same width as the line above or below, which is one span.
    """
    runs: list[list[list[Glyph]]] = []
    for group in groups:
        if runs and _is_equally_spaced([*runs[-1], group]):
            runs[-1].append(group)
        else:
            runs.append([group])
    whole = [len(run) == 1 for run in runs]
    for _ in range(_JUSTIFIED_PASSES):
        for position, run in enumerate(runs):
            beside = [at for at in (position - 1, position + 1) if 0 <= at < len(runs) and whole[at]]
            whole[position] = whole[position] or any(_has_width_of(run, runs[at]) for at in beside)
    spans: list[Span] = []
    bottom = _bottom(groups)
    for run, is_line in zip(runs, whole, strict=True):
        if is_line and len(run) > 1:
            glyphs = [glyph._replace(space=glyph.space or glyph is group[0]) for group in run for glyph in group]
            spans.append(build_span(glyphs, _pieces(glyphs)))
        else:
            for group in run:
                spans.append(build_span(group, _pieces(group)))
                if group[0].baseline >= bottom:
                    spans[-1].words = tuple(_words(group))
    return spans


def _bottom(groups: Sequence[Sequence[Glyph]]) -> float:
    """Return the baseline of the uppermost line of those at the bottom of a page."""
    baselines = sorted({round(group[0].baseline) for group in groups})
    return min(baselines[-_BOTTOM_LINES:], default=0) - 1


def _is_equally_spaced(run: Sequence[Sequence[Glyph]]) -> bool:
    """Return whether groups of glyphs follow each other on one baseline at the same distance."""
    if any(map(_is_leader, run)) or not any(glyph.text.isalpha() for group in run for glyph in group):
        return False  # figures far apart are cells, even if a line below them, such as a unit, has their width
    gaps = [after[0].left - before[-1].right for before, after in pairwise(run)]
    *_, (last, glyph) = ((before[-1], after[0]) for before, after in pairwise(run))
    level = abs(last.baseline - glyph.baseline) < _SAME and abs(last.size - glyph.size) <= _SIZE_TOLERANCE
    return level and max(gaps) <= _MAX_JUSTIFIED_GAP * glyph.size and 0 < min(gaps) >= max(gaps) - _SAME


def _has_width_of(run: Sequence[Sequence[Glyph]], line: Sequence[Sequence[Glyph]]) -> bool:
    """Return whether words fill the width of the line of prose above or below them, but for an indent."""
    first, last, begin, end = run[0][0], run[-1][-1], line[0][0], line[-1][-1]
    indent = (first.left - begin.left) / first.size
    return (
        abs(last.right - end.right) <= _SAME
        and -_MAX_INDENT <= indent <= _MAX_INDENT
        and abs(first.size - begin.size) <= _SIZE_TOLERANCE
        and 0 < abs(first.baseline - begin.baseline) <= _MAX_LEADING * first.size
    )


def _continues(last: Glyph, glyph: Glyph) -> bool:
    if last.text.isupper() and last.size >= CAP_SIZE * glyph.size and not glyph.text.isdecimal():
        return False  # a drop cap, unlike in a formula such as "CO₂"
    shift = abs(last.baseline - glyph.baseline)
    if shift:  # raised or lowered, or in another line
        height = min(last.bottom - last.top, glyph.bottom - glyph.top)
        is_mark = glyph.size <= _MAX_RAISED_SIZE * last.size and glyph.text.isdecimal() and last.text in _LOW_SIGNS
        top = min(last.top, last.baseline - _DIGIT_HEIGHT * last.size) if is_mark else last.top
        overlap = min(last.bottom, glyph.bottom) - max(top, glyph.top)
        small, large = sorted((last.size, glyph.size))
        if overlap < _MIN_GLYPH_OVERLAP * height or shift > min(_MAX_BASELINE_SHIFT * large, _MAX_RAISE * small):
            return False  # small type beside a drop cap overlaps it
    if last.left <= glyph.left and glyph.right <= last.right:
        return True  # the letters of a ligature share its box, and accents stand over their letter
    em = max(last.size, glyph.size)
    both_numbers = last.text.isdecimal() and glyph.text.isdecimal()
    return -_MAX_OVERLAP * em <= glyph.left - last.right <= (_MAX_DIGIT_GAP if both_numbers else _MAX_GAP) * em


def _pieces(group: Sequence[Glyph]) -> Iterator[tuple[str, int]]:
    raised = _raised_digits(group)
    for position, glyph in enumerate(group):
        joins = position in raised or (position - 1 in raised and glyph.text in _CLOSING)
        close = joins and glyph.left - group[position - 1].right < _CLOSE * glyph.size
        if position and not close and _has_space_between(group[position - 1], glyph):
            yield " ", -1
        yield raised.get(position, glyph.text), glyph.number


def _raised_digits(group: Sequence[Glyph]) -> dict[int, str]:
    """Return the superscript characters for short numbers in smaller type above the baseline, but in no fraction."""
    if len({glyph.size for glyph in group}) == 1:
        return {}
    (size, baseline), _ = Counter((glyph.size, glyph.baseline) for glyph in group).most_common(1)[0]
    raised: list[int] = []
    result: dict[int, str] = {}
    for position, glyph in enumerate([*group, None]):
        if glyph and glyph.size <= _MAX_RAISED_SIZE * size and baseline - glyph.baseline >= _MIN_RAISE * size:
            raised.append(position)
            continue
        if raised and (glyph is None or glyph.text not in ("/", "⁄")):
            before = "".join(glyph.text for glyph in group[max(0, raised[0] - 3) : raised[0]])
            digits = raise_digits("".join(group[at].text for at in raised), before)
            result |= zip(raised, digits, strict=False) if digits not in ("ⁿ", "ⁱ") else ()
        raised.clear()
    return result


def build_span(group: Sequence[Glyph], pieces: Iterable[tuple[str, int]]) -> Span:
    """Return the span of some glyphs; `pieces` are its text in order, each with the number of its glyph or -1."""
    parts: list[str] = []
    sources = array("i")
    for text, number in pieces:
        parts.append(text)
        sources.extend([number] * len(text))
    sizes = Counter(glyph.size for glyph in group)
    steps = Counter[float]()
    for exact, count in sizes.items():
        steps[round(exact / _SIZE_TOLERANCE) * _SIZE_TOLERANCE] += count
    size = steps.most_common(1)[0][0]
    main = [glyph for glyph in group if abs(glyph.size - size) <= _SIZE_TOLERANCE] or list(group)
    return Span(
        text="".join(parts),
        sources=sources,
        left=min(glyph.left for glyph in group),
        top=min(glyph.top for glyph in main),
        right=max(glyph.right for glyph in group),
        bottom=max(glyph.bottom for glyph in main),
        baseline=main[0].baseline,
        size=size,
        bold=_is_bold(group),
        italic=sum(glyph.italic for glyph in group) >= _STYLE_SHARE * len(group),
        fixed=all(glyph.fixed for glyph in group),
    )


def _is_bold(group: Sequence[Glyph]) -> bool:
    letters = [glyph.bold for glyph in group if not glyph.fixed] or [glyph.bold for glyph in group]
    is_framed = group[0].bold and group[-1].bold
    return sum(letters) >= (_FRAMED_SHARE if is_framed else _STYLE_SHARE) * len(letters)


def _has_space_between(before: Glyph, after: Glyph) -> bool:
    """Return whether the file has white space between two glyphs, or the gap is as wide as a space.

    PDFium inserts spaces between letters of Chinese and Japanese that touch each other.
    """
    gap = max(after.left - before.right, before.left - after.right)
    size = min(before.size, after.size)
    if UNSPACED_LETTER.match(before.text) and UNSPACED_LETTER.match(after.text):
        return after.space and gap > _UNSPACED_GAP * size
    if after.space or gap <= _WORD_GAP * size:
        return after.space
    return not (WIDE_LETTER.match(before.text) and WIDE_LETTER.match(after.text))


def group_rows(spans: Iterable[Span]) -> list[list[Span]]:
    """Group spans at one height into rows from top to bottom, each in reading direction."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (span.baseline, span.left)):
        for row in reversed(rows[-_ROWS_BACK:]):
            first = row[0]
            overlap = min(first.bottom, span.bottom) - max(first.top, span.top)
            if overlap > _MIN_SPAN_OVERLAP * min(first.bottom - first.top, span.bottom - span.top):
                row.append(span)
                break
        else:
            rows.append([span])
    for row in rows:
        worded = [span for span in row if any(map(str.isalpha, span.text))]  # figures have the direction of the page
        right_to_left = row[0].mirrored
        if worded:
            right_to_left = sum(bool(RIGHT_TO_LEFT.search(span.text)) for span in worded) * 2 > len(worded)
        reverse = right_to_left != row[0].mirrored
        row.sort(key=(lambda span: -span.right) if reverse else (lambda span: span.left))
    return rows
