"""Classify lines without a number that are not sentences: captions, titles of insets, headings without numbers.

A caption illustrates the text above it. An inset (a column or box) opens another topic, with a title, an optional
byline, and paragraphs up to the next heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import groupby, takewhile
from typing import Literal

from corpus.imprint import OFFICE_TITLE, is_imprint
from corpus.scripts import KANJI_DIGITS
from corpus.structure.heading_candidates import is_title, is_title_case, numbered_items, stems
from corpus.structure.lines import PAGE_HEADER_REPEATS, Line, ends_sentence, sentence_lines
from corpus.vocabulary import FIGURE_LABELS, SOURCE_LABEL, TABLE_LABELS

Role = Literal["caption", "inset", "section"]

_LABELLED = re.compile(
    rf"(?:{'|'.join(word.capitalize() for word in f'{FIGURE_LABELS}|{TABLE_LABELS}'.split('|'))})\s*"
    r"(?:[0-9]{1,3}|[IVX]{1,5}\b|[A-Z]\b)(?:[-.–][0-9]{1,3})*\s*[:.—–-]?(?:\s|$)|"
    rf"[図图表写真]{{1,2}}(?:表)?\s*[0-9０-９{KANJI_DIGITS}十]{{1,3}}"
)
_CREDIT = re.compile(
    rf"(?i)[(（\[](?:photo|photograph|image|picture|source|courtesy|credit|写真|提供|{SOURCE_LABEL})[^)）\]]*[)）\]]?$"
)
_CREDIT_LINE = re.compile(r"(?i)(?:photo|image|picture|photo credit|credit|写真提供|写真)\s*[:：]|©")
_COLUMN = re.compile(
    r"(?i)\W?(?:column|box|special feature|feature|case study|topic|spotlight|in focus|opinion|interview|essay|"
    r"riquadro|encadré|encart|exkurs|recuadro|ramka|faktaruta|"
    r"コラム|特集|囲み|トピック|事例)(?:\s*(?:[0-9]{1,2}|[A-Z])(?![a-z]))?\s*(?:[:：.|—–-]|$)"
)
_COLUMN_NUMBER = re.compile(
    r"(?:Column|Box|Feature|Case [Ss]tudy|Spotlight|Kasten|Kader|Caixa|COLUMN|BOX|コラム)"
    r"\s*[0-9]{1,2}(?:[.-][0-9]{1,2})?\b"
)
_SUBTITLE = re.compile(r"\s[~〜～–—]\s*\S.*|[~〜～―]\S[^~〜～―]*[~〜～―]$|\S: [A-Z]")
_PLAIN = re.compile(r"[\W_]+")
_SHORT_TITLE = 3
"""Words of a title that need not be in title case."""
_MIN_LIST = 4
"""Minimum lines of a list: a title can have three."""
_CONTEXT_LINES = 30
"""Lines above and below a title whose words are compared with those of the title."""

_INSET_SCORE = 3.0
"""Score at which a line is the title of an inset. A lower value turns captions into insets, a higher one merges insets
into the section around them; measured by `tests/benchmarks/reading/outline.py`."""


def is_caption(text: str) -> bool:
    """Return whether the form of a line makes it a caption: labelled, credited, or printed twice in one line."""
    return len(text) <= 800 and (
        is_doubled(text)
        or (not ends_sentence(text) and bool(_LABELLED.match(text)))
        or bool(_CREDIT.search(text) and len(text.split()) <= 60)
        or bool(_CREDIT_LINE.match(text))
    )


def is_label(text: str) -> bool:
    """Return whether a line begins like the caption of a table or figure: "Table 3", "Figure 2-1: ..."."""
    return len(text) <= 400 and "\n" not in text and bool(_LABELLED.match(text))


def is_inset_label(text: str) -> bool:
    """Return whether a line begins like the title of an inset: "Box 4.1 How ...", "Case study: ..."."""
    return bool(_COLUMN_NUMBER.match(text) or _COLUMN.match(text))


def is_doubled(text: str) -> bool:
    """Return whether a line has the same words twice: the alternative text of a picture and its caption."""
    plain = _PLAIN.sub("", text)
    half = len(plain) // 2
    return half >= 14 and len(plain) % 2 == 0 and plain[:half] == plain[half:] and len(set(plain[:half])) > 4


def classify(
    lines: Sequence[Line],
    headings: Collection[int],
    notes: Collection[int],
    captions: Collection[int],
    first: int,
    months: Collection[int] = (),
) -> dict[int, Role]:
    """Return the roles of lines without numbers, by position.

    Args:
        lines: The lines of the text.
        headings: Positions of numbered headings.
        notes: Positions of notes.
        captions: Positions of captions that are certain by their form.
        first: Position of the first line to classify.
        months: Positions of months that head the entries of a chronicle in a document without other `headings`.
    """
    notes = {*notes, *months}
    not_blank = [position for position, line in enumerate(lines) if position >= first and not line.blank]
    prose = {
        p for p in sentence_lines(lines) if p >= first and p not in headings and p not in notes and p not in captions
    }
    other = [p for p in not_blank if p not in headings and p not in notes and p not in captions and p not in prose]
    items = numbered_items(lines, [p for p in not_blank if p not in headings])
    titles = [
        p
        for p in other
        if p not in items and is_title(lines[p].text) and _is_separate(lines, p, headings, notes, captions)
    ]
    isolated = [p for p in titles if all(lines[n].blank for n in (p - 1, p + 1) if 0 <= n < len(lines))]
    if not prose or len(other) - len(isolated) > len(prose):  # verse, tables: the ends of lines mean nothing
        return _named_insets(lines, titles)
    if not headings:
        titles = [p for p in other if is_title(lines[p].text) and (p in titles or _is_above_paragraph(lines, p))]
        return _headings(lines, not_blank, prose, titles, months)
    return _insets(lines, not_blank, headings, notes, captions, prose, titles)


def _named_insets(lines: Sequence[Line], titles: Sequence[int]) -> dict[int, Role]:
    return {p: "inset" for p in titles if is_inset_label(lines[p].text)}


def _is_separate(
    lines: Sequence[Line], position: int, headings: Collection[int], notes: Collection[int], captions: Collection[int]
) -> bool:
    """Return whether no prose is directly above or below a line."""
    for near in (position - 1, position + 1):
        if 0 <= near < len(lines) and not lines[near].blank:
            known = near in headings or near in notes or near in captions
            if not known and not is_title(lines[near].text):
                return False
    return True


def _is_above_paragraph(lines: Sequence[Line], position: int) -> bool:
    """Return whether a line in capitals is directly above its paragraph, below a blank line or another such line."""
    above = lines[position - 1] if position else None
    return lines[position].text.isupper() and (above is None or above.blank or above.text.isupper())


def _headings(
    lines: Sequence[Line],
    not_blank: Sequence[int],
    prose: Collection[int],
    titles: Sequence[int],
    months: Collection[int],
) -> dict[int, Role]:
    """Return the headings of a document without numbers, each with prose or a month of a chronicle below it.

    They are in capitals or title case, or short if there are several such lines.
    """
    index_of = {position: index for index, position in enumerate(not_blank)}
    roles: dict[int, Role] = {}
    short: list[int] = []
    last_at = {lines[position].text.casefold(): position for position in titles}
    names = Counter(_without_numbers(lines[position].text) for position in titles)
    listed = _list_lines(lines, not_blank, prose)
    signatures = _signature_lines(lines, not_blank, prose, listed)
    for position in titles:
        text = lines[position].text
        after = [not_blank[i] for i in range(index_of[position] + 1, min(index_of[position] + 3, len(not_blank)))]
        follows_text = position > 0 and not lines[position - 1].blank and roles.get(position - 1) != "section"
        if position in listed or (follows_text and not text.isupper()):
            continue
        text_below = [line in prose or line in months or (line in listed and text.isupper()) for line in after]
        if not any(text_below) or not (text_below[0] or after[0] in titles):
            continue
        if not text_below[0] and last_at[text.casefold()] > position:  # the last line of a table of contents
            continue
        if names[_without_numbers(text)] >= PAGE_HEADER_REPEATS or position in signatures:
            continue
        if is_inset_label(text):
            roles[position] = "inset"
        elif len(text.split()) <= 12 and (is_title_case(text) or _is_capitals(text)):
            roles[position] = "section"
        elif (
            after[0] in prose and len(text.split()) <= _SHORT_TITLE and lines[after[0]].start > lines[position].end + 1
        ):
            short.append(position)
    if len(short) > 1 or "section" in roles.values():
        roles |= dict.fromkeys(short, "section")
    return roles


def _list_lines(lines: Sequence[Line], not_blank: Sequence[int], prose: Collection[int]) -> set[int]:
    """Return the lines of lists: _MIN_LIST or more, one below the other, without prose or a title in capitals."""
    listed: set[int] = set()
    block: list[int] = []
    for position in [*not_blank, len(lines) + 1]:
        if block and position == block[-1] + 1 and position not in prose and not lines[position].text.isupper():
            block.append(position)
            continue
        if len(block) >= _MIN_LIST:
            listed.update(block)
        block = [position] if position < len(lines) and position not in prose else []
    return listed


def _without_numbers(text: str) -> str:
    return " ".join(re.sub(r"\d+", " ", text).casefold().split())


def _signature_lines(
    lines: Sequence[Line], not_blank: Sequence[int], prose: Collection[int], listed: Collection[int]
) -> set[int]:
    """Return the lines of signatures below prose: up to the last date or office, and a name below that.

    A list of officers is no signature, and ends it.
    """
    signatures: set[int] = set()
    for is_prose, group in groupby(not_blank, key=lambda position: position in prose):
        block = list(group)
        if is_prose or block[0] == not_blank[0]:
            continue
        above_prose = block[-1] != not_blank[-1]
        block = list(takewhile(lambda position: position not in listed, block))
        named = [n for n, p in enumerate(block) if is_imprint(lines[p].text) or OFFICE_TITLE.search(lines[p].text)]
        last = max((n for n in named if n < len(block) - above_prose), default=None)
        if last is not None:
            signatures |= set(block[: min(last + 2, len(block) - above_prose)])
    return signatures


def _is_capitals(text: str) -> bool:
    return text.isupper() and len(text) >= 4


def _insets(
    lines: Sequence[Line],
    not_blank: Sequence[int],
    headings: Collection[int],
    notes: Collection[int],
    captions: Collection[int],
    prose: Collection[int],
    titles: Sequence[int],
) -> dict[int, Role]:
    """Return captions and titles of insets among numbered sections; each part between two headings is separate."""
    roles: dict[int, Role] = {}
    part: list[int] = []
    separate = set(titles)
    for position in [*not_blank, -1]:
        if position != -1 and position not in headings:
            part.append(position)
            continue
        inside = False
        byline = False
        for index, line in enumerate(part):
            if line in prose:
                byline = False
            if line not in separate:
                continue
            score = 0.0 if byline else _inset_score(lines, part, index, notes, captions, prose)
            if score >= _INSET_SCORE + (2.0 if inside else 0.0):
                roles[line] = "inset"
                inside = byline = True
            elif not byline:
                roles[line] = "caption"
        part = []
    inset_titles = [line for line, role in roles.items() if role == "inset" and not is_inset_label(lines[line].text)]
    if len(inset_titles) > max(3, len(headings) // 2):  # too many to be insets: they are lower headings without numbers
        roles |= dict.fromkeys(inset_titles, "section")
    return roles


def _inset_score(
    lines: Sequence[Line],
    part: Sequence[int],
    index: int,
    notes: Collection[int],
    captions: Collection[int],
    prose: Collection[int],
) -> float:
    """Score how much a line looks like the title of an inset rather than a caption."""
    position = part[index]
    text = lines[position].text
    below = [line for line in part[index + 1 : index + 1 + _CONTEXT_LINES] if line in prose]
    if not below:
        return 0.0
    if is_inset_label(text):
        return 9.0
    score = 1.0 if len(below) >= 2 else 0.0
    score += 2.0 if is_title_case(text) else 0.0
    score += 1.5 if _SUBTITLE.search(text) else 0.0
    after = part[index + 1]
    score += 1.0 if after not in prose and after != position + 1 else 0.0  # a byline, or a picture of the inset
    before = part[index - 1] if index else None
    score += 1.0 if before in notes else 0.0  # notes end the section before the inset
    for near in (before, after):  # pictures come in groups
        if near is not None and abs(near - position) == 1 and (near in captions or is_title(lines[near].text)):
            score -= 2.0
    words = stems(text)
    if words:
        near_above = [line for line in part[max(0, index - _CONTEXT_LINES) : index] if line in prose]
        above = stems(" ".join(lines[line].text for line in near_above))
        under = stems(" ".join(lines[line].text for line in below))
        score += 3.0 * (len(words & under) - len(words & above)) / len(words)
    return score
