"""Drafts with true and false quotations, and the expected state of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

MARKS = (
    ("“", "”"),
    ('"', '"'),
    ("«", "»"),
    ("« ", " »"),
    ("„", "“"),
    ("»", "«"),
    ("‘", "’"),
    ("「", "」"),
    ("『", "』"),
)
STATES = ("verbatim", "verbatim_but_for", "altered", "misattributed", "not_found", "cannot_be_checked")
_WORD = re.compile(r"[^\W\d_]{4,}")
_FIGURE = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?![\w.,%-]|,\d)")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_UNITS = {
    "million": "billion", "billion": "million", "US dollars": "euros", "dollars": "euros", "yen": "won",
    "%": " percentage points", "percent": "percentage points", "years": "months", "months": "years",
}  # fmt: skip
_FOREIGN = (
    ("Le ministre", "Une petite commission", "La garde côtière du nord", "Ce nouveau programme"),
    ("a promis aux villages", "n’explique pas dans son rapport", "défend depuis trois ans", "voudrait financer"),
    ("la reconstruction des écoles", "les travaux sur le grand pont", "un plan pour la pêche", "la paix des îles"),
    ("Der Minister", "Ein kleiner Ausschuss", "Die Küstenwache des Nordens", "Das neue Programm"),
    ("verspricht den Dörfern", "erklärt nicht im Bericht", "verteidigt seit drei Jahren", "will für immer bezahlen"),
    ("den Bau der Schulen", "die Arbeit an der großen Brücke", "einen Plan für die Fischer", "das Ende des Streits"),
    ("El ministro", "Una comisión pequeña", "La guardia costera del norte", "Este nuevo programa"),
    ("ha prometido a los pueblos", "no explica en su informe", "defiende desde hace años", "quiere pagar siempre"),
    ("la construcción de las escuelas", "el trabajo en el puente", "un plan para la pesca", "el fin de la disputa"),
    ("大臣は", "小さな委員会は", "北の海の人々は", "新しい計画は"),
    ("村々に", "報告の中で", "三年前から", "いつまでも"),
    ("学校を建てると約束した", "大きな橋について説明しなかった", "漁師を守ってきた", "争いを終わらせたいと言う"),
)  # fmt: skip
"""Beginnings, middles and ends of sentences in French, German, Spanish and Japanese."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A quotation as in the draft, how it was made, and its expected state."""

    quotation: str
    made: str
    state: str


@dataclass(frozen=True, slots=True)
class GeneratedDraft:
    text: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that drafts quote; `absent` names an edition of its series that the library does not have."""

    title: str
    sentences: tuple[str, ...]
    absent: str


class _Writer:
    """Makes quotations of some sources; each way returns the quotation and the title named beside it, or None."""

    def __init__(self, sources: Sequence[Source], random: Random) -> None:
        self.random = random
        self.sources = sources
        self.usable = {
            source.title: [
                sentence
                for sentence in source.sentences
                if 9 <= len(sentence.split()) <= 45 and "\n" not in sentence and not set(sentence) & set('“”"«»‘[]…|')
            ]
            for source in sources
        }
        self.vocabulary = sorted(
            {word for some in self.usable.values() for item in some for word in _WORD.findall(item)}
        )
        self.plain = {source.title: _plain(" ".join(source.sentences)) for source in sources}

    def quote(self, change: Callable[[str, _Writer], str | None]) -> tuple[str, str] | None:
        """Return a changed sentence, at times with its title; None if it stands in a source as it is."""
        source = self.random.choice(self.sources)
        sentence = self.random.choice(self.usable[source.title])
        quotation = change(sentence, self)
        if quotation is None:
            return None
        return quotation, source.title if self.random.random() < 0.3 else ""

    def false(self, change: Callable[[str, _Writer], str | None]) -> tuple[str, str] | None:
        """Return a quotation as `quote`, but None if it stands in a source by chance."""
        made = self.quote(change)
        is_true = made is not None and any(_plain(made[0]) in text for text in self.plain.values())
        return None if is_true else made

    def credited(self, _: Callable[[str, _Writer], str | None]) -> tuple[str, str] | None:
        """Return a verbatim sentence with the title of a source that does not have it."""
        source, other = self.random.sample(list(self.sources), 2)
        sentence = self.random.choice(self.usable[source.title]).rstrip(".")
        return None if _plain(sentence) in self.plain[other.title] else (sentence, other.title)

    def unknown(self, change: Callable[[str, _Writer], str | None]) -> tuple[str, str] | None:
        """Return a quotation with an edition that the library does not have."""
        made, source = self.quote(change), self.random.choice(self.sources)
        return None if made is None else (made[0], source.absent)


def draft(sources: Sequence[Source], seed: int, size: int = 24) -> GeneratedDraft:
    """Return a draft with this number of quotations, of each state in turn."""
    random = Random(seed)  # noqa: S311 - seeds name the drafts
    writer = _Writer(sources, random)
    pieces: list[str] = ["# A draft", ""]
    expected: list[Expected] = []
    ways = [cycle([way for way in _WAYS.items() if way[1][2] == state]) for state in STATES]
    for some in ways:
        for _ in range(seed % len(_WAYS)):
            next(some)
    for some in cycle(ways):
        made, (take, change, state) = next(some)
        result = next((item for _ in range(200) if (item := take(writer, change)) is not None), None)
        if result is None:
            continue
        quotation, title = result
        expected.append(Expected(quotation, made, state))
        if made == "block":
            pieces += [f"{title or 'The report'} has it thus:", "", f"> {quotation}", ""]
        else:
            opening, closing = random.choice(MARKS) if made == "marks" else MARKS[0]
            pieces += [f"As {title or 'the report'} says, {opening}{quotation}{closing}, and we read on.", ""]
        if len(expected) == size:
            break
    return GeneratedDraft("\n".join(pieces), tuple(expected))


def _plain(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


def _verbatim(text: str, writer: _Writer) -> str | None:
    words = text.split()
    start = writer.random.randrange(0, max(1, len(words) - 8))
    return " ".join(words[start : start + writer.random.randint(8, 30)])


def _whole(text: str, _: _Writer) -> str | None:
    return text.rstrip(".")


def _marks(text: str, _: _Writer) -> str | None:
    return None if re.search(r"['’]", text) else text.rstrip(".")


def _typography(text: str, writer: _Writer) -> str | None:
    """Change apostrophes, hyphens or the form of a number."""
    number = re.search(r"(?<![\w.,$¥-])(?:[2-9]|1[0-5])(?=\s[a-z])(?!\s(?:million|billion|percent|per))", text)
    changes = [
        text.replace("’", "'") if "’" in text else text.replace("'", "’"),
        re.sub(r"(?<=\w)-(?=\w)", writer.random.choice("‑‐–"), text),
        f"{text[: number.start()]}{_NUMBER_WORDS[int(number[0]) - 2]}{text[number.end() :]}" if number else text,
    ]
    result = writer.random.choice([change.rstrip(".") for change in changes if change != text] or [""])
    return result or None


def _word(text: str, writer: _Writer) -> str | None:
    result = list(_WORD.finditer(text))
    if len(result) < 4:
        return None
    match = writer.random.choice(result[1:])
    other = writer.random.choice(writer.vocabulary)
    return None if other.casefold() == match.group().casefold() else text[: match.start()] + other + text[match.end() :]


def _digit(text: str, writer: _Writer) -> str | None:
    result = list(_FIGURE.finditer(text))
    if not result:
        return None
    match = writer.random.choice(result)
    at = writer.random.choice([place for place in range(*match.span()) if text[place].isdigit()])
    digit = str((int(text[at]) + writer.random.randint(1, 9)) % 10)
    return None if digit == "0" and at == match.start() else text[:at] + digit + text[at + 1 :]


def _sign(text: str, writer: _Writer) -> str | None:
    result = [match for match in _FIGURE.finditer(text) if text[match.start() - 1 : match.start()] == " "]
    if not result:
        return None
    match = writer.random.choice(result)
    return f"{text[: match.start()]}{writer.random.choice('-−')}{text[match.start() :]}"


def _unit(text: str, writer: _Writer) -> str | None:
    result = list(re.finditer("|".join(rf"(?<=[\d ]){unit}(?!\w)" for unit in _UNITS), text))
    if not result:
        return None
    match = writer.random.choice(result)
    return text[: match.start()] + _UNITS[match.group()] + text[match.end() :]


def _negation(text: str, writer: _Writer) -> str | None:
    dropped = re.search(r"\b(?:not|never|no) (?=[a-z])", text)
    if dropped is not None:
        return text[: dropped.start()] + text[dropped.end() :]
    result = list(re.finditer(r"\b(?:is|are|was|were|has|have|had|will|can|could|should)(?= [a-z])", text))
    if not result:
        return None
    match = writer.random.choice(result)
    return f"{text[: match.end()]} {writer.random.choice(('not', 'never'))}{text[match.end() :]}"


def _ellipsis(text: str, writer: _Writer) -> str | None:
    words = _left_out(text, writer.random)
    return None if words is None else words.replace("\0", writer.random.choice((" … ", " ... ", " [...] ", " […] ")))


def _silently(text: str, writer: _Writer) -> str | None:
    words = _left_out(text, writer.random)
    return None if words is None else words.replace("\0", " ")


def _left_out(text: str, random: Random) -> str | None:
    words = text.rstrip(".").split()
    if len(words) < 14:
        return None
    start = random.randint(4, len(words) - 8)
    stop = start + random.randint(2, min(6, len(words) - start - 4))
    return " ".join(words[:start]) + "\0" + " ".join(words[stop:])


def _bracket(text: str, _: _Writer) -> str | None:
    words = text.rstrip(".").split()
    first = words[0]
    if not first.isalpha() or len(first) < 2 or len(words) < 10:
        return None
    return f"[{first[0].swapcase()}]{first[1:]} {' '.join(words[1:])}"


def _invented(_: str, writer: _Writer) -> str | None:
    random, vocabulary = writer.random, writer.vocabulary
    small = "the of and in to for a with by on".split()
    words = [random.choice(vocabulary if at % 2 else [*vocabulary, *small * 40]) for at in range(random.randint(8, 18))]
    return " ".join(words).capitalize()


def _short(_: str, writer: _Writer) -> str | None:
    return " ".join(word for word in writer.random.sample(writer.vocabulary, 2)).lower()


def _translated(_: str, writer: _Writer) -> str | None:
    language = writer.random.randrange(0, len(_FOREIGN), 3)
    parts = [writer.random.choice(some) for some in _FOREIGN[language : language + 3]]
    return ("" if language == len(_FOREIGN) - 3 else " ").join(parts)


Change = Callable[[str, _Writer], "str | None"]
_Take = Callable[[_Writer, Change], "tuple[str, str] | None"]
_WAYS: Mapping[str, tuple[_Take, Change, str]] = {
    "verbatim": (_Writer.quote, _verbatim, "verbatim"),
    "word": (_Writer.false, _word, "altered"),
    "typography": (_Writer.quote, _typography, "verbatim_but_for"),
    "another title": (_Writer.credited, _whole, "misattributed"),
    "invented": (_Writer.false, _invented, "not_found"),
    "short": (_Writer.false, _short, "cannot_be_checked"),
    "block": (_Writer.quote, _whole, "verbatim"),
    "digit": (_Writer.false, _digit, "altered"),
    "ellipsis": (_Writer.quote, _ellipsis, "verbatim"),
    "left out": (_Writer.false, _silently, "altered"),
    "marks": (_Writer.quote, _marks, "verbatim"),
    "negation": (_Writer.false, _negation, "altered"),
    "translated": (_Writer.false, _translated, "cannot_be_checked"),
    "bracket": (_Writer.quote, _bracket, "verbatim"),
    "unit": (_Writer.false, _unit, "altered"),
    "sign": (_Writer.quote, _sign, "altered"),
    "absent source": (_Writer.unknown, _whole, "cannot_be_checked"),
}
