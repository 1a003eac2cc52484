"""Drafts with true and false quotations, and the expected result for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
_WORD = re.compile(r"[^\W\d_]{4,}")
_FIGURE = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?![\w.,%-]|,\d)")


@dataclass(frozen=True, slots=True)
class Expected:
    """A quotation as in the draft, how it was made, and the expected result of the check."""

    quotation: str
    made: str
    status: str


@dataclass(frozen=True, slots=True)
class GeneratedDraft:
    text: str
    expected: tuple[Expected, ...]


def draft(sentences: Sequence[str], seed: int, size: int = 24) -> GeneratedDraft:
    """Return a draft with this number of quotations, made in each way in turn."""
    random = Random(seed)  # noqa: S311 - seeds name the drafts
    usable = [
        sentence
        for sentence in sentences
        if 9 <= len(sentence.split()) <= 45 and "\n" not in sentence and not set(sentence) & set('“”"«»‘[]…|')
    ]
    vocabulary = sorted({word for item in usable for word in _WORD.findall(item)})
    pieces: list[str] = ["# A draft", ""]
    expected: list[Expected] = []
    at = 0
    while len(expected) < size:
        made, (change, status) = list(_WAYS.items())[at % len(_WAYS)]
        at += 1
        source = random.choice(usable)
        quotation = change(source, random, vocabulary)
        if quotation is None:
            at -= 1
            continue
        expected.append(Expected(quotation, made, status))
        if made == "block":
            pieces += ["The report has it thus:", "", f"> {quotation}", ""]
        else:
            opening, closing = random.choice(MARKS) if made == "marks" else MARKS[0]
            pieces += [f"As the report says, {opening}{quotation}{closing}, and we read on.", ""]
    return GeneratedDraft("\n".join(pieces), tuple(expected))


Change = Callable[[str, Random, Sequence[str]], "str | None"]


def _verbatim(text: str, random: Random, _: Sequence[str]) -> str | None:
    words = text.split()
    start = random.randrange(0, max(1, len(words) - 8))
    return " ".join(words[start : start + random.randint(8, 30)])


def _whole(text: str, _: Random, __: Sequence[str]) -> str | None:
    return text.rstrip(".")


def _marks(text: str, _: Random, __: Sequence[str]) -> str | None:
    return None if re.search(r"['’]", text) else text.rstrip(".")


def _word(text: str, random: Random, vocabulary: Sequence[str]) -> str | None:
    result = list(_WORD.finditer(text))
    if len(result) < 4:
        return None
    match = random.choice(result[1:])
    other = random.choice(vocabulary)
    return None if other.casefold() == match.group().casefold() else text[: match.start()] + other + text[match.end() :]


def _figure(text: str, random: Random, _: Sequence[str]) -> str | None:
    result = list(_FIGURE.finditer(text))
    if not result:
        return None
    match = random.choice(result)
    return text[: match.start()] + str(int(match.group().replace(",", "")) + random.randint(1, 9)) + text[match.end() :]


def _ellipsis(text: str, random: Random, _: Sequence[str]) -> str | None:
    words = _left_out(text, random)
    return None if words is None else words.replace("\0", random.choice((" … ", " ... ", " [...] ", " […] ")))


def _silently(text: str, random: Random, _: Sequence[str]) -> str | None:
    words = _left_out(text, random)
    return None if words is None else words.replace("\0", " ")


def _left_out(text: str, random: Random) -> str | None:
    words = text.rstrip(".").split()
    if len(words) < 14:
        return None
    start = random.randint(4, len(words) - 8)
    stop = start + random.randint(2, min(6, len(words) - start - 4))
    return " ".join(words[:start]) + "\0" + " ".join(words[stop:])


def _bracket(text: str, _: Random, __: Sequence[str]) -> str | None:
    words = text.rstrip(".").split()
    first = words[0]
    if not first.isalpha() or len(first) < 2 or len(words) < 10:
        return None
    return f"[{first[0].swapcase()}]{first[1:]} {' '.join(words[1:])}"


def _invented(_: str, random: Random, vocabulary: Sequence[str]) -> str | None:
    small = "the of and in to for a with by on".split()
    words = [random.choice(vocabulary if at % 2 else [*vocabulary, *small * 40]) for at in range(random.randint(8, 18))]
    return " ".join(words).capitalize()


_WAYS: dict[str, tuple[Change, str]] = {
    "verbatim": (_verbatim, "verbatim"),
    "word changed": (_word, "altered"),
    "block": (_whole, "verbatim"),
    "figure changed": (_figure, "altered"),
    "ellipsis": (_ellipsis, "verbatim"),
    "left out": (_silently, "altered"),
    "marks": (_marks, "verbatim"),
    "invented": (_invented, "not found"),
    "bracket": (_bracket, "verbatim"),
}
