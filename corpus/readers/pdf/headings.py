"""Headings of a PDF file: which lines are headings, by size and weight against the body's, and their levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from corpus.readers.pdf.text_lines import SENTENCE_END, BodyStyle, PdfLine
from corpus.structure.lines import LIST_ITEM

NUMBERING = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|article)\s+[\dA-Z]+\b|第.{1,4}[章節部編条]|\d+(?:\.\d+)*[.)]?\s|[(（]\w{1,4}[)）]"
    r"|(?-i:[IVXLC]+|[A-Z])(?:\.\d{1,2}){1,4}[.)]?\s|[A-Z][.)]\s|[a-z][.)]\s|[IVX]+[.)]\s|§)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\d+(?:\.\d+)+\b|(?:[IVXLC]+|[A-Z])(?:\.\d{1,2}){1,4}(?=[.)]?\s)")
_NUMBERING_KINDS = (
    ("decimal", _DECIMAL),
    ("chapter", re.compile(r"(?:chapter|part)\s+[\dA-Z]+\b|第.{1,4}[章部編]", re.IGNORECASE)),
    ("section", re.compile(r"(?:section|article)\s+[\dA-Z]+\b|第.{1,4}[節条]", re.IGNORECASE)),
    ("1", re.compile(r"\d+(?:[.．)]|\s)")),
    ("(1)", re.compile(r"[(（]\d+[)）]")),
    ("I", re.compile(r"[IVX]{2,}[.)]\s|[IVX][.)]\s(?=[A-Z])")),
    ("A", re.compile(r"[A-Z][.)]\s?")),
    ("(a)", re.compile(r"[(（][a-z][)）]")),
    ("a", re.compile(r"[a-z][.)]\s")),
    ("(A)", re.compile(r"[(（][A-Z][)）]")),
)

_LARGE, _LARGER, _SLIGHTLY_LARGER = 1.5, 1.12, 1.04
"""Multiples of the body's size: of a heading that may be a statement ("Seven of ten goals were reached."), of another
heading anywhere, and of one that must stand alone."""
_MIN_BOLD_SIZE = 0.95
"""Multiple of the body's size of a bold heading; smaller bold lines are table heads or notes."""
_MAX_LENGTH, _MAX_LINES = 250, 6
"""Maximum characters and lines of a heading; more is a paragraph in larger type, such as a lead."""
MIN_SENTENCE_WORDS = 10
"""Minimum words of a line that ends like a sentence and is one; a shorter line may be a heading ("What is new?")."""
_SENTENCES = re.compile(
    r"(?:\w+\W+){4}\w*[^\W\d_]{2}[.!。！][)\]\"'’”»」』]*\s+(?:\w+\W+){4,}\w*[.!。！][)\]\"'’”»」』]*$"
)
"""Two sentences of five words or more: a paragraph in larger type, and no heading."""
_LIST = 3
"""Minimum number of headings right below each other that are a list or a cover instead."""
_LINE_SIZE_TOLERANCE, _LEVEL_SIZE_TOLERANCE = 0.3, 0.35
"""Points by which lines of one style, and headings of one level, differ at most."""
_MAX_LINE_DISTANCE, _MIN_HEADING_DISTANCE = 1.6, 1.4
"""Ems: between lines of a heading, and between two headings of which the first fills its line."""
_SMALL_PAGE, _SMALL_PAGE_SHARE, _MIN_PAGE_TEXT = 0.9, 0.7, 400
"""Multiple of the body's size that is smaller type, share of a page in it, and characters of such a page."""
_MAX_ITEM_DISTANCE = 2.5
"""Ems between list items."""
_FULL_LINE, _SHORT_LINE = 0.2, 0.1
"""Shares of a column's width: a continued line of a heading leaves less than the first free, the last line of a
paragraph more than the second."""
_GAP = 1.25
"""Multiple of the body's leading that separates a heading from text above that has not visibly ended."""
_MIN_DROP = 0.5
"""Ems by which the text below a heading is lower; less, and it is beside the heading."""

Titles = Collection[tuple[int | None, str]]
"""Page and normalized title of each bookmark of the file."""


def normalize_title(text: str) -> str:
    """Return the words of a title in lower case, for comparison with bookmarks."""
    return " ".join(re.findall(r"\w+", text.lower()))


def have_same_size(line: PdfLine, other: PdfLine) -> bool:
    """Return whether two lines have the same type size within a tolerance."""
    return abs(line.size - other.size) < _LINE_SIZE_TOLERANCE


def mark_headings(
    lines: Sequence[PdfLine], body: BodyStyle, titles: Titles, listed: Collection[str] = frozenset()
) -> None:
    """Assign the role "heading" to lines without a role; `listed` are titles in the table of contents, normalized."""
    headings: list[tuple[int, int]] = []
    styles = _page_styles(lines, body)
    position = run_end = 0
    while position < len(lines):
        body = styles[lines[position].page]
        run_end = run_end if position < run_end else _run_end(lines, position)
        stop = _heading_end(lines, position, run_end, body, titles, listed)
        for line in lines[position:stop]:
            line.role = "heading"
        if stop > position:
            headings.append((position, stop))
        # the end of a paragraph or a sentence in larger or bold type is not a heading either
        is_text = run_end - position > _MAX_LINES or (
            run_end - position > 1 and SENTENCE_END.search(lines[run_end - 1].text) is not None
        )
        skips = stop == position and is_text and _is_prominent(lines[position], body)
        position = run_end if skips else max(stop, position + 1)
    _demote_lists(lines, headings)


def _page_styles(lines: Sequence[PdfLine], body: BodyStyle) -> dict[int, BodyStyle]:
    """Return the style of the text of each page: that of the file, or of the page where that is set in smaller type.

    Tables do not count, which are often in smaller type than the text above them.
    """
    sizes: dict[int, Counter[float]] = {line.page: Counter() for line in lines}
    for line in lines:
        if line.role != "table":
            sizes[line.page][line.size] += len(line.text)
    styles: dict[int, BodyStyle] = {}
    for page, counts in sizes.items():
        small = sum(count for size, count in counts.items() if size < _SMALL_PAGE * body.size)
        is_small = small >= _SMALL_PAGE_SHARE * counts.total() >= _SMALL_PAGE_SHARE * _MIN_PAGE_TEXT
        size = counts.most_common(1)[0][0] if is_small else body.size
        styles[page] = replace(body, size=size) if size < _SMALL_PAGE * body.size else body
    return styles


def _run_end(lines: Sequence[PdfLine], position: int) -> int:
    """Return the end of the lines in one style that begin at a line."""
    stop = position + 1
    while stop < len(lines) and _continues(lines[stop - 1], lines[stop]):
        stop += 1
    return stop


def _is_prominent(line: PdfLine, body: BodyStyle) -> bool:
    return line.size >= _SLIGHTLY_LARGER * body.size or (line.bold and not body.bold)


def _heading_end(
    lines: Sequence[PdfLine], position: int, stop: int, body: BodyStyle, titles: Titles, listed: Collection[str]
) -> int:
    """Return the end of the heading that begins at a line, or `position` if none begins there.

    `stop` is the end of the lines in the style of the first.
    """
    line = lines[position]
    if line.role or not any(map(str.isalpha, line.text)):
        return position
    for end in range(min(stop, position + _MAX_LINES + 1), position, -1):
        title = normalize_title(" ".join(part.text for part in lines[position:end]))
        is_listed = title in listed and all(_is_prominent(part, body) for part in lines[position:end])
        if (line.page, title) in titles or (None, title) in titles or is_listed:
            return end
    text = " ".join(part.text for part in lines[position : min(stop, position + _MAX_LINES)])
    if stop - position > _MAX_LINES or len(text) > _MAX_LENGTH or _begins_item(line):
        return position
    sentence = SENTENCE_END.search(text) is not None and len(text.split()) >= MIN_SENTENCE_WORDS
    if _SENTENCES.search(text) is not None or (sentence and text[-1] in ".。" and line.size < _LARGE * body.size):
        return position
    if line.size >= _LARGER * body.size:
        return stop
    bold = line.bold and not body.bold and line.size >= _MIN_BOLD_SIZE * body.size
    if not (bold or line.size >= _SLIGHTLY_LARGER * body.size) or sentence or text.endswith((",", ";")):
        return position
    return stop if _stands_alone(lines, position, stop, body) else position


def _demote_lists(lines: Sequence[PdfLine], headings: Sequence[tuple[int, int]]) -> None:
    """Turn headings of one style that are a list, a cover or the labels of a figure into body text.

    These are three or more with nothing but small print between them, or some before a list item in their style.
    """
    run: list[tuple[int, int]] = []
    for heading in [*headings, None]:
        if run and heading and _is_next_to(lines, run[-1], heading):
            run.append(heading)
            continue
        if len(run) >= _LIST or (run and _precedes_item(lines, run[-1])):
            for line in lines[run[0][0] : run[-1][1]]:
                line.role = "body"
        run = [heading] if heading else []


def _is_next_to(lines: Sequence[PdfLine], heading: tuple[int, int], following: tuple[int, int]) -> bool:
    """Return whether two headings have the same style, with nothing but captions and notes between them."""
    between = lines[heading[1] : following[0]]
    return _have_same_style(lines[heading[0]], lines[following[0]]) and all(
        line.role in ("caption", "notes") for line in between
    )


def _precedes_item(lines: Sequence[PdfLine], heading: tuple[int, int]) -> bool:
    """Return whether a heading is right above a list item in its style, so that it is an item or text itself."""
    start, stop = heading
    if stop == len(lines) or lines[stop].role not in ("", "heading"):
        return False
    return (
        _have_same_style(lines[start], lines[stop])
        and lines[stop].is_beside(lines[stop - 1])
        and _begins_item(lines[stop])
        and 0 < lines[stop].baseline - lines[stop - 1].baseline <= _MAX_ITEM_DISTANCE * lines[stop].size
    )


def _begins_item(line: PdfLine) -> bool:
    """Return whether a line begins with the sign of a list item that is not a number."""
    return LIST_ITEM.match(line.text) is not None and NUMBERING.match(line.text) is None


def _have_same_style(line: PdfLine, other: PdfLine) -> bool:
    same = line.page == other.page and line.bold == other.bold and line.main.italic == other.main.italic
    return same and have_same_size(line, other)


def _continues(before: PdfLine, after: PdfLine) -> bool:
    """Return whether a line continues the heading above it: in the same style, close below."""
    return (
        not after.role
        and not _begins_item(after)
        and after.block == before.block
        and _have_same_style(before, after)
        and 0 < after.baseline - before.baseline <= _MAX_LINE_DISTANCE * before.size
        and not begins_heading(before, after)
    )


def begins_heading(before: PdfLine, after: PdfLine) -> bool:
    """Return whether a line right below a heading begins another: it is numbered, and the line above has ended."""
    if not NUMBERING.match(after.text) or before.text.count("(") > before.text.count(")"):
        return False
    is_full = before.right > before.x_at(_FULL_LINE)
    return not is_full or after.baseline - before.baseline > _MIN_HEADING_DISTANCE * before.size


def _stands_alone(lines: Sequence[PdfLine], start: int, stop: int, body: BodyStyle) -> bool:
    """Return whether the text above has ended and the text below begins a paragraph."""
    line, last = lines[start], lines[stop - 1]
    if start and (above := lines[start - 1]).is_beside(line) and above.role != "heading":
        gap = line.baseline - above.baseline > _GAP * body.leading * body.size
        if not (gap or SENTENCE_END.search(above.text) or above.right < above.x_at(_SHORT_LINE)):
            return False
    if stop < len(lines) and (below := lines[stop]).is_beside(last):
        continues = below.text[:1].islower() and not _is_prominent(below, body)  # "a. Ports" is another heading
        return below.baseline - last.baseline > _MIN_DROP * body.size and not continues
    return True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text and style; `bookmark_level` is its level in the file's own outline, if it is there."""

    text: str
    size: float
    bold: bool
    italic: bool
    bookmark_level: int | None = None

    @property
    def numbering(self) -> str:
        """The kind of number it begins with, "" for none; for 1.2.3 including its depth."""
        for name, pattern in _NUMBERING_KINDS:
            if match := pattern.match(self.text):
                return f"decimal {match[0].count('.')}" if name == "decimal" else name
        return ""


_Style = tuple[int, bool, bool]

_USUAL_SHARE = 0.6
"""Share of the headings with numbers of one depth whose level is that of all."""


def assign_levels(headings: Sequence[Heading]) -> list[int]:
    """Return the level of each heading, from 0.

    Larger type ranks above smaller, bold above regular. Within a style, kinds of numbering rank in the order in which
    they first occur. The levels of bookmarks override this ranking.
    """
    sizes = _rank_sizes(headings)
    styles = [(sizes[heading.size], not heading.bold, heading.italic) for heading in headings]
    kinds = _rank_numbering(headings, styles)
    keys = [(*style, kinds[style].get(heading.numbering, 0)) for heading, style in zip(headings, styles, strict=True)]
    order = {key: level for level, key in enumerate(sorted(set(keys)))}
    return _align_numbered(headings, _apply_bookmarks(headings, [order[key] for key in keys]))


def _align_numbered(headings: Sequence[Heading], levels: Sequence[int]) -> list[int]:
    """Give numbers such as "2.3" the level of most of their depth, also those with words in another type.

    What is without a number between "2.3" and "2.4" is below "2.3".
    """
    decimals = [match[0].split(".") if (match := _DECIMAL.match(heading.text)) else [] for heading in headings]
    by_depth: dict[int, Counter[int]] = {}
    for numbers, level in zip(decimals, levels, strict=True):
        if numbers:
            by_depth.setdefault(len(numbers), Counter())[level] += 1
    usual = {
        depth: level
        for depth, counts in by_depth.items()
        for level, count in counts.most_common(1)
        if count >= _USUAL_SHARE * counts.total()
    }
    result = [usual.get(len(numbers), level) for numbers, level in zip(decimals, levels, strict=True)]
    for place, numbers in enumerate(decimals):
        following = next((at for at in range(place + 1, len(decimals)) if decimals[at]), place)
        if numbers and decimals[following] == [*numbers[:-1], str(int(numbers[-1]) + 1)]:
            for between in range(place + 1, following):
                if not headings[between].numbering:
                    result[between] = max(result[between], result[place] + 1)
    return [
        level if heading.bookmark_level is None else heading.bookmark_level
        for heading, level in zip(headings, result, strict=True)
    ]


def _rank_sizes(headings: Sequence[Heading]) -> dict[float, int]:
    """Rank sizes, the largest first; nearly equal sizes share a rank."""
    ranks: dict[float, int] = {}
    last: float | None = None
    for size in sorted({heading.size for heading in headings}, reverse=True):
        ranks[size] = 0 if last is None else ranks[last] + (last - size > _LEVEL_SIZE_TOLERANCE)
        last = size
    return ranks


def _rank_numbering(headings: Sequence[Heading], styles: Sequence[_Style]) -> dict[_Style, dict[str, int]]:
    """Rank, for each style, the kinds of numbering by their first occurrence; decimal numbers rank by their depth.

    A kind that occurs once counts only above the others: "Chapter 3" of an excerpt, before "Section 1" and "Section 2".
    """
    ranks: dict[_Style, dict[str, int]] = {}
    counts = Counter((style, heading.numbering) for heading, style in zip(headings, styles, strict=True))
    for heading, style in zip(headings, styles, strict=True):
        known = ranks.setdefault(style, {})
        kind = heading.numbering
        if kind and kind not in known and (counts[style, kind] > 1 or not known):
            known[kind] = len(known)
    for known in ranks.values():
        decimal = sorted(kind for kind in known if kind.startswith("decimal"))
        known.update(zip(decimal, sorted(known[kind] for kind in decimal), strict=True))
    return ranks


def _apply_bookmarks(headings: Sequence[Heading], levels: Sequence[int]) -> list[int]:
    """Use the levels of bookmarks; headings without one get the bookmark level that is usual at their own level."""
    bookmarked: dict[int, Counter[int]] = {}
    for heading, level in zip(headings, levels, strict=True):
        if heading.bookmark_level is not None:
            bookmarked.setdefault(level, Counter())[heading.bookmark_level] += 1
    result: list[int] = []
    for heading, level in zip(headings, levels, strict=True):
        if heading.bookmark_level is not None:
            result.append(heading.bookmark_level)
        elif level in bookmarked:
            result.append(bookmarked[level].most_common(1)[0][0])
        else:
            nearest = max((other for other in bookmarked if other < level), default=-1)
            base = max(bookmarked[nearest]) if nearest in bookmarked else -1
            result.append(base + sum(nearest < other <= level and other not in bookmarked for other in set(levels)))
    return result
