"""Questions that deny, ask the opposite of, or ask something else than a question, so that its documents do not answer.

They are made by rules in the manner of the unanswerable questions of SQuAD 2, from other documents: "Which ports did
not grow?" is asked of a text about ports that grew, and "Who led the third survey?" of one about the second.
"""

from __future__ import annotations

import re

from corpus.vocabulary import ORDINALS, UNITS
from index.lexical.analysis import FUNCTION_WORDS
from qa.confidence.antonyms import OPPOSITES

_DENIED = {
    "did": "didn't", "was": "wasn't", "were": "weren't", "is": "isn't", "are": "aren't", "has": "hasn't",
    "have": "haven't", "can": "can't", "will": "won't", "does": "doesn't", "do": "don't",
}  # fmt: skip
_AUXILIARY = re.compile(rf"\b(?:{'|'.join(_DENIED)})\b")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")


_NUMBER = re.compile(r"(?<![\w.,-])(?:(?P<digits>[1-9][0-9]{0,2})|(?P<word>[a-z]+))(?![\w.,-])")
_NUMBER_WORDS = [word for word, value in UNITS.items() if value > 1]
_ORDINALS = list(ORDINALS)
_CONTENT_WORD = re.compile(r"(?<=\w )[^\W\d_]{4,}(?= \w)")
_NO_CONTENT = FUNCTION_WORDS | frozenset("what which many much does many kind type name".split())


def exchanged(question: str) -> list[str]:
    """Return a question with its first auxiliary verb denied, and with its first word that has an opposite replaced."""
    changed: list[str] = []
    if (auxiliary := _AUXILIARY.search(question)) is not None:
        changed.append(question[: auxiliary.start()] + _DENIED[auxiliary[0]] + question[auxiliary.end() :])
    for word in _WORD.finditer(question):
        if opposites := OPPOSITES.get(word[0]):
            changed.append(question[: word.start()] + min(opposites) + question[word.end() :])
            break
    return changed


def replaced(question: str, other: str) -> list[str]:
    """Return a question with its first number replaced by the next one, and with a word of another question.

    A name is replaced by a name, a common word by a common word.
    """
    changed: list[str] = []
    for number in _NUMBER.finditer(question):
        if (following := _following(number)) is not None:
            changed.append(question[: number.start()] + following + question[number.end() :])
            break
    for is_name in (True, False):
        own, others = _content_words(question, is_name), _content_words(other, is_name)
        if own and others and (word := own[len(own) // 2])[0] != (replacing := others[-1][0]):
            changed.append(question[: word.start()] + replacing + question[word.end() :])
    return changed


def _following(number: re.Match[str]) -> str | None:
    """Return the number after one in digits or in words; None if it is none."""
    if number["digits"]:
        return str(int(number["digits"]) + 1)
    words = next((words for words in (_NUMBER_WORDS, _ORDINALS) if number["word"] in words[:-1]), None)
    return None if words is None else words[words.index(number["word"]) + 1]


def _content_words(question: str, is_name: bool) -> list[re.Match[str]]:
    """Return the words between others that are names, or that are neither names nor function words."""
    words = _CONTENT_WORD.finditer(question)
    return [word for word in words if word[0][0].isupper() == is_name and word[0].casefold() not in _NO_CONTENT]
