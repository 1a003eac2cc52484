"""Split text into sentences.

Rules are used instead of a model because every offset must be exact and publications are regular: a sentence ends at a
terminator with its closing quotation marks, before white space and something that can begin a sentence. Abbreviations,
initials, ordinals and acronyms with dots ("the U.S. Government") do not end it. A line break does, unless lines are
hard-wrapped. The rules of all languages apply together: documents quote other languages, and few abbreviations of one
language are words of another. `tests/benchmarks/reading/sentence_ends.py` measures precision and recall.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.scripts import BULLETS, SUPERSCRIPT_DIGITS, UNSPACED
from corpus.structure.lines import ITEM_NUMBER, continues_sentence, ends_sentence
from corpus.structure.text_tables import has_cells
from corpus.vocabulary import MONTH_ABBREVIATIONS, MONTHS_BY_LANGUAGE, SOURCE_LABEL

_CLOSERS = r"(?:[\"'”’“‘»«）)\]\}」』】〉》]|[\xa0\u202f ]»(?=\s|$))*+"
_MARKED_REFERENCE = rf"\[\^\S{{1,80}}?\]|\[\d{{1,3}}\]|⁽?[{SUPERSCRIPT_DIGITS}]{{1,3}}⁾?"
_NOTE_REFERENCE = rf"(?:{_MARKED_REFERENCE}|\[?\d{{1,3}}\]?)?"
_END = re.compile(
    rf"(?P<wide>(?:[。！？｡]+|(?<=[{UNSPACED}])．){_CLOSERS}(?:{_MARKED_REFERENCE})?)"
    rf"|(?P<narrow>(?<![.!?…])[.!?…]++{_CLOSERS}{_NOTE_REFERENCE})(?=\s)"
    r"|(?P<line>\n)"
)
"""Possessive quantifiers (`++`): with backtracking, a line of 40,000 full stops or blanks took minutes."""
_TERMINATOR = re.compile("[。！？｡．.!?…\n]")
"""The first characters of `_END`: a set alone is searched several times as fast."""

_STARTER = re.compile(r"[\s\"'“‘«»„（(\[\{「『【〈《•*\-–—¿¡]*(?P<first>\S)")
_LAST_WORD = re.compile(rf"[^\s(\[“„\"‘'«（「{UNSPACED}]+$")
_ITEM_OR_ROW = re.compile(rf"[ \t]*(?:[|{BULLETS}]|{ITEM_NUMBER}[.)]|[（(]\d)\s*")
"""The beginning of an item of a list, or of a row with bars, where a line of hard-wrapped text ends a sentence.

Unlike `LIST_ITEM`, without dashes, which can be in the middle of a sentence, and without the need of a blank.
"""

_ADDRESS = r"(?:URL\s*[:：]\s*)?https?://\S+(?:\s?[(（][^()（）]*[)）])?"
_ADDRESS_LINE = re.compile(_ADDRESS, re.IGNORECASE)
_SOURCE_LINE = re.compile(
    rf"[ \t]*(?:{_ADDRESS}[ \t]*$"
    rf"|[(（]?{SOURCE_LABEL}\s*[:：]|[(（](?:出典|出所|資料)[)）])",
    re.IGNORECASE,
)
"""A line that names the source of a figure or a table, or consists of a web address."""

_ITEM_NUMBER = re.compile(rf"\n[ \t]*{ITEM_NUMBER}$")
"""A list item's number at the beginning of a line, up to its full stop."""

_ITEM_NUMBER_LENGTH = 12

_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.[-‑]?){2,}$")
_SPACED = re.compile(r"(?<![^\s(\[„“\"])(?:[^\W\d_]{1,2}\.[ \xa0\u202f]?){1,3}[^\W\d_]{1,3}$")
"""An abbreviation of several words, up to its last full stop: "z. B", "p. ex", "i. d. R"."""

_UNIT = "(?:s|d|ft|in|yds?|fms?|lbs?|oz|dwts?|cwts?|qrs?|st|tons?|pts?|gals?|bush|hrs?|min|sec|m|cm|kg|g)"
_MEASURED = re.compile(rf"(?:(?<![^\W_])\d[\d,½¼¾]*\s?{_UNIT}|[£L]\d[\d,]*)$")
_MEASURED_ON = re.compile(rf"\d[\d,]*[½¼¾⅛⅜⅝⅞]?\s?{_UNIT}\.")
"""The parts of a quantity in several units: "L5 4s. 10d.", "£5. 4s. 10½d.", "6 ft. 3 in.", "4 cwt. 2 qrs. 7 lb."."""

_IDENTIFIER = re.compile(r"(?![AI]\s+[a-z])[A-Z]{0,4}[-/.]?\d|[A-Z](?:/|\b(?!['’]))|[IVXLC]+\b|§")
_NUMBER_WITH_PREFIX = re.compile(r"[A-Z]{0,3}[-/]?\d")
_DATE = re.compile(r"\b\d{1,2}\.\s?(?:\d{1,2}\.\s?(?:\d{2,4}\b)?|\d{1,2}\.)")
"""A date in figures with blanks: "3. 12. 2016"."""

_LISTED = r"(?:[,;:(]|\b(?:und|oder|and|or|et|ou|y|o))\s+"
_ORDINAL_CONTEXT = re.compile(r"\b(\w+)[\s\xa0]+(?:\d{1,3}\.[\s\xa0]*(?:und|bis|oder|/|[-–,])[\s\xa0]*)?\d{1,3}$")

# Abbreviations that are followed by a name or another word and never end a sentence.
_NEVER_LAST = frozenset(
    """
    mr mrs ms messrs mm mme mmes mlle mlles sr sra sres sras srta dr dra drs prof hon rev st ste sto sta mt gen maj col
    lt sgt capt cmdr gov sen rep pres amb fr hr frl vs cf e.g i.e ca approx env aprox vgl bzw sog inkl exkl einschl zzgl
    evtl ggf gem betr rd fa av mult insb bspw i.d.r z.b d.h z.t m.a.w s.o s.u p.ex p.ej par.ex v.chr n.chr m.e u.u
    excmo excma ilmo ilma mons ee c.-à-d s.a.r e.v.m dipl ing
    dña dñas lic arq mtro mtra rvdo rvda pbro exmo exma exmos exmas mgr vve sig sigg dott avv geom cav egr spett
    """.split()
)
_CAPITALISED = frozenset(
    "Dn Fco Me On Pr Alex Archd Benj Chas Danl Edw Fredk Geo Jas Jno Jos Richd Robt Saml Thos Wm".split()
)
"""Abbreviations before a name that in other letters are words: "Me. Dubois", but "they told me.", "the FCO."."""
_ORDINAL_SIGN = re.compile(r"[^\W\d_]\.?[ªº]$")
"""The raised end of an abbreviation: "Dª.", "Prof.ª". After a figure it is an ordinal."""
_MAX_FEMININE = 3
"""Letters of the ending of a title after its full stop: "Dott.ssa", "Sig.ra"."""
# Abbreviations that do not end a sentence before a number or a letter: "Art. 5", "Doc. A/70/1". "The finest art. We".
_BEFORE_IDENTIFIERS = frozenset(
    """
    vol art arts sec sect secs ch chap fig figs app abs pp p para paras par res doc docs sch rs reg regs cl ed eds op
    cap tab abb kap ziff bd bde lit buchst anl rn rz pág págs pag núm num fasc t tit apdo cit ibid col ex ann annex appx
    """.split()
)
# "He said no. We left." is two sentences; only figures make it a number.
_BEFORE_NUMBERS = MONTH_ABBREVIATIONS | {"no", "nos", "nr", "nrn"}
_GERMAN_MONTHS = frozenset(MONTHS_BY_LANGUAGE["de"].replace("/", " ").split())
_BEFORE_ORDINALS = frozenset(
    "am im der die das den dem des vom zum zur beim seit ab bis jeder jede jedes jeden jedem ein eine einen einem "
    "einer ihr ihre ihren ihrem sein seine seinen seinem unser unsere unseren dieser diese diesen diesem".split()
)
"""German words before an ordinal ("die 3. Auflage"). A sentence of another language can end in such a word and a number
("I am 30. My …"), but its next word is then usually one of `_OPENERS`."""

_CONTINUES_AFTER_QUOTATION = "とはがをにのでもや、。"
"""Characters that continue the sentence after a closing quotation mark: 「行こう。」と言った。"""

# Abbreviations that end a sentence before one of `_OPENERS`, words that are rarely capitalised within a sentence.
_LAST_BEFORE_OPENERS = frozenset(
    """
    etc inc ltd co corp dept govt est bros assn univ a.m p.m al min max mio mrd tsd mill bio usw usf u.a u.ä o.ä u.v.m
    str tel geb gest hrsg aufl jh jhdt chr std stk j.-c a.c d.c uu ee.uu ss.aa ud uds gral avda dpto cía hnos
    éd s.a s.l bn crs mn tn arch rag comm dep des eng pe cel gent
    """.split()
)
_OPENERS = frozenset(
    """
    the this that these those there in on at as by for from with it its he she they we i you a an and but or if when
    while after before since although however moreover furthermore meanwhile addition also such both each some
    under through during to of what who how why where our their his her my no not all most many one two three
    der die das den dem des ein eine einen einem im am an auf aus bei mit nach von vor zu zum zur es er sie wir ich ihre
    diese dieser dieses dies damit dabei daher dazu dann auch aber und oder doch als wenn weil seit während für über
    unter durch bis so wie was wer wo insgesamt zudem außerdem ferner hinzu dort hier nur danach davon darunter
    le la les l un une des du ce cette ces cet elle ils elles nous vous je dans sur pour par avec sans au aux et mais
    donc si selon après avant depuis pendant ainsi enfin toutefois cependant en de d à ou où que qui quand ni sa son
    ses leur leurs
    el los las una unos unas este esta estos estas del al con sin sobre y o pero cuando como aunque según tras desde
    hasta además también se su sus lo
    """.split()
)
_NAME_PARTICLES = frozenset("de du la le von van del d".split())
"""Words that begin a sentence, or a name after an initial: "M. Le Pen", "C. de Vries"."""

_DOTTED_WORD = re.compile(r"(?<![\w.])([^\W\d_]{2,6})\.\s*(?=(\S))")

_MAX_LIST_DISTANCE = 150
"""Characters to the next number of a list within a sentence."""

_MAX_QUOTATION = 300
"""Characters after a full stop in which the end of its quotation is searched."""

_MIN_HANGING_INDENT = 2
"""Characters by which the further lines of an item with a hanging indent are indented."""

_FULL_LINE = 40
"""Minimum characters of a full line, which a line with a hanging indent continues."""

_FULL_SHARE = 0.75
"""Minimum length of a full line, relative to the longest of its paragraph."""

_WIDE_SPACE = re.compile(r"(?<=[.!?:;,]) {2}")
"""The space that typists leave after a sentence, which separates no cells."""

_ITEM_LABEL = re.compile(r"\s*\S{1,6}\s+(?=\S)")

WRAPPED_WIDTH = 122
"""Maximum line length of hard-wrapped text in characters."""


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentence spans of `text[start:end]` in order, trimmed; each non-blank character is in exactly one."""
    spans: list[tuple[int, int]] = []
    begin = start
    for stop in _sentence_ends(text, start, end):
        if text[stop - 1] != "\n" and _is_inside_quotation(text, begin, stop, end):
            continue
        _append_trimmed(spans, text, begin, stop)
        begin = stop
    _append_trimmed(spans, text, begin, end)
    return spans


def is_source_line(sentence: str) -> bool:
    """Return whether a sentence only names the source of a figure or a table, or is an address."""
    return "\n" not in sentence and _SOURCE_LINE.match(sentence) is not None


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    wrapped = _is_wrapped(text, start, end)
    within = frozenset[int]() if wrapped else _breaks_in_wrapped_paragraphs(text, start, end)
    stop = start
    while (terminator := _TERMINATOR.search(text, stop, end)) is not None:
        match = _END.match(text, terminator.start(), end)
        stop = terminator.end() if match is None else match.end()
        if match is None:
            continue
        if match["wide"] is not None:
            if text[stop - 1] in "。！？｡" or text[stop : min(end, stop + 1)] not in tuple(_CONTINUES_AFTER_QUOTATION):
                yield stop
        elif match["line"] is not None:
            if wrapped or match.start() in within:
                ends = _line_ends_sentence(text, match.start(), stop, end)
            else:
                ends = not _continues_hanging_indent(text, start, stop, end)
            if ends:
                yield stop
        elif _ends_sentence(text, match.start(), stop, start, end):
            yield stop


def _is_wrapped(text: str, start: int, end: int) -> bool:
    """Return whether line breaks are mostly layout: many lines, none of them long, few that end a sentence."""
    lines = [line.strip() for line in text[start:end].split("\n")]
    filled = [line for line in lines if line]
    if len(filled) < 2 or max(map(len, filled)) > WRAPPED_WIDTH:
        return False
    followed = [line for line, after in pairwise(lines) if line and after]
    open_ended = [line for line in followed if not line.endswith((".", "!", "?", ":", ";", "”", '"', "。"))]
    return bool(followed) and len(open_ended) * 2 >= len(followed) and sum(map(len, followed)) >= 40 * len(followed)


def _breaks_in_wrapped_paragraphs(text: str, start: int, end: int) -> frozenset[int]:
    """Return the line breaks within hard-wrapped paragraphs of a text that has many other lines, such as a list.

    All lines but the last of such a paragraph are full, most go on, one of them in a small letter, and the last ends a
    sentence.
    """
    breaks: set[int] = set()
    paragraph: list[tuple[int, str]] = []
    offset = start
    for line in [*text[start:end].split("\n"), ""]:
        if paragraph and (not line.strip() or _ITEM_OR_ROW.match(line)):
            has_breaks = any(each.endswith("  ") for _, each in paragraph)  # as in Markdown
            if not has_breaks and _is_wrapped_paragraph([each.strip() for _, each in paragraph]):
                breaks.update(at + len(each) for at, each in paragraph[:-1])
            paragraph = []
        if line.strip():
            paragraph.append((offset, line))
        offset += len(line) + 1
    return frozenset(breaks)


def _is_wrapped_paragraph(lines: Sequence[str]) -> bool:
    """Return whether lines without a blank one between are those of a hard-wrapped paragraph."""
    longest = max(map(len, lines))
    if len(lines) < 2 or longest > WRAPPED_WIDTH or any(has_cells(_WIDE_SPACE.sub(" ", line)) for line in lines):
        return False
    before = lines[:-1]
    return (
        all(len(line) >= max(_FULL_LINE, _FULL_SHARE * longest) for line in before)
        and 2 * sum(not ends_sentence(line) for line in before) >= len(before)
        and any(line[0].islower() for line in lines[1:])
        and ends_sentence(lines[-1])
    )


def _line_ends_sentence(text: str, line_end: int, after: int, end: int) -> bool:
    """Return whether a line break in hard-wrapped text ends a sentence: at a blank line, item, source or address."""
    stop = text.find("\n", after, end)
    next_line = text[after : stop if stop >= 0 else end]
    line = text[text.rfind("\n", 0, line_end) + 1 : line_end].strip()
    if _ITEM_OR_ROW.match(next_line) and not continues_sentence(line, next_line.strip()):
        return True
    if not next_line.strip() or _SOURCE_LINE.match(next_line):
        return True
    return not line or _ADDRESS_LINE.fullmatch(line) is not None


def _continues_hanging_indent(text: str, start: int, after: int, end: int) -> bool:
    """Return whether the line at `after` continues the line before it, as in a hanging indent.

    It begins with a small letter and is indented, below a full line or as far as the text of the item.
    """
    line, following = text[start : after - 1].rpartition("\n")[2], text[after:end].partition("\n")[0]
    indent = len(following) - len(following.lstrip(" "))
    if indent < _MIN_HANGING_INDENT or not following[indent : indent + 1].islower():
        return False
    marker = _ITEM_LABEL.match(line)
    return len(line.strip()) >= _FULL_LINE or (marker is not None and marker.end() == indent)


def _is_inside_quotation(text: str, begin: int, stop: int, end: int) -> bool:
    """Return whether a Japanese quotation or parenthesis that is open at `stop` is closed later on the same line."""
    for opening, closing in ("「」", "『』", "（）"):
        if text.count(opening, begin, stop) > text.count(closing, begin, stop):
            closed = text.find(closing, stop, min(end, stop + _MAX_QUOTATION))
            return closed >= 0 and text.find("\n", stop, closed) < 0
    return False


def _ends_sentence(text: str, sign: int, stop: int, start: int, end: int) -> bool:
    """Return whether the terminator at `sign`, after which the next sentence would begin at `stop`, ends a sentence."""
    following = _STARTER.match(text, stop, end)
    if following is None:
        return True
    first = following["first"]
    # Tokenised text has spaces around punctuation and is often in lower case: "in the flow . the wall", "St . Louis".
    apart = stop - sign == 1 and sign > start and text[sign - 1] == " " and text[sign] != "…"
    if (first.islower() and not apart) or first in ".,;:!?)":
        return False
    if text[sign] != ".":
        return True
    if text[sign - 1 : sign].isdigit() and text[sign + 1].isdigit():  # "12.5 MW", not "12." with the number of a note
        return False
    item_start = sign - _ITEM_NUMBER_LENGTH
    before_sign = ("\n" if item_start <= start else "") + text[max(start, item_start) : sign]
    if _ITEM_NUMBER.search(before_sign) is not None and not _is_number_in_sentence(text, sign, stop, start):
        return False
    left = text[max(start, sign - 30) : sign - apart]
    before = _LAST_WORD.search(left)
    return _word_ends_sentence(text, left, before.group() if before else "", sign, following.start("first"), end)


def _is_number_in_sentence(text: str, sign: int, stop: int, start: int) -> bool:
    """Return whether the number up to the full stop at `sign`, at the beginning of a line, ends the line above it."""
    line = text.rfind("\n", start, sign) + 1
    if line <= start:
        return False
    return continues_sentence(
        text[text.rfind("\n", start, line - 1) + 1 : line - 1].strip(), text[line : stop + 2].strip()
    )


def _word_ends_sentence(text: str, left: str, word: str, sign: int, first: int, end: int) -> bool:
    """Return whether a word with a full stop ends a sentence before the word that begins at `first`."""
    right = text[first : min(end, first + 20)]
    after = re.match(r"\w+\.?", right)
    next_word = after.group().lower() if after is not None else ""
    opens = next_word.rstrip(".") in _OPENERS and not re.fullmatch(r"[^\W\d]\.", next_word)
    bare = word.rstrip(".").lower()
    bare = "str" if bare.endswith("str") else bare.rpartition(".-")[2]  # "Hafenstr.", "Dipl.-Ing."
    if word.isdigit() and len(word) <= 3:
        return not _is_ordinal(text, left, sign, next_word, opens, end)
    if _MEASURED.search(left) is not None and _MEASURED_ON.match(right) is not None:
        return False
    spaced = _SPACED.search(left)
    whole = re.sub(r"\s", "", spaced.group()).lower() if spaced else bare
    if bare in _NEVER_LAST or whole in _NEVER_LAST or _is_title_with_ending(word):
        return False
    if bare in _BEFORE_IDENTIFIERS and _IDENTIFIER.match(right):
        return False
    if bare in _BEFORE_NUMBERS and _NUMBER_WITH_PREFIX.match(right):
        return False
    if len(word) == 1 and word.isalpha():  # "Newton D. Baker", "S. 12"
        return opens and not (word.isupper() and next_word in _NAME_PARTICLES)
    known = (
        word in _CAPITALISED
        or bare in _LAST_BEFORE_OPENERS
        or whole in _LAST_BEFORE_OPENERS
        or _DOTTED.search(word + ".") is not None
    )
    if known or bare in _learnt_abbreviations(text):
        return opens
    return True


def _is_title_with_ending(word: str) -> bool:
    """Return whether a word is the abbreviation of a title with a raised ending, or one after a full stop."""
    title, _, ending = word.rstrip(".").partition(".")
    has_ending = ending.islower() and len(ending) <= _MAX_FEMININE and title.lower() in _NEVER_LAST
    return has_ending or _ORDINAL_SIGN.search(word.rstrip(".")) is not None


def _is_ordinal(text: str, left: str, sign: int, next_word: str, opens: bool, end: int) -> bool:
    """Return whether a number with a full stop is an ordinal or in a date or list: "3. 12. 2016", "1. Oak, 2. Elm"."""
    if next_word.rstrip(".") in _GERMAN_MONTHS:
        return True
    near = max(0, sign - 8)
    if any(date.start() <= sign - near < date.end() - 1 for date in _DATE.finditer(text[near : min(end, sign + 12)])):
        return True
    number = int(re.findall(r"\d+", left)[-1])
    has_next = re.search(rf"{_LISTED}{number + 1}\.\s", text[sign : min(end, sign + _MAX_LIST_DISTANCE)])
    has_previous = re.search(rf"\b{number - 1}\.\s.*{_LISTED}{number}$", text[max(0, sign - _MAX_LIST_DISTANCE) : sign])
    if has_next or has_previous:
        return True
    context = _ORDINAL_CONTEXT.search(left)
    return context is not None and context[1].lower() in _BEFORE_ORDINALS and not opens


@lru_cache(maxsize=2)
def _learnt_abbreviations(text: str) -> frozenset[str]:
    """Return short words that a text uses only with a full stop, and at least twice in the middle of a sentence.

    This is the evidence that Punkt (Kiss and Strunk 2006) learns from, without its likelihood ratios.
    """
    within = Counter(
        match[1].lower() for match in _DOTTED_WORD.finditer(text) if match[2] in tuple(",;:)") or match[2].islower()
    )
    lowered = text.lower()
    return frozenset(
        word for word, count in within.items() if count >= 2 and not _occurs_without_full_stop(lowered, word)
    )


def _occurs_without_full_stop(text: str, word: str) -> bool:
    """Return whether a text has a word that no full stop follows; searching a string is faster than a pattern."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() or before == "_") and not (after.isalnum() or after in ("_", ".")):
            return True
        start = text.find(word, end)
    return False
