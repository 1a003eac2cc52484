"""Evidence that a document treats a topic: its words, by stem, in passages, headings and the whole text.

Nothing here depends on a model: cosines of a few words have a scale of their own in every model, and single words of
unrelated passages reach those of related ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.lexical.analysis import terms
from qa.editions.numerals import STOPPERS

_REACH = 4
"""The words of a topic belong together within this many words of the text per word of the topic (stop words apart)."""

_LEAST_STEM = 4
"""A shorter stem inside another word is chance ("art" in "start")."""

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class TopicWords:
    """The words of a topic as a document of one language has them; `weights` are their shares, which sum to 1.

    `acronym` are the capitals that abbreviate a topic of several words; `spelled` matches what a topic of capitals
    abbreviates.
    """

    language: str | None
    weights: Mapping[str, float]
    acronym: str
    spelled: re.Pattern[str] | None

    @classmethod
    def of(cls, topic: str, language: str | None, frequencies: Mapping[str, int], passages: int) -> TopicWords:
        """Analyse a topic; `frequencies` are the document frequencies of its `stems` among `passages` passages."""
        stems = dict.fromkeys(topic_stems(topic, language))
        idf = {stem: math.log(1 + (passages + 0.5) / (frequencies.get(stem, 0) + 0.5)) for stem in stems}
        total = sum(idf.values())
        words = [word for word in re.findall(r"[^\W\d_]+", topic) if word.casefold() not in STOPPERS]
        initials = "".join(word[0] for word in words).upper() if len(words) > 2 else ""
        spelled = None
        if len(words) == 1 and re.fullmatch(r"[A-Z]{3,6}", words[0]):
            spelled = re.compile(r"\b" + r"\w+(?:\W+(?:and|for|of|on|the))?\W+".join(words[0]) + r"\w+")
        return cls(language, {stem: value / total for stem, value in idf.items()}, initials, spelled)

    def share(self, text: str, headings: str) -> float:
        """Return the weighted share of the words that stand together in a passage; headings belong to all of it."""
        if self._abbreviates(text):
            return 1.0
        above = {_singular(term) for term in terms(headings, self.language)} & self.weights.keys()
        inside = [_singular(term) for term in terms(text, self.language)]
        places = [(at, term) for at, term in enumerate(inside) if term in self.weights]
        reach = _REACH * len(self.weights)
        together = 0.0
        for at, _ in places:
            near = {term for place, term in places if at <= place < at + reach}
            together = max(together, sum(self.weights[term] for term in near | above))
        return together if places else sum(self.weights[term] for term in above)

    def stands_in(self, text: str) -> bool:
        """Whether any of the words stands anywhere in a text, also inside a longer word or spelled out."""
        folded = text.casefold()
        if self._abbreviates(text) or any(stem in folded for stem in self.weights if self._is_specific(stem)):
            return True
        return not {_singular(term) for term in terms(text, self.language)}.isdisjoint(self.weights)

    def _abbreviates(self, text: str) -> bool:
        if self.spelled is not None and self.spelled.search(text) is not None:
            return True
        return bool(self.acronym) and re.search(rf"\b{re.escape(self.acronym)}\b", text) is not None

    @staticmethod
    def _is_specific(stem: str) -> bool:
        return len(stem) >= _LEAST_STEM or bool(_WIDE.search(stem))


def topic_stems(topic: str, language: str | None) -> list[str]:
    """Return the stems of a topic's words without function words; all its stems if it has no other."""
    words = " ".join(word for word in re.findall(r"[^\W_]+", topic) if word.casefold() not in STOPPERS)
    return [_singular(term) for term in terms(words, language) or terms(topic, language)]


def plural_forms(stems: Collection[str]) -> list[str]:
    """Return the stems as the index has them: with both numbers of "woman", which no stemmer joins."""
    return [*stems, *(f"{stem[:-2]}en" for stem in stems if stem.endswith("man"))]


def _singular(stem: str) -> str:
    if stem == "children":
        return "child"
    return f"{stem[:-2]}an" if stem.endswith("men") and len(stem) < 12 and not stem.endswith("ment") else stem


def is_foreign(topic: str, languages: Sequence[str | None], detected: str | None) -> bool:
    """Whether a topic is in none of the documents' languages, so that its words say nothing."""
    known = {(language or "en").split("-")[0] for language in languages}
    wide = {"ja", "ko", "zh"}
    if bool(_WIDE.search(topic)) != bool(known & wide) and len(known) == 1:
        return True
    return detected is not None and detected not in known
