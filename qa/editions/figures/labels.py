"""Describe a figure by a phrase of its own text in which "…" stands for the figure: "the UN ran … missions".

A phrase begins and ends where readers would pause: at punctuation, or before and after whole names and word groups.
Japanese and Chinese are cut between groups of a word and its particles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.clauses import BREAK, CONJUNCTION
from corpus.records import Span
from corpus.scripts import HAN, HIRAGANA, KATAKANA, NAME_PARTICLES, UNSPACED
from corpus.vocabulary import MONTHS, YEAR
from index.lexical.analysis import FUNCTION_WORDS
from qa.editions.figures.quantities import Quantity, header_cells, is_table_row

MEASURE_WORDS = (
    FUNCTION_WORDS
    | MONTHS.keys()
    | frozenset(
        "amount amounts amounted amounting total totals sum number figure figures per annum annual annually year years "
        "yearly fiscal month months day last previous past all thus now near nearly actual estimated expected zahl "
        "anzahl angabe angaben höhe summe nombre chiffre chiffres montant número cifra cifras cantidad importe".split()
    )
)
"""Words that occur around any figure and do not identify its subject."""


TOTAL_LABEL = re.compile(
    r"\W*(?:(?:grand|sub|overall)?[\s-]*totals?\b.*|(?:\w+\s+){1,2}total|all\s+[\w-]+|overall|sum|(?:ins)?gesamt\w*|summe|zusammen|ensemble"
    r"|en\s+tout|totale[ns]?|totaal|totalt|i\s+alt|razem|ogółem|suma|(?:the\s+)?(?:whole\s+|full\s+)?year|(?:ganzes\s+)?jahr|année|año|(?:合|総|小|累)?計|総数|総額|全体|年間計?|[合总共小]计)\W*",
    re.IGNORECASE,
)
"""The label of a row of totals."""

_WORDS_BEFORE = 7
"""Maximum words before a figure."""

_WHOLE_BEFORE = 12
"""Maximum words before a figure in a clause that is shown from its beginning."""

_WORDS_AFTER = 6
"""Maximum words after a figure."""

_WORDS_OF_TIME = 5
"""A year among the first words of a clause is its time."""

_MIN_CONTENT = 2
"""Minimum words that identify a subject: with fewer, the phrase begins before the nearest punctuation or figure."""

_WORD = re.compile(rf"[{HAN}{KATAKANA}々]+[{HIRAGANA}]*|[{HIRAGANA}]+|[^\s{UNSPACED}]+")
_LETTERS = re.compile(r"[^\W\d_]")
_YEAR = re.compile(YEAR)
_STARTS = frozenset(
    "the a an its their our his her this these we they it der die das ein eine unser seine ihre wir sie es le la les "
    "l’ l' un une des nos ses leurs nous ils elle el los las una il lo gli".split()
)
"""Words that begin a phrase."""

_LEADING = frozenset(
    "and or but nor which that who where while und oder aber et ou mais qui que y o e is are was were be been being "
    "has have had will would shall should can could may might must do does did ist sind war waren wird werden wurde "
    "wurden hat haben hatte hatten est sont était étaient ont avait avaient".split()
)
"""Words that join a clause to the one before, and auxiliary verbs, with which no phrase begins."""

_NAME = re.compile(
    rf"\b[^\W\d_a-z]\w*(?:[\s-](?:(?:of|for|the|für|des|les|{NAME_PARTICLES})\s)*(?:[ld]’)?[^\W\d_a-zß-ÿ][\w’-]*)+"
)
"""A name of several words, with the words that join them: "Ministry of Foreign Affairs"."""

_PERIOD = re.compile(
    r"\b(?:for|in|during|im|en|pour)\s+(?:the\s+|l[’'])?(?:(?:last|current|present|past|previous|next|same)\s+)?"
    r"(?:fiscal\s+)?(?:year|period|month|time|Jahr|année)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""The period of a figure, which is no part of its label: "for the fiscal year ending June 30"."""

_PHRASE_ENDS = frozenset(
    "to in on at from for with by as and or but which that who where when while since between among through during "
    "under into via toward towards against within including und oder aber im am beim bei mit für von aus auf nach zu "
    "zum zur die et ou mais dans en pour sur avec par qui dont à au aux".split()
)
"""Words before which a phrase can end."""

_JOINT = re.compile(rf"\s+(?:or|oder|ou|{CONJUNCTION})\s+")

_BRACKETS = {")": "(", "]": "[", "）": "（", "」": "「", "”": "“"}


def describe(text: str, quantity: Quantity, amounts: Sequence[Span], header: str = "") -> str:
    """Return what a figure of a sentence counts, in the words of the sentence; in a table, its row and column.

    Args:
        text: The sentence.
        quantity: The figure.
        amounts: The spans of all amounts of the sentence, in order.
        header: Caption and header of the table of a row.
    """
    if is_table_row(text) and quantity.counted:
        head = _column_head(text, quantity, header)
        return f"{quantity.counted}, {head}" if head else quantity.counted
    if lists_figures(text, amounts):
        start = max((end for _, end in amounts if end <= quantity.start), default=0)
        return _trim(re.split(r"[:;]\s", text[start : quantity.start])[-1].split()) or quantity.text
    joints = _joints(text, amounts)
    marks = sorted([*(match.span() for match in BREAK.finditer(text)), *joints])
    start = max((end for _, end in marks if end <= quantity.start), default=0)
    end = min((at for at, _ in marks if at >= quantity.end), default=len(text))
    others = [span for span in amounts if span != (quantity.start, quantity.end)]
    next_amount = min((at for at, _ in others if at >= quantity.end), default=len(text))
    stop = _end(text, quantity.end, min(end, next_amount))
    last_amount = max((at for _, at in others if at <= quantity.start), default=0)
    after = text[quantity.end : stop]
    begin = first = quantity.start
    if last_amount <= start or _count_content(after) < _MIN_CONTENT:
        begin, first = _before(text, start, quantity.start, last_amount)
    min_content = 1 if start in {end for _, end in joints} else _MIN_CONTENT
    if _count_content(text[begin:first]) + _count_content(after) < min_content:
        wider = max((end for _, end in marks if end < start), default=0)
        begin, first = _before(text, wider, quantity.start, last_amount)
    phrase = _elided(text, begin, stop, [*others, (first, quantity.end)])
    return phrase if _LETTERS.search(phrase) else quantity.text


def _column_head(text: str, quantity: Quantity, header: str) -> str:
    """Return the head of a figure's column, "" for one that only tells a year, a unit or a number, or is the label."""
    if "|" not in header:
        return ""
    cells, column = header_cells(text, quantity.start, header)
    head = " ".join(cells[column].split()) if 0 < column < len(cells) else ""
    words = _YEAR.sub(" ", re.sub(r"[(（\[][^)）\]]*[)）\]]", " ", head))
    is_told = head.casefold() in quantity.counted.casefold() or not _count_content(words)
    return "" if is_told or re.match(r"FY\b|20\d\d|19\d\d", head) else head


def lists_figures(text: str, amounts: Sequence[Span]) -> bool:
    """Return whether a text is a list of labels, each with its figure: "Customs 195,067 Internal revenue 121,586"."""
    labels = [text[end:start] for (_, end), (start, _) in pairwise(amounts)]
    return len(labels) > 2 and sum(re.match(r"\s*[A-Z][a-z]", label) is not None for label in labels) > len(labels) / 2


def _joints(text: str, amounts: Sequence[Span]) -> list[Span]:
    """Return the conjunctions after an amount that begin the clause of the next: "receipts of $3 and costs of $2"."""
    joints = [(match, start) for (_, end), (start, _) in pairwise(amounts) if (match := _JOINT.match(text, end, start))]
    return [match.span() for match, start in joints if _count_content(text[match.end() : start])]


def _before(text: str, start: int, end: int, last_amount: int) -> Span:
    """Return the part of a phrase before its figure, which is in `[start, end)`, without the period of the figure."""
    period = _PERIOD.search(text, max(start, last_amount), end)
    if (
        period is not None
        and _count_content(text[start : period.start()])
        and _count_content(period[0]) <= _MIN_CONTENT
    ):
        end = period.start()
    return _start(text, start, end), end


def _start(text: str, start: int, end: int) -> int:
    """Return where the part of a phrase before its figure begins, in `[start, end)`."""
    words = list(_words(text, start, end))
    while words and (words[0][2].casefold() in _LEADING or not _LETTERS.search(words[0][2])):
        words.pop(0)
    years = [place for place, (_, _, word) in enumerate(words) if _YEAR.fullmatch(word)]
    first = max(0, len(words) - _WORDS_BEFORE)
    after_year = years[-1] + 1 if years else 0
    if after_year < len(words) and after_year and _begins_phrase(words, after_year):
        return words[after_year][0]
    if 0 < after_year < _WORDS_OF_TIME and all(word.casefold() in _LEADING for _, _, word in words[after_year:]):
        return end  # only a time: "Im Jahr 2019 wurden"
    if len(words) <= _WHOLE_BEFORE:
        return words[0][0] if words else end
    places = range(first, len(words))
    good = [place for place in places if _begins_phrase(words, place)]
    possible = [place for place in places if _may_begin(words, place)]
    chosen = words[(good or possible or [len(words) - 1])[0]][0]
    names = (name.span() for name in _NAME.finditer(text, start, end))
    return next((first for first, last in names if first < chosen < last), chosen)


def _begins_phrase(words: Sequence[tuple[int, int, str]], place: int) -> bool:
    word = words[place][2]
    return word.casefold() in _STARTS or (word[0].isupper() and _may_begin(words, place))


def _may_begin(words: Sequence[tuple[int, int, str]], place: int) -> bool:
    """Return whether a phrase can begin at a word: no function word or figure."""
    word = words[place][2]
    return word.casefold() not in FUNCTION_WORDS and _LETTERS.search(word) is not None


def _end(text: str, start: int, end: int) -> int:
    """Return where the part of a phrase after its figure ends, in `(start, end]`."""
    words = list(_words(text, start, end))
    count = len(words)
    if count > _WORDS_AFTER:
        breaks = (
            place
            for place in range(2, _WORDS_AFTER + 1)
            if words[place][2].casefold() in _PHRASE_ENDS
            and _count_content(text[start : words[place][0]]) >= _MIN_CONTENT
        )
        count = next(breaks, _WORDS_AFTER)
    while count and (words[count - 1][2].casefold() in FUNCTION_WORDS or not _LETTERS.search(words[count - 1][2])):
        count -= 1
    stop = words[count - 1][1] if count else start
    return next((name.end() for name in _NAME.finditer(text, start, end) if name.start() < stop < name.end()), stop)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in _WORD.finditer(text, start, end):
        yield match.start(), match.end(), match[0]


def _count_content(text: str) -> int:
    """Return the number of words that identify a subject."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return sum(word.casefold() not in MEASURE_WORDS for word in words)


def _elided(text: str, start: int, end: int, amounts: Sequence[Span]) -> str:
    """Return `text[start:end]` with "…" for each amount and without unmatched brackets."""
    parts, at = [], start
    for first, last in sorted(amounts):
        if first >= start and last <= max(end, first) and last >= at:
            parts += [text[at:first], "…"]
            at = last
    phrase = " ".join("".join([*parts, text[at:end]]).split())
    rest = phrase.removeprefix("… ")
    if rest.split(" ", 1)[0].casefold() not in FUNCTION_WORDS:
        phrase = rest
    phrase = phrase.strip("“”\"',; ")
    return _balanced(phrase)


def _balanced(phrase: str) -> str:
    """Return a phrase without its unmatched brackets and quotation marks."""
    opened: list[int] = []
    unmatched: set[int] = set()
    for at, sign in enumerate(phrase):
        if sign in _BRACKETS.values():
            opened.append(at)
        elif sign in _BRACKETS:
            if opened and phrase[opened[-1]] == _BRACKETS[sign]:
                opened.pop()
            else:
                unmatched.add(at)
    unmatched |= set(opened)
    return "".join(sign for at, sign in enumerate(phrase) if at not in unmatched)


def _trim(words: Sequence[str]) -> str:
    """Join words, without measure words at both ends."""
    content = [at for at, word in enumerate(words) if word.strip("“”\"'").casefold() not in MEASURE_WORDS]
    return " ".join(words[content[0] : content[-1] + 1]).strip("“”\"',;") if content else ""
