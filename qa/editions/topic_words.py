"""The words of a topic, by stem, and which of them occur in passages, headings and the whole text of a document.

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

from corpus.chunking.sentences import split_sentences
from corpus.metadata.language import COMPOUND_LINKERS, is_listed, primary_language
from corpus.scripts import WIDE_LETTER
from index.lexical.analysis import FUNCTION_WORDS, terms
from qa.editions.other_words import ABBREVIATION, NO_OTHER_WORDS, TopicVariants, content_words

_MAX_DISTANCE = 4
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

_GENERIC_OF = re.compile(
    r"\s*(?:the\s+)?(?P<noun>positions?|roles?|status|situation|conditions?|importance|state|issues?|problems?|questions?|impacts?"
    r"|effects?|history|future|development|developments|amount|number|level|levels|matter)\s+(?:of|for)\s",
    re.IGNORECASE,
)
"""A noun before the subject that a text on the topic may lack: "the position of women"."""

_GENERIC_WEIGHT = 0.3
"""Weight of a generic noun, as a share of its inverse document frequency."""

_NEAR_SPELLING = 0.75
"""Similarity of two spellings of a name: "Hezbollah" and "Hizballah"."""

_MIN_NAME = 6
"""Minimum characters of a name whose other spellings are searched."""

_MIN_PART = 5
"""Minimum letters of a part of a word with which a related word begins."""

_PART_SHARE = 0.5
"""Minimum share of the letters of the word that are in such a part."""

_AGENT = re.compile(r"(?<=[a-z]{4})(?:ers?|ors?)$")
"""The ending of a word for someone who does something: where farms are mentioned, farmers may be treated."""

_PREFIX = re.compile(
    r"\b(?:anti|contra|counter|non|post|pre|pro|pseudo|quasi|semi|ultra)[-‐‑](?=[^\W_]{3})", re.IGNORECASE
)
"""A hyphenated prefix changes the view of a subject, not the subject: "anti-piracy" is treated where piracy is."""

_MIN_JOINED = 3
"""Minimum letters of each part of a word that is written in one or in two."""

_ALTERNATIVES = re.compile(
    r"\b(?P<words>(?:[^\W\d_][\w-]*,\s+)*[^\W\d_][\w-]*),?\s+(?:or|oder|ou|o)\s+(?:(?:the|an?)\s+)?(?P<last>[^\W\d_][\w-]*)"
)
"""Words of which a text on the topic needs one: "surplus or deficit", "births, deaths or marriages"."""

_WORD = re.compile(r"[^\W_]+")
_DETERMINERS = r"(?:(?:the|an?|all|our|their|its|these|this|such|der|des|die|das|l[ae]|les|los|las|il)\s+)?"
_FORWARD = re.compile(r"[\s\-‐‑'’]*(?:s['’]?\s+)?(?:[\w-]+\s+|(?:,\s*[\w-]+)*,?\s+(?:and|or|&)\s+[\w-]+\s+)?")
_BACKWARD = re.compile(
    r"\s+(?:of\s+(?:[\w-]+\s+){0,2}"
    rf"|(?:(?:against|among|between|by|for|from|in|on|over|to|with|von|für|de|del|della|di|du|des|para|pour)\s+)?{_DETERMINERS})"
)
"""What may be between the words of a topic of two, in its order and in the other one: "child day care", "child support
and care", "exploration of outer space", "cut the taxes", but not "nuclear arms and a great power"."""

_COMPOUNDING = frozenset({"da", "de", "nl", "no", "sv"})
"""Languages that write several nouns as one word, in any text instead of a genitive: "Rentenerhöhung" for "Erhöhung der
Renten"."""

_MIN_COMPOUND_PART = 4
"""Minimum letters of a part of such a word."""

_BETWEEN_PARTS = r"\W+(?:\w+\W+){0,2}?"
"""What may be between the parts of such a word that a sentence has apart: "Erhöhung der gesetzlichen Renten"."""


class NameUse(Enum):
    """Whether documents use several words in capitals as a name; `ABSENT` where they do not have them together."""

    NONE = auto()
    ABSENT = auto()
    PRESENT = auto()


@dataclass(frozen=True, slots=True)
class TopicWords:
    """The words of a topic as the documents of one language have them."""

    language: str | None
    """Language code of the documents."""

    written: tuple[str, ...]
    """The words as written, without function words."""

    weights: Mapping[str, float]
    """Stem of each word to its share of the topic; the shares sum to 1."""

    specific_share: float
    """Share of the words that are not generic ("industry", "policy")."""

    related_stems: Mapping[str, str]
    """Stem of a related word to the stem of the topic: terrorist to terrorism, slave to slavery, railroad to rail."""

    family_stems: frozenset[str]
    """Those of `related_stems` that models found near, which alone may mean something else: private for privacy."""

    other_spellings: frozenset[str]
    """Other spellings of its names, as written in documents."""

    acronym_like: Mapping[str, re.Pattern[str]]
    """Stems of words in capitals that ordinary words have, too ("AIDS", "aid"), with a pattern of the capitals."""

    is_unknown_abbreviation: bool
    """Whether the topic is an abbreviation that no document spells out."""

    is_compound: bool
    """Whether the topic is two words in a row."""

    is_name: bool
    """Whether the topic is a name of several words, which mean something else alone: "United", "Nations"."""

    name_pattern: re.Pattern[str] | None
    """Matches the whole name, if the documents use it."""

    alias_pattern: re.Pattern[str] | None
    """Matches other names of the topic: abbreviations, what an abbreviation stands for, a title with a surname."""

    acronym: str
    """The initials of a topic of at least three words; "" for others."""

    names: tuple[str, ...]
    """Words that may be names, whose other spellings count as mentions."""

    required_names: frozenset[str]
    """Stems of names: a passage without any of them is about something else."""

    spelling_variants: tuple[tuple[re.Pattern[str], str], ...]
    """Patterns of words that are joined or divided otherwise than in the topic, with the topic's form."""

    namesake_pattern: re.Pattern[str] | None = None
    """Matches other words of a document with a stem of the topic: "House" for housing."""

    alternatives: tuple[TopicWords, ...] = ()
    """The words of each alternative of a topic such as "surplus or deficit", of which a text needs one."""

    @classmethod
    def of(
        cls,
        topic: str,
        language: str | None,
        frequencies: Mapping[str, int],
        passages: int,
        other_words: TopicVariants = NO_OTHER_WORDS,
        name_use: NameUse = NameUse.PRESENT,
        required: Collection[str] = (),
    ) -> TopicWords:
        """Analyse a topic.

        Args:
            topic: Its text.
            language: Language code of the document.
            frequencies: Number of passages with each of its stems (`topic_stems`).
            passages: Number of passages of the index.
            other_words: Words that count as one of its own ("railroad" as rail), and other names of the topic.
            name_use: Whether the documents use several words in capitals as a name.
            required: Those of its stems that are names, of which a passage must have one.
        """
        words = content_words(topic)
        weights, specific_share = _stem_weights(topic, language, frequencies, passages)
        related_stems = {form: stem for word in words for form, stem in _related(word, language) if stem in weights}
        by_ending = related_stems.keys()
        related_stems = related_stems | {
            word: _singular(stem) for word, stem in other_words.related_stems.items() if _singular(word) not in weights
        }
        names = tuple(word for word in words if word.istitle() and len(word) >= _MIN_NAME)
        # two German nouns in a row are no phrase, but two words that a sentence has in any order
        are_nouns = primary_language(language) == "de" and len(words) == 2 and all(map(str.istitle, words))
        are_nouns = are_nouns and name_use is not NameUse.PRESENT
        is_compound = (
            not are_nouns
            and len(weights) == 2
            and re.fullmatch(r"(?:the\s+)?\w+[\s-]\w+", topic.strip(), re.IGNORECASE) is not None
        )
        is_name = is_written_as_name(topic) and name_use is not NameUse.NONE and not are_nouns
        written = r"\W+(?:[a-z]{2,3}\W+)?".join(words)
        return cls(
            language=language,
            written=tuple(words),
            weights=weights,
            specific_share=specific_share,
            related_stems=related_stems,
            family_stems=frozenset(map(_singular, other_words.family_stems)) - weights.keys() - by_ending,
            other_spellings=other_words.spellings,
            acronym_like=_acronym_like(topic, language),
            is_unknown_abbreviation=(
                other_words.aliases is None and len(words) == 1 and ABBREVIATION.fullmatch(words[0]) is not None
            ),
            is_compound=is_compound,
            is_name=is_name,
            name_pattern=(
                re.compile(rf"\b{written}\b", re.IGNORECASE) if is_name and name_use is NameUse.PRESENT else None
            ),
            alias_pattern=other_words.aliases,
            acronym="".join(word[0] for word in words).upper() if len(words) > 2 else "",
            names=names,
            required_names=frozenset(required),
            spelling_variants=(*_spelling_variants(words), *_compound_variants(words, language)),
            alternatives=tuple(
                cls.of(alternative, language, frequencies, passages) for alternative in split_alternatives(topic)
            ),
        )

    def adapted_to(self, text: str) -> TopicWords:
        """Adapt the words to a document.

        Find its namesakes; drop spelling variants that it does not contain, and an acronym that it defines otherwise.
        """
        definitions = re.finditer(rf"((?:[\w’'&-]+\s+){{2,8}})[(（]{re.escape(self.acronym)}[)）]", text)
        expansions = [match[1] for match in definitions] if self.acronym else []
        is_foreign_acronym = expansions and not any(map(self.all_words_in, expansions))
        namesakes = "|".join(sorted(self._find_namesakes(text)))
        return replace(
            self,
            acronym="" if is_foreign_acronym else self.acronym,
            spelling_variants=tuple(pair for pair in self.spelling_variants if pair[0].search(text)),
            namesake_pattern=re.compile(rf"\b(?:{namesakes})\b") if namesakes else None,
            alternatives=tuple(alternative.adapted_to(text) for alternative in self.alternatives),
        )

    def without_families(self) -> TopicWords:
        """Return the words without those of their families that only models found."""
        own = {stem: of for stem, of in self.related_stems.items() if stem not in self.family_stems}
        return replace(self, related_stems=own, family_stems=frozenset())

    def _find_namesakes(self, text: str) -> set[str]:
        """Return the words of a text with the stem of a topic's word that are names where it is none, or the reverse.

        "House" inside sentences, and never "house", is no word for housing, nor is "marshal" one for Marshall, nor the
        name Ban Ki-moon one for the moon.
        """
        namesakes: set[str] = set()
        for word in self.written:
            folded, begins = word.casefold().removesuffix("s"), re.escape(word[:3])
            if word.istitle() and len(self.written) > 1:
                others = set(re.findall(rf"\b{begins.lower()}\w+", text))
                namesakes |= {
                    other for other in others if self.name_pattern or (folded.startswith(other) and other != folded)
                }
            elif word.islower():
                others = set(re.findall(rf"(?<=[a-z,;] ){begins.capitalize()}\w+", text))
                namesakes |= {
                    other
                    for other in others
                    if other.casefold().removesuffix("s") != folded
                    and set(terms(other, self.language)) & set(topic_stems(word, self.language))
                    and not re.search(rf"\b{other.lower()}\b", text)
                }
                parts = re.findall(rf"\b[A-Z]\w+ ([A-Z]\w*-{re.escape(folded)})\b", text)
                namesakes |= {re.escape(part) for part in parts if not _PREFIX.match(part)}
        return namesakes

    def weight_in(self, text: str, headings: str) -> float:
        """Return the weight of the words that occur close together in a passage, or in its headings; 1 for all.

        Of a name of several words, the words count in capitals only, unless they are together: a "nation united" is not
        the United Nations.
        """
        if self._has_alias(text) or (self.name_pattern is not None and self.name_pattern.search(f"{headings} {text}")):
            return 1.0
        if any(alternative.weight_in(text, headings) == 1.0 for alternative in self.alternatives):
            return 1.0
        wrong = {stem for stem, written in self.acronym_like.items() if not written.search(f"{headings} {text}")}
        above = {stem for stem in self._topic_terms(headings) if stem} - wrong
        stems = {stem for stem in self._topic_terms(text) if stem} - wrong
        groups = [{stem} for stem in stems] or [set[str]()]
        if len(stems) > 1:
            for start, end in split_sentences(text, 0, len(text)):
                groups += self._groups(self._with_topic_words(text[start:end]), wrong)
        return max(sum(self.weights[stem] for stem in group | above) for group in groups)

    def are_in_row(self, label: str, above: str) -> bool:
        """Return whether the label of a row has some of several words, and what is above it the others.

        Args:
            label: The first cell of the row, which must have one of the words.
            above: The heads of the columns, the caption and the headings.
        """
        if any(alternative.are_in_row(label, above) for alternative in self.alternatives):
            return True
        if self.is_name or len(self.weights) < 2:
            return False
        of_label, others = set(self._topic_terms(label)) - {""}, set(self._topic_terms(above)) - {""}
        wrong = {stem for stem, written in self.acronym_like.items() if not written.search(f"{above} {label}")}
        return bool(of_label - wrong) and self.weights.keys() <= (of_label | others) - wrong

    def _groups(self, sentence: str, wrong: set[str]) -> Iterator[set[str]]:
        """Yield the words of the topic that belong together in a sentence."""
        positions = [(at, stem) for at, stem in enumerate(self._stems(sentence)) if stem and stem not in wrong]
        if len({stem for _, stem in positions}) < 2:
            return
        if not self.is_compound or self.name_pattern is not None:
            distance = _MAX_DISTANCE * (len(self.weights) - 1) if self.name_pattern is None else len(self.weights) + 1
            for start, _ in positions:
                yield {stem for position, stem in positions if start <= position < start + distance}
            return
        first = next(iter(self.weights))
        words = [
            (match, stem) for match in _WORD.finditer(sentence) for stem in set(self._stems(match[0])) - wrong if stem
        ]
        for (before, stem), (after, other) in pairwise(words):
            between = _FORWARD if stem == first else _BACKWARD
            if stem != other and between.fullmatch(sentence, before.end(), max(before.end(), after.start())):
                yield {stem, other}

    def has_required_name(self, text: str) -> bool:
        """Return whether a text has one of the names that it must have, if there are any."""
        return not self.required_names or not self.required_names.isdisjoint(self._topic_terms(text))

    def is_written_in(self, text: str) -> bool:
        """Return whether a text has a word of the topic as written or spelled otherwise, or another name of it."""
        if any(WIDE_LETTER.search(word) for word in self.written) or self._has_alias(text):
            return True
        words = "|".join(re.escape(word) for word in (*self.written, *sorted(self.other_spellings)))
        return re.search(rf"\b(?:{words})(?:e?s|e?n)?\b", text, re.IGNORECASE) is not None

    def all_words_in(self, text: str) -> bool:
        """Return whether each of the words, or of those of an alternative, occurs somewhere in a text."""
        if any(alternative.all_words_in(text) for alternative in self.alternatives):
            return True
        return set(self.weights) <= set(self._topic_terms(text))

    def _topic_terms(self, text: str) -> list[str]:
        """Return the stem of the topic for each term of a text, "" for others."""
        return self._stems(self._with_topic_words(text))

    def may_occur_among(self, stored_terms: Iterable[str]) -> bool:
        """Return whether a text with these terms may have a word of the topic, or another name of it."""
        has_patterns = self.acronym or self.alias_pattern or self.name_pattern or self.spelling_variants
        return bool(has_patterns) or any(self._stems_of(stored_terms))

    def _with_topic_words(self, text: str) -> str:
        """Return a text without namesakes, in which words are joined or divided as in the topic."""
        text = self.namesake_pattern.sub(" ", text) if self.namesake_pattern is not None else text
        for pattern, written in self.spelling_variants:
            text = pattern.sub(written, text)
        return text

    def _stems(self, text: str) -> list[str]:
        return self._stems_of(terms(text, self.language))

    def _stems_of(self, some_terms: Iterable[str]) -> list[str]:
        """Return the stem of the topic for each of some terms, "" for others."""
        singulars = map(_singular, some_terms)
        stems = (self.related_stems.get(term, term) for term in singulars)
        return [stem if stem in self.weights else "" for stem in stems]

    def any_word_in(self, text: str) -> bool:
        """Return whether any of the words occurs anywhere in a text, also inside a longer word or spelled out.

        True for an unknown abbreviation, which the text may spell out.
        """
        folded = text.casefold()
        if (
            self.is_unknown_abbreviation
            or self._has_alias(text)
            or any(stem in folded for stem in (*self.weights, *self.related_stems) if _is_long(stem))
        ):
            return True
        parts = [part for word in self.written for part in _long_parts(word.casefold())]
        parts += [stem for stem in self.weights if len(stem) == _MIN_STEM - 1 and stem.isascii()]  # armaments for arms
        parts += [word[: agent.start()] for word in self.written if (agent := _AGENT.search(word)) is not None]
        related = "|".join(map(re.escape, parts)).casefold()
        if related and re.search(rf"\b(?:{related})", folded):
            return True
        return any(self._topic_terms(text)) or self._has_misspelled_name(text)

    def _has_misspelled_name(self, text: str) -> bool:
        """Return whether a text has one of the names in another spelling."""
        capitalised = set(re.findall(rf"\b[A-Z]\w{{{_MIN_NAME - 1},}}", text)) if self.names else set()
        return any(get_close_matches(name, capitalised, 1, _NEAR_SPELLING) for name in self.names)

    def _has_alias(self, text: str) -> bool:
        """Return whether a text has another name of the topic, or its acronym."""
        if self.alias_pattern is not None and self.alias_pattern.search(text) is not None:
            return True
        return bool(self.acronym) and re.search(rf"\b{re.escape(self.acronym)}\b", text) is not None


def _is_long(stem: str) -> bool:
    """Return whether a stem is so long that it occurs inside another word only where that is related."""
    return len(stem) >= _MIN_STEM or bool(WIDE_LETTER.search(stem))


def _stem_weights(
    topic: str, language: str | None, frequencies: Mapping[str, int], passages: int
) -> tuple[dict[str, float], float]:
    """Return the share of each stem in a topic, and the share of those that are not generic; arguments as of `of`."""
    words = [word for word in content_words(topic)[1:] if word.casefold() in _GENERIC]
    if before := _GENERIC_OF.match(topic):
        words.append(before["noun"])
    generic = {stem for word in words for stem in topic_stems(word, language)}
    idf = {
        stem: math.log(1 + (passages + 0.5) / (frequencies.get(stem, 0) + 0.5))
        * (_GENERIC_WEIGHT if stem in generic else 1.0)
        for stem in dict.fromkeys(topic_stems(topic, language))
    }
    total = sum(idf.values())
    weights = {stem: value / total for stem, value in idf.items()}
    return weights, round(sum(weight for stem, weight in weights.items() if stem not in generic), 6)


def _acronym_like(topic: str, language: str | None) -> dict[str, re.Pattern[str]]:
    """Return the stems of the topic's words in capitals, with a pattern of the word; not of a topic all in capitals."""
    words = content_words(topic)
    return {
        stem: re.compile(rf"\b{word}\b")
        for word in words
        if re.fullmatch(r"[A-Z]{2,6}", word) and (len(words) == 1 or not topic.isupper())
        for stem in topic_stems(word, language)
    }


def _spelling_variants(words: Sequence[str]) -> tuple[tuple[re.Pattern[str], str], ...]:
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


def _compound_variants(words: Sequence[str], language: str | None) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of a compound of the topic that a text has in parts, and the reverse, with the topic's form."""
    if primary_language(language) not in _COMPOUNDING:
        return ()
    forms = []
    for word in words:
        for first, second in _parts_of_compound(word.casefold(), language):
            a, b = rf"\b{first}\w{{0,3}}\b", rf"\b{second}\w{{0,2}}\b"
            forms.append((re.compile(f"{b}{_BETWEEN_PARTS}{a}|{a}{_BETWEEN_PARTS}{b}", re.IGNORECASE), word))
    if len(words) == 2 and min(map(len, words)) >= _MIN_COMPOUND_PART:
        joined = [f"{_without_ending(a)}\\w{{0,3}}?{_without_ending(b)}" for a, b in (words, words[::-1])]
        forms.append((re.compile(rf"\b(?:{'|'.join(joined)})\w{{0,3}}\b", re.IGNORECASE), " ".join(words)))
    return tuple(forms)


def _parts_of_compound(word: str, language: str | None) -> Iterator[tuple[str, str]]:
    """Yield the two words in use of which a word may consist, each without its ending."""
    for at in range(_MIN_COMPOUND_PART, len(word) - _MIN_COMPOUND_PART + 1):
        first, second = word[:at], word[at:]
        forms = {first.removesuffix(linker) for linker in COMPOUND_LINKERS if first.endswith(linker)}
        is_first = any(is_listed(form, language) for form in forms if len(form) >= _MIN_COMPOUND_PART)
        if word.isalpha() and is_first and is_listed(second, language):
            yield _without_ending(first), second


def _without_ending(word: str) -> str:
    """Return a word without an ending of the plural or a genitive, in small letters."""
    stem = re.sub(r"(?:en|er|es|n|e|s)$", "", word.casefold())
    return re.escape(stem if len(stem) >= _MIN_COMPOUND_PART else word.casefold())


def _long_parts(word: str) -> list[str]:
    """Return the parts of a long word, with half of its letters, with which a related word may begin.

    "armaments" begins with such a part of disarmament, "employed" with one of unemployment.
    """
    length = max(_MIN_PART, math.ceil(_PART_SHARE * len(word)))
    return [word[start : start + length] for start in range(len(word) - length + 1)]


def split_alternatives(topic: str) -> list[str]:
    """Return the topics of which a text needs one: "lost gloves" and "lost hats" for "lost gloves or hats".

    The words beside "or" are alternatives, and the other words belong to each, but for two phrases: "road accidents or
    train crashes". Empty for a topic without "or".
    """
    match = _ALTERNATIVES.search(topic)
    if match is None:
        return []
    before, after = topic[: match.start()].strip(), topic[match.end() :].strip()
    is_phrase = after and after.split()[0].casefold() not in FUNCTION_WORDS
    if before and is_phrase and "," not in match["words"]:
        return [f"{before} {match['words']}", f"{match['last']} {after}"]
    words = [*re.split(r",\s+", match["words"]), match["last"]]
    return [" ".join(filter(None, (before, word, after))) for word in words]


def is_written_as_name(topic: str) -> bool:
    """Return whether a topic is several words in capitals."""
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
    """Return whether a topic is in none of the documents' languages, so that the absence of its words proves nothing.

    Args:
        topic: Its text.
        languages: Language codes of the documents.
        detected: The language of the text (`detect_language`).
    """
    known = {primary_language(language) for language in languages}
    wide = {"ja", "ko", "zh"}
    if bool(WIDE_LETTER.search(topic)) != bool(known & wide) and len(known) == 1:
        return True
    return detected is not None and detected not in known
