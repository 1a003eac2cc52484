"""Words of a question in whose place a sentence has another one: "Second Law" where the question has "Third Law".

A sentence that says something else in the same words does not answer: the Second Law asserts something else than the
third. Two words are in the same place if three of the words beside them are equal, on both sides, or one on one side
for two numbers; one of these must say something about the subject. Words that may be forms or spellings of each other
replace nothing. Of the conditions tried (one or two equal words on each side, two on one side) this one separates best
the questions of `tests.benchmarks.question_sets.exchanged_questions` from those that they were made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from corpus.metadata.years import written_years
from corpus.vocabulary import ORDINALS, TENS, UNITS
from index.lexical.analysis import FUNCTION_WORDS, sentence_terms

_TOKEN = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:['’][^\W_]+)?")
_DIGITS = re.compile(r"(\d[\d.,]*)(st|nd|rd|th)?", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
"""Numbers after a name: "Elizabeth II"."""

_QUESTION_WORDS = frozenset(
    "what which who whom whose when where why how much many did do does was were is are has have had kind kinds type "
    "types name named".split()
)
"""Words of a question that say nothing about its subject, besides `FUNCTION_WORDS`."""

_NUMBER_WORDS = frozenset({"one"})
"""Numbers that are often no number: "one of the ports"."""

_STEM = 5
"""Terms with this many initial letters in common count as forms of one word, as in the confidence."""

_COMMON = 3
"""Letters, at least, that are the whole shorter one of two forms of a word: "Jul" and "July"."""

_ALIKE = 0.7
"""Share of letters in common from which two words may be spellings or forms of one: "become", "became"."""

_REACH, _MIN_EQUAL = 2, 3
"""Words on each side of two words that are compared, and how many of them are equal at least."""

Number = tuple[Literal["ordinal", "cardinal"], float]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word with its term, its number if it is one, and whether it says something about the subject."""

    text: str
    term: str
    number: Number | None
    is_content: bool


def replaces_word(question: str, sentence: str, language: str | None) -> bool:
    """Return whether a sentence has another word in the place of one of the question's that it lacks.

    Years do not count: a sentence often names others than the question.

    Args:
        question: The question.
        sentence: A sentence in the language of the question.
        language: That language.
    """
    years = frozenset(map(str, written_years(question) | written_years(sentence)))
    asked, said = _words(question, language, years), _words(sentence, language, years)
    return any(_are_replaced(asked, place, said) for place in _missing(asked, said))


def _words(text: str, language: str | None, years: frozenset[str]) -> list[_Word]:
    words: list[_Word] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word in years:
            words.append(_Word(word, word, None, is_content=False))
            continue
        folded, term = word.casefold(), _term(word, language)
        number = _number(word, words[-1].text if words else "")
        is_content = number is not None or not (term == "" or folded in FUNCTION_WORDS or folded in _QUESTION_WORDS)
        words.append(_Word(word, term or folded, number, is_content))
    return words


@lru_cache(maxsize=8192)
def _term(word: str, language: str | None) -> str:
    """Return the term of a word, empty for a stop word."""
    return next(iter(sentence_terms(word, language)), "")


def _number(word: str, before: str) -> Number | None:
    folded = word.casefold()
    if folded in ORDINALS:
        return "ordinal", ORDINALS[folded]
    if folded not in _NUMBER_WORDS and (value := UNITS.get(folded, TENS.get(folded))) is not None:
        return "cardinal", value
    if word in _ROMAN and before[:1].isupper():
        return "ordinal", _ROMAN[word]
    if (match := _DIGITS.fullmatch(word)) is not None:
        digits = match[1].replace(",", "").rstrip(".")
        if digits.count(".") <= 1:
            return "ordinal" if match[2] else "cardinal", float(digits)
    return None


def _missing(asked: Sequence[_Word], said: Sequence[_Word]) -> Iterator[int]:
    """Yield the places of the words about the subject that a sentence lacks in any form."""
    terms, numbers = {word.term for word in said}, {word.number for word in said if word.number}
    stems = {term[:_STEM] for term in terms if len(term) >= _STEM}
    for place, word in enumerate(asked):
        if word.number is not None:
            if word.number not in numbers:
                yield place
        elif word.is_content and word.term not in terms and word.term[:_STEM] not in stems:
            yield place


def _are_replaced(asked: Sequence[_Word], place: int, said: Sequence[_Word]) -> bool:
    """Return whether a sentence has another word in the place of this word of the question."""
    word = asked[place]
    terms, numbers = {other.term for other in asked}, {other.number for other in asked if other.number}
    for there, other in enumerate(said):
        if not other.is_content or other.term in terms or (other.number and other.number in numbers):
            continue
        before, after = _equal(asked, place, said, there, -1), _equal(asked, place, said, there, 1)
        if not any(beside.is_content for beside in (*before, *after)):
            continue
        if word.number and other.number:
            if word.number[0] == other.number[0]:
                return True
        elif before and after and len(before) + len(after) >= _MIN_EQUAL and not _may_be_same(word, other):
            return True
    return False


def _equal(asked: Sequence[_Word], place: int, said: Sequence[_Word], there: int, step: int) -> list[_Word]:
    """Return the words beside two words that are equal, from the nearest on."""
    equal: list[_Word] = []
    for distance in range(1, _REACH + 1):
        here, other = place + step * distance, there + step * distance
        if not (0 <= here < len(asked) and 0 <= other < len(said)) or asked[here].term != said[other].term:
            break
        equal.append(asked[here])
    return equal


def _may_be_same(word: _Word, other: _Word) -> bool:
    """Return whether two words may be forms or spellings of one, or a number in words and in digits."""
    if (word.number is None) != (other.number is None):
        return True
    first, second = word.text.casefold(), other.text.casefold()
    shorter = min(len(first), len(second))
    if shorter >= _COMMON and first[:shorter] == second[:shorter]:
        return True
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE
