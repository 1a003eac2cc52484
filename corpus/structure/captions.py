"""Lines that bear no number and are no sentence: captions, columns set into the text, headings without numbers.

Lines and the numbered headings in, roles out. A caption illustrates the text above it; a column ("inset") opens a topic
of its own, with a title, perhaps a byline, and paragraphs up to the next heading.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from corpus.structure.heading_candidates import PREDICATE, is_title_case, stems
from corpus.structure.lines import Line, ends_sentence

Role = Literal["caption", "inset", "section"]

_LABELLED = re.compile(
    r"(?:Figure|Fig\.|Table|Chart|Graph|Photo|Map|Diagram|Exhibit|Abbildung|Tabelle|Tableau|Cuadro)\s*"
    r"(?:[0-9]{1,3}|[IVX]{1,5}\b|[A-Z]\b)(?:[-.–][0-9]{1,3})*\s*[:.—–-]?(?:\s|$)|"
    r"[図表写真]{1,2}(?:表)?\s*[0-9０-９一二三四五六七八九十]{1,3}"
)
_CREDIT = re.compile(
    r"(?i)[(（\[](?:photo|photograph|image|picture|source|courtesy|credit|写真|出典|提供)[^)）\]]*[)）\]]?$"
)
_CREDIT_LINE = re.compile(r"(?i)(?:photo|image|picture|photo credit|credit|写真提供|写真)\s*[:：]|©")
_COLUMN = re.compile(
    r"(?i)\W?(?:column|box|special feature|feature|case study|topic|spotlight|in focus|opinion|interview|essay|"
    r"コラム|特集|囲み|トピック|事例)(?:\s*(?:[0-9]{1,2}|[A-Z])(?![a-z]))?\s*(?:[:：.|—–-]|$)"
)
_COLUMN_NUMBER = re.compile(
    r"(?:Column|Box|Feature|Case [Ss]tudy|Spotlight|COLUMN|BOX|コラム)\s*[0-9]{1,2}(?:[.-][0-9]{1,2})?\b"
)
_SUBTITLE = re.compile(r"\s[~〜～–—]\s*\S.*|[~〜～―]\S[^~〜～―]*[~〜～―]$|\S: [A-Z]")
_PLAIN = re.compile(r"[\W_]+")
NEAR = 30
"""Lines above and below a title whose words are compared with its own."""
ENOUGH = 3.0
"""Points that make a line the title of an inset."""


def is_caption(text: str) -> bool:
    """Whether a line says itself that it is a caption: labelled, credited, or printed twice in one line."""
    return len(text) <= 800 and (
        is_doubled(text)
        or (not ends_sentence(text) and bool(_LABELLED.match(text)))
        or bool(_CREDIT.search(text) and len(text.split()) <= 60)
        or bool(_CREDIT_LINE.match(text))
    )


def is_label(text: str) -> bool:
    """Whether a line begins as the caption of a table or a figure does: "Table 3", "Figure 2-1: ..."."""
    return len(text) <= 400 and "\n" not in text and bool(_LABELLED.match(text))


def is_doubled(text: str) -> bool:
    """Whether a line holds the same words twice, as a picture's alternative text before its caption does."""
    plain = _PLAIN.sub("", text)
    half = len(plain) // 2
    return half >= 14 and len(plain) % 2 == 0 and plain[:half] == plain[half:] and len(set(plain[:half])) > 4


def is_title(text: str) -> bool:
    """Whether a line may be a title or a caption rather than prose: short, not ended like a sentence."""
    return (
        len(text) <= 250
        and len(text.split()) <= 30
        and not ends_sentence(text)
        and text[-1] not in ",;:：、"
        and not text[0].islower()
        and text[0] not in "•·‣・-–—*＊※\"“‘'[|+=_"
        and sum(character.isalpha() for character in text) >= 0.6 * len(text.replace(" ", ""))
        and "\t" not in text
        and (not PREDICATE.search(text) or is_title_case(text))
    )


def classify(
    lines: Sequence[Line], heads: Collection[int], notes: Collection[int], sure: Collection[int], first: int
) -> dict[int, Role]:
    """The roles of lines without numbers from line `first` on.

    `heads` are the numbered headings, `notes` the note lines, `sure` the captions known by their wording.
    """
    filled = [position for position, line in enumerate(lines) if position >= first and not line.blank]
    prose = {p for p in filled if p not in heads and p not in notes and p not in sure and ends_sentence(lines[p].text)}
    other = [p for p in filled if p not in heads and p not in notes and p not in sure and p not in prose]
    alone = [p for p in other if is_title(lines[p].text) and _stands_alone(lines, p, heads, notes, sure)]
    if not prose or len(other) > len(prose):  # verse, tables, lines broken by width: no line's end says anything
        return _columns(lines, alone)
    if not heads:
        alone = [p for p in other if is_title(lines[p].text) and (p in alone or _heads_paragraph(lines, p))]
        return _headings(lines, filled, prose, alone)
    return _insets(lines, filled, heads, notes, sure, prose, alone)


def _columns(lines: Sequence[Line], alone: Sequence[int]) -> dict[int, Role]:
    return {p: "inset" for p in alone if _names_column(lines[p].text)}


def _names_column(text: str) -> bool:
    return bool(_COLUMN.match(text) or _COLUMN_NUMBER.match(text))


def _stands_alone(
    lines: Sequence[Line], position: int, heads: Collection[int], notes: Collection[int], sure: Collection[int]
) -> bool:
    """Whether a line is a paragraph of its own: no prose touches it."""
    for near in (position - 1, position + 1):
        if 0 <= near < len(lines) and not lines[near].blank:
            known = near in heads or near in notes or near in sure
            if not known and not is_title(lines[near].text):
                return False
    return True


def _heads_paragraph(lines: Sequence[Line], position: int) -> bool:
    """Whether a line in capitals stands right over its paragraph, with nothing or another such line above."""
    above = lines[position - 1] if position else None
    return lines[position].text.isupper() and (above is None or above.blank or above.text.isupper())


def _headings(
    lines: Sequence[Line], filled: Sequence[int], prose: Collection[int], alone: Sequence[int]
) -> dict[int, Role]:
    """Headings of a document without numbers: capitals or Title Case, and prose below each. When in doubt, none."""
    place = {position: index for index, position in enumerate(filled)}
    roles: dict[int, Role] = {}
    for position in alone:
        text = lines[position].text
        after = [filled[i] for i in range(place[position] + 1, min(place[position] + 3, len(filled)))]
        if not after or not (after[0] in prose or (len(after) > 1 and after[0] in alone and after[1] in prose)):
            continue
        if _names_column(text):
            roles[position] = "inset"
        elif len(text.split()) <= 12 and (is_title_case(text) or _is_capitals(text)):
            roles[position] = "section"
    return roles


def _is_capitals(text: str) -> bool:
    return text.isupper() and len(text) >= 4


def _insets(
    lines: Sequence[Line],
    filled: Sequence[int],
    heads: Collection[int],
    notes: Collection[int],
    sure: Collection[int],
    prose: Collection[int],
    alone: Sequence[int],
) -> dict[int, Role]:
    """Captions and insets among the numbered sections: each stretch between two headings by itself."""
    roles: dict[int, Role] = {}
    stretch: list[int] = []
    lonely = set(alone)
    for position in [*filled, -1]:
        if position != -1 and position not in heads:
            stretch.append(position)
            continue
        inside = False
        byline = False
        for place, line in enumerate(stretch):
            if line in prose:
                byline = False
            if line not in lonely:
                continue
            points = 0.0 if byline else _points(lines, stretch, place, notes, sure, prose)
            if points >= ENOUGH + (2.0 if inside else 0.0):
                roles[line] = "inset"
                inside = byline = True
            elif not byline:
                roles[line] = "caption"
        stretch = []
    titles = [line for line, role in roles.items() if role == "inset" and not _names_column(lines[line].text)]
    if len(titles) > max(3, len(heads) // 2):  # so many are no columns but the document's own lower headings
        roles |= dict.fromkeys(titles, "section")
    return roles


def _points(
    lines: Sequence[Line],
    stretch: Sequence[int],
    place: int,
    notes: Collection[int],
    sure: Collection[int],
    prose: Collection[int],
) -> float:
    """How much a line looks like an inset's title rather than a caption."""
    position = stretch[place]
    text = lines[position].text
    below = [line for line in stretch[place + 1 : place + 1 + NEAR] if line in prose]
    if not below:
        return 0.0
    if _names_column(text):
        return 9.0
    points = 1.0 if len(below) >= 2 else 0.0
    points += 2.0 if is_title_case(text) else 0.0
    points += 1.5 if _SUBTITLE.search(text) else 0.0
    after = stretch[place + 1]
    points += 1.0 if after not in prose and after != position + 1 else 0.0  # a byline, or the column's picture
    before = stretch[place - 1] if place else None
    points += 1.0 if before in notes else 0.0  # notes end the section before the column begins
    for near in (before, after):  # pictures come in groups
        if near is not None and abs(near - position) == 1 and (near in sure or is_title(lines[near].text)):
            points -= 2.0
    words = stems(text)
    if words:
        near_above = [line for line in stretch[max(0, place - NEAR) : place] if line in prose]
        above = stems(" ".join(lines[line].text for line in near_above))
        under = stems(" ".join(lines[line].text for line in below))
        points += 3.0 * (len(words & under) - len(words & above)) / len(words)
    return points
