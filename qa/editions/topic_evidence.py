"""Evidence that a document treats a topic: its words, by stem, in passages, headings and the whole text.

Nothing here depends on a model: cosines of a few words have a different scale in every model, and single words of
unrelated passages reach those of related ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum, auto
from itertools import pairwise
from types import MappingProxyType

from corpus.chunking.sentences import split_sentences
from corpus.metadata.language import primary_language
from corpus.scripts import WIDE
from index.lexical.analysis import terms
from qa.editions.figures.numerals import FUNCTION_WORDS
from qa.editions.other_words import ABBREVIATION, content_words

_REACH = 4
"""The words of a topic belong together within this many words of the text per word of the topic but the first."""

_MIN_STEM = 4
"""Minimum length of a stem that counts inside another word: shorter ones occur by chance ("art" in "start")."""

_GENERIC = frozenset(
    """
    activity activities affairs disease diseases effort efforts epidemic industry
    infection infections industries initiative initiatives issue issues matter matters
    measure measures network networks policy policies problem problems program programs programme programmes project
    projects question questions research sector sectors situation strategy strategies system systems topic topics trend
    trends
    """.split()
)
"""Nouns after the subject of a topic that a text on it may lack: "cancer research", "the auto industry"."""

_GENERIC_WEIGHT = 0.3

_NEAR_SPELLING = 0.75
"""Similarity of two spellings of a name: "Hezbollah" and "Hizballah"."""

_MIN_NAME = 6
"""Minimum characters of a name whose other spellings are searched."""

_MIN_PART, _PART = 5, 0.5
"""Minimum letters, and share of the letters, of a part of a word with which a related word begins."""

_AGENT = re.compile(r"(?<=[a-z]{4})(?:ers?|ors?)$")
"""The ending of a word for someone who does something: where farms are mentioned, farmers may be treated."""

_PREFIX = re.compile(
    r"\b(?:anti|contra|counter|non|post|pre|pro|pseudo|quasi|semi|ultra)[-‐‑](?=[^\W_]{3})", re.IGNORECASE
)
"""A hyphenated prefix changes the view of a subject, not the subject: "anti-piracy" is treated where piracy is."""

_MIN_JOINED = 3
"""Minimum letters of each part of a word that is written in one or in two."""

_WORD = re.compile(r"[^\W_]+")
_DETERMINERS = r"(?:(?:the|an?|all|our|their|its|these|this|such|der|des|die|das|l[ae]|les|los|las|il)\s+)?"
_FORWARD = re.compile(r"[\s\-‐‑'’]*(?:s['’]?\s+)?(?:[\w-]+\s+|(?:,\s*[\w-]+)*,?\s+(?:and|or|&)\s+[\w-]+\s+)?")
_BACKWARD = re.compile(
    r"\s+(?:of\s+(?:[\w-]+\s+){0,2}"
    rf"|(?:(?:against|among|between|by|for|from|in|on|over|to|with|von|für|de|del|della|di|du|des|para|pour)\s+)?{_DETERMINERS})"
)
"""What may be between the words of a topic of two, in its order and in the other one: "child day care", "child support
and care", "exploration of outer space", "cut the taxes", but not "nuclear arms and a great power"."""

WIDE_LETTER = re.compile(f"[{WIDE}]")
"""A letter of Japanese, Chinese or Korean."""


class NameUse(Enum):
    """Whether documents use several words in capitals as a name; `ABSENT` where they do not have them together."""

    NONE = auto()
    ABSENT = auto()
    PRESENT = auto()


@dataclass(frozen=True, slots=True)
class TopicWords:
    """The words of a topic as a document of one language has them; `weights` are their shares, which sum to 1.

    `written` are the words as written. `namesakes` are other words of a document with the same stems ("House" for
    housing). `acronym` is the abbreviation of a topic of several words; `phrases` matches other names of the
    topic. `is_compound` says that it is two words in a row, `is_name` that it is a name of several words, whose
    parts alone mean something else; `phrase` matches one in use. `names` are its names. `specific` is the share of
    the words that are not generic. `forms` maps stems of related words to those of the topic (terrorist to
    terrorism, slave to slavery, railroad to rail). `capitals` are stems of words in capitals that ordinary words
    have, too ("AIDS", "aid"). `joined` replaces words joined or divided otherwise than in the topic. A passage
    without any of the names in `required` is about something else. `is_unresolved` says that the topic is an
    abbreviation of unknown meaning.
    """

    language: str | None
    weights: Mapping[str, float]
    forms: Mapping[str, str]
    capitals: Mapping[str, re.Pattern[str]]
    written: tuple[str, ...]
    acronym: str
    phrases: re.Pattern[str] | None
    is_compound: bool
    phrase: re.Pattern[str] | None
    is_name: bool
    names: tuple[str, ...]
    specific: float
    namesakes: re.Pattern[str] | None = None
    joined: tuple[tuple[re.Pattern[str], str], ...] = ()
    required: frozenset[str] = frozenset()
    is_unresolved: bool = False

    @classmethod
    def of(
        cls,
        topic: str,
        language: str | None,
        frequencies: Mapping[str, int],
        passages: int,
        compounds: Mapping[str, str] = MappingProxyType({}),
        name_use: NameUse = NameUse.PRESENT,
        phrases: re.Pattern[str] | None = None,
        required: Collection[str] = (),
    ) -> TopicWords:
        """Analyse a topic.

        Args:
            topic: its text.
            language: language code of the document.
            frequencies: document frequencies of its `stems`.
            passages: number of passages of the index.
            compounds: stems of words that count as one of its stems ("railroad" as rail), with that stem.
            name_use: whether the documents use several words in capitals as a name.
            phrases: what else stands for the topic.
            required: those of its stems that are names, without which other words are about something else.
        """
        stems = dict.fromkeys(topic_stems(topic, language))
        words = content_words(topic)
        generic = {stem for word in words[1:] if word.casefold() in _GENERIC for stem in topic_stems(word, language)}
        idf = {
            stem: math.log(1 + (passages + 0.5) / (frequencies.get(stem, 0) + 0.5))
            * (_GENERIC_WEIGHT if stem in generic else 1.0)
            for stem in stems
        }
        total = sum(idf.values())
        initials = "".join(word[0] for word in words).upper() if len(words) > 2 else ""
        forms = {form: stem for word in words for form, stem in _related(word, language) if stem in idf}
        forms |= {word: _singular(stem) for word, stem in compounds.items() if _singular(word) not in idf}
        capitals = {
            stem: re.compile(rf"\b{word}\b")
            for word in words
            if re.fullmatch(r"[A-Z]{2,6}", word) and (len(words) == 1 or not topic.isupper())
            for stem in topic_stems(word, language)
        }
        weights = {stem: value / total for stem, value in idf.items()}
        specific = round(sum(weight for stem, weight in weights.items() if stem not in generic), 6)
        names = tuple(word for word in words if word.istitle() and len(word) >= _MIN_NAME)
        is_compound = (
            len(weights) == 2 and re.fullmatch(r"(?:the\s+)?\w+[\s-]\w+", topic.strip(), re.IGNORECASE) is not None
        )
        is_name = is_written_as_name(topic) and name_use is not NameUse.NONE
        written = r"\W+(?:[a-z]{2,3}\W+)?".join(words)
        return cls(
            language,
            weights,
            forms,
            capitals,
            tuple(words),
            initials,
            phrases,
            is_compound,
            re.compile(rf"\b{written}\b", re.IGNORECASE) if is_name and name_use is NameUse.PRESENT else None,
            is_name,
            names,
            specific,
            joined=_joined_forms(words),
            required=frozenset(required),
            is_unresolved=phrases is None and len(words) == 1 and ABBREVIATION.fullmatch(words[0]) is not None,
        )

    def in_document(self, text: str) -> TopicWords:
        """Return the words for a document: without namesakes, vain patterns, and an acronym of something else."""
        definitions = re.finditer(rf"((?:[\w’'&-]+\s+){{2,8}})[(（]{re.escape(self.acronym)}[)）]", text)
        expansions = [match[1] for match in definitions] if self.acronym else []
        is_foreign_acronym = expansions and not any(map(self.all_occur_in, expansions))
        namesakes = "|".join(sorted(self._find_namesakes(text)))
        return replace(
            self,
            acronym="" if is_foreign_acronym else self.acronym,
            joined=tuple(pair for pair in self.joined if pair[0].search(text)),
            namesakes=re.compile(rf"\b(?:{namesakes})\b") if namesakes else None,
        )

    def _find_namesakes(self, text: str) -> set[str]:
        """Return the words of a text with the stem of a topic's word that are names where it is none, or the reverse.

        "House" inside sentences, and never "house", is no word for housing, nor is "marshal" one for Marshall.
        """
        found: set[str] = set()
        for word in self.written:
            folded, begins = word.casefold().removesuffix("s"), re.escape(word[:3])
            if word.istitle() and len(self.written) > 1:
                others = set(re.findall(rf"\b{begins.lower()}\w+", text))
                found |= {other for other in others if self.phrase or (folded.startswith(other) and other != folded)}
            elif word.islower():
                others = set(re.findall(rf"(?<=[a-z,;] ){begins.capitalize()}\w+", text))
                found |= {
                    other
                    for other in others
                    if other.casefold().removesuffix("s") != folded
                    and set(terms(other, self.language)) & set(topic_stems(word, self.language))
                    and not re.search(rf"\b{other.lower()}\b", text)
                }
        return found

    def share(self, text: str, headings: str) -> float:
        """Return the weighted share of the words that occur close together in a passage, or in its headings.

        Of a name of several words, the words count in capitals only, unless they are together: a "nation united" is not
        the United Nations.
        """
        if self._abbreviates(text) or (self.phrase is not None and self.phrase.search(f"{headings} {text}")):
            return 1.0
        wrong = {stem for stem, written in self.capitals.items() if not written.search(f"{headings} {text}")}
        above = {stem for stem in self._topic_terms(headings) if stem} - wrong
        stems = {stem for stem in self._topic_terms(text) if stem} - wrong
        groups = [{stem} for stem in stems] or [set[str]()]
        if len(stems) > 1:
            for start, end in split_sentences(text, 0, len(text)):
                groups += self._groups(self._with_topic_words(text[start:end]), wrong)
        return max(sum(self.weights[stem] for stem in group | above) for group in groups)

    def _groups(self, sentence: str, wrong: set[str]) -> Iterator[set[str]]:
        """Yield the words of the topic that belong together in a sentence."""
        places = [(at, stem) for at, stem in enumerate(self._stems(sentence)) if stem and stem not in wrong]
        if len({stem for _, stem in places}) < 2:
            return
        if not self.is_compound or self.phrase is not None:
            reach = _REACH * (len(self.weights) - 1) if self.phrase is None else len(self.weights) + 1
            for at, _ in places:
                yield {stem for place, stem in places if at <= place < at + reach}
            return
        first = next(iter(self.weights))
        words = [
            (match, stem) for match in _WORD.finditer(sentence) for stem in set(self._stems(match[0])) - wrong if stem
        ]
        for (before, stem), (after, other) in pairwise(words):
            between = _FORWARD if stem == first else _BACKWARD
            if stem != other and between.fullmatch(sentence, before.end(), max(before.end(), after.start())):
                yield {stem, other}

    def has_required(self, text: str) -> bool:
        """Whether a text has one of the names of the topic, if it has any."""
        return not self.required or not self.required.isdisjoint(self._topic_terms(text))

    def all_occur_in(self, text: str) -> bool:
        """Whether each of the words occurs somewhere in a text."""
        return set(self.weights) <= set(self._topic_terms(text))

    def _topic_terms(self, text: str) -> list[str]:
        """Return the stem of the topic for each term of a text, "" for others."""
        return self._stems(self._with_topic_words(text))

    def may_be_in(self, found: Iterable[str]) -> bool:
        """Whether a text with these terms may have a word of the topic, or another name of it."""
        return bool(self.acronym or self.phrases or self.phrase or self.joined) or any(self._stems_of(found))

    def _with_topic_words(self, text: str) -> str:
        """Return a text without namesakes, in which words are joined or divided as in the topic."""
        text = self.namesakes.sub(" ", text) if self.namesakes is not None else text
        for pattern, written in self.joined:
            text = pattern.sub(written, text)
        return text

    def _stems(self, text: str) -> list[str]:
        return self._stems_of(terms(text, self.language))

    def _stems_of(self, found: Iterable[str]) -> list[str]:
        """Return the stem of the topic for each of some terms, "" for others."""
        singulars = map(_singular, found)
        stems = (self.forms.get(term, term) for term in singulars)
        return [stem if stem in self.weights else "" for stem in stems]

    def occur_in(self, text: str) -> bool:
        """Whether any of the words occurs anywhere in a text, also inside a longer word or spelled out."""
        folded = text.casefold()
        if (
            self.is_unresolved
            or self._abbreviates(text)
            or any(stem in folded for stem in (*self.weights, *self.forms) if self._is_specific(stem))
        ):
            return True
        parts = [part for word in self.written for part in _long_parts(word.casefold())]
        parts += [stem for stem in self.weights if len(stem) == _MIN_STEM - 1 and stem.isascii()]  # armaments for arms
        parts += [word[: agent.start()] for word in self.written if (agent := _AGENT.search(word)) is not None]
        related = "|".join(map(re.escape, parts)).casefold()
        if related and re.search(rf"\b(?:{related})", folded):
            return True
        return any(self._topic_terms(text)) or self._names_are_near(text)

    def _names_are_near(self, text: str) -> bool:
        """Whether a text has one of the names in another spelling."""
        capitalised = set(re.findall(rf"\b[A-Z]\w{{{_MIN_NAME - 1},}}", text)) if self.names else set()
        return any(get_close_matches(name, capitalised, 1, _NEAR_SPELLING) for name in self.names)

    def _abbreviates(self, text: str) -> bool:
        if self.phrases is not None and self.phrases.search(text) is not None:
            return True
        return bool(self.acronym) and re.search(rf"\b{re.escape(self.acronym)}\b", text) is not None

    @staticmethod
    def _is_specific(stem: str) -> bool:
        return len(stem) >= _MIN_STEM or bool(WIDE_LETTER.search(stem))


def _joined_forms(words: Sequence[str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of words that are joined in a topic or in a text only, with the topic's form.

    "Viet Nam" and "Vietnam", "cyber crime" and "cybercrime".
    """
    forms = [
        (re.compile(rf"\b{a}{b}(?=\w{{0,3}}\b)", re.IGNORECASE), f"{a} {b}")
        for a, b in pairwise(words)
        if min(len(a), len(b)) >= _MIN_JOINED
    ]
    for word in words:
        divided = [
            f"{word[:at]}[-‐‑ ]{word[at:]}"
            for at in range(_MIN_JOINED, len(word) - _MIN_JOINED + 1)
            if word.isalpha() and word.isascii()
        ]
        if divided:
            forms.append((re.compile(rf"\b(?:{'|'.join(divided)})", re.IGNORECASE), word))
    return tuple(forms)


def _long_parts(word: str) -> list[str]:
    """Return the parts of a long word, with half of its letters, with which a related word may begin.

    "armaments" begins with such a part of disarmament, "employed" with one of unemployment.
    """
    length = max(_MIN_PART, math.ceil(_PART * len(word)))
    return [word[start : start + length] for start in range(len(word) - length + 1)]


def is_written_as_name(topic: str) -> bool:
    """Whether a topic is several words in capitals."""
    words = content_words(topic)
    return len(words) > 1 and all(word[0].isupper() for word in words) and not topic.isupper()


def topic_stems(topic: str, language: str | None) -> list[str]:
    """Return the stems of a topic's words without function words and prefixes; all its stems if it has no other."""
    topic = _PREFIX.sub("", topic)
    words = " ".join(word for word in re.findall(r"[^\W_]+", topic) if word.casefold() not in FUNCTION_WORDS)
    return [_singular(term) for term in terms(words, language) or terms(topic, language)]


def plural_forms(stems: Collection[str]) -> list[str]:
    """Return the stems and the plurals in -men of those in -man, which stemmers do not reduce to the singular."""
    return [*stems, *(f"{stem[:-2]}en" for stem in stems if stem.endswith("man"))]


_ENDINGS = (("ism", "ist"), ("isms", "ists"), ("ist", "ism"), ("ists", "ism"), ("ery", "e"), ("nger", "ngry"))
"""Endings of related words that a stemmer leaves apart."""

_PEOPLES = (
    ("", "an"), ("", "n"), ("", "ian"), ("", "i"), ("", "ese"), ("a", "ese"), ("a", "an"), ("e", "ian"), ("ia", "i"),
    ("istan", ""), ("istan", "i"), ("y", "ian"),
)  # fmt: skip
"""Endings of names of countries and of their peoples: Iran and Iranian, Somalia and Somali, China and Chinese."""


def _related(word: str, language: str | None) -> Iterator[tuple[str, str]]:
    """Yield the stem of each related word with the stem of the word."""
    is_name = word.istitle() and len(word) >= _MIN_STEM
    for ending, other in (*_ENDINGS, *(_PEOPLES if is_name else ())):
        if word.casefold().endswith(ending) and len(word) > len(ending) + 3:
            for form in terms(word.removesuffix(ending) + other, language):
                for stem in topic_stems(word, language):
                    yield form, stem


def _singular(stem: str) -> str:
    if stem == "children":
        return "child"
    return f"{stem[:-2]}an" if stem.endswith("men") and len(stem) < 12 and not stem.endswith("ment") else stem


def is_foreign(topic: str, languages: Sequence[str | None], detected: str | None) -> bool:
    """Whether a topic is in none of the documents' languages, so that its words say nothing."""
    known = {primary_language(language) for language in languages}
    wide = {"ja", "ko", "zh"}
    if bool(WIDE_LETTER.search(topic)) != bool(known & wide) and len(known) == 1:
        return True
    return detected is not None and detected not in known
