"""Questions that deny, or ask the opposite of, what a question asks, so that its documents no longer answer.

They are made by rules in the manner of the unanswerable questions of SQuAD 2, from other documents: "Which ports did
not grow?" is asked of a text about ports that grew.
"""

from __future__ import annotations

import re

from qa.confidence.antonyms import OPPOSITES

_DENIED = {
    "did": "didn't", "was": "wasn't", "were": "weren't", "is": "isn't", "are": "aren't", "has": "hasn't",
    "have": "haven't", "can": "can't", "will": "won't", "does": "doesn't", "do": "don't",
}  # fmt: skip
_AUXILIARY = re.compile(rf"\b(?:{'|'.join(_DENIED)})\b")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")


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
