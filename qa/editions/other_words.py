"""Other words that documents use for a topic: its word families, other spellings of its names, titles, abbreviations.

A word belongs to the family of another (lobby, lobbyists; tax, taxation) if both begin alike and both models find them
near: letters alone join foundation with found, models alone join doctors with nurses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.metadata.language import is_listed, primary_language
from corpus.scripts import NAME_WORD
from index.lexical.analysis import FUNCTION_WORDS, common_beginning, terms
from index.models.encoder import Encoder, Vectors

_MIN_WORD = 5
"""Minimum letters of a topic's word whose family is searched."""

_MIN_COMMON = 3
"""Minimum letters with which two words of a family begin."""

_MIN_COMMON_SHARE = 0.6
"""Minimum share of the letters of the shorter word with which both begin."""

_MIN_LAST_PART = 4
_SUFFIXES = frozenset("able ally force hood less like ness payer ship ward wide wise worthy".split())
"""Minimum letters of the last part of a compound, and endings that are words, too: "membership" is no ship."""

_MAX_CANDIDATES = 64
"""Maximum number of words, and of possible expansions of an abbreviation, that the models compare."""

_MIN_COSINES = 0.9, 0.5
"""Cosines of two words, with the model of the index and with the English one, at which their nearness is 0."""

_UNIT_COSINES = 0.07, 0.35
"""Differences of the cosines that are a nearness of 1. The nearness of two words is the sum for both models."""

FAMILY = 0.6
"""Minimum nearness of two words that begin alike and are of a family: lobbyists and lobby have .7, inventories and
inventor .3, conservation and conservative less than 0."""

SYNONYM = 1.6
"""Minimum nearness of words that mean the same: guns and firearms have 2.0, wages and salaries 1.7."""

NEAR_SYNONYM = 1.0
"""Minimum nearness of words that mean the same in a sentence about the topic: gay and homosexuals have 1.2, drugs and
narcotics 1.1; but "drugs" has 1.5 for cocaine."""

RELATED = 0.8
"""Minimum nearness of words that may mean the same: drugs and narcotics have 1.05, drug and narcotics .85, refugees and
immigrants 1.0, farmers and workers .2."""

_NEAR_EXPANSION = 0.5
"""Minimum cosine of an abbreviation and of words in small letters with its initials."""

_MIN_EXPANDED_DOCUMENTS = 3
"""Minimum documents with the same words in a row, without function words, that have the initials of an abbreviation:
"gross national product" for GNP, which the models do not know."""

_PREFIXES = (
    "aero anti auto bio counter electro extra geo hydro immuno infra inter intra macro micro multi neuro over petro"
    " photo poly radio semi sub super tele thermo trans ultra under"
).split()
"""Prefixes that have a letter in an abbreviation besides the word they begin: intercontinental in ICBM."""

_MIN_NAME = 5
_VOWELS = re.compile(r"[aeiouy]", re.IGNORECASE)
ABBREVIATION = re.compile(r"[A-Z](?:&?[A-Z]){1,6}")
_TITLED = (
    r"\b(?:(?:Prime |Foreign |State |Deputy |Vice )?(?:Minister|President|Premier|Chancellor|Secretary(?:[- ]General)?)"
    r"|Ambassador|Senator|Governor|Commissioner|Director[- ]General|Chair(?:man|woman|person)?|Admiral|Captain|Colonel"
    r"|Congress(?:man|woman)|Professor|Judge|Reverend|King|Queen|Prince|Princess|Emperor|Empress|Pope|Sir|Lord|Lady"
    r"|(?:Dr|Mr|Mrs|Ms|Mme|Prof|Gen|Rev|Sen|Gov)\.?|Herr|Frau|Monsieur|Madame|Señora?)\s+"
    r"(?:(?:for|of)\s+(?:(?:[A-Z][\w-]+,?|and|the|of)\s+){1,6}?)?"
)
"""A title before a surname, also with what it is of: "Minister for Foreign Affairs"."""

_JOINED = r"\W+(?:(?:and|for|of|on|the|against|to)\W+)*"

_PARTICLE = re.compile(r"(?:al|bin|da|de|del|della|den|der|di|dos|du|ibn|la|ten|van|von|zu)")
"""A word in small letters between given name and surname, which belongs to the surname: "bin Laden"."""


@dataclass(frozen=True, slots=True)
class TopicVariants:
    """Other words for a topic."""

    related_stems: dict[str, str]
    """Stem of each other word to the stem of the topic's word."""

    family_stems: frozenset[str] = frozenset()
    """Those of `related_stems` that the models found, and that are no names of a name: private for privacy."""

    spellings: frozenset[str] = frozenset()
    """Other spellings of the topic's names, as written in the documents."""

    aliases: re.Pattern[str] | None = None
    """Matches what stands for the whole topic."""


NO_OTHER_WORDS = TopicVariants({})


def find_other_words(
    subject: str, texts: Sequence[str], language: str | None, encoder: Encoder, *, is_name: bool = False
) -> TopicVariants:
    """Return the other words of documents of a language for a topic; a name has no families: southern, South Africa."""
    words = content_words(subject)
    english = encoder.sentence_encoder if primary_language(language) == "en" else None
    forms: dict[str, str] = {}
    families: set[str] = set()
    spellings: set[str] = set()
    for word in words:
        spelled = _other_spellings(word, texts)
        spellings |= spelled
        family = _family(word, texts, encoder) if english is not None and not is_name else set()
        unsure = {other for other in family if not word.istitle() or _has_in_small_letters(texts, other)}
        families |= {form for other in unsure for form in terms(other, language)}
        others = spelled | family
        forms |= {form: stem for other in others for form in terms(other, language) for stem in terms(word, language)}
    phrases = [re.escape(abbreviation) for text in texts for abbreviation in _abbreviations(subject, words, text)]
    phrases += _titled_names(subject, texts, language)
    phrases += _surnames_with_particle(subject)
    abbreviation = subject.strip().removesuffix("s") if len(words) < 3 else ""
    if ABBREVIATION.fullmatch(abbreviation):
        phrases += [_phrase_pattern(phrase) for text in texts for phrase in _expansions(abbreviation, text)]
        phrases += map(_phrase_pattern, _spelled_out(abbreviation, texts, english))
    pattern = "|".join(dict.fromkeys(phrases))
    aliases = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if pattern else None
    return TopicVariants(forms, frozenset(families), frozenset(spellings), aliases)


def content_words(topic: str) -> list[str]:
    """Return the words of a topic without function words and numbers."""
    return [word for word in re.findall(r"[^\W\d_]+", topic) if word.casefold() not in FUNCTION_WORDS]


def _other_spellings(word: str, texts: Sequence[str]) -> set[str]:
    """Return the names that differ from a name in vowels alone, but not in the last letter: Qaeda and Qaida.

    What is also written in small letters is another word: "Taxes" is no spelling of Texas, "Capital" none of Capitol.
    """
    if not word.istitle() or len(word) < _MIN_NAME:
        return set()
    vowels = "".join("[aeiouyAEIOUY]" if _VOWELS.match(letter) else letter for letter in word[:-1])
    written = {name for text in texts for name in re.findall(rf"(?i)\b{vowels}{word[-1]}\b", text)}
    return {name for name in written if name != word and name.istitle() and name.lower() not in written}


def _has_in_small_letters(texts: Sequence[str], word: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text) for text in texts)


def _family(word: str, texts: Sequence[str], encoder: Encoder) -> set[str]:
    """Return the words of English texts that begin as a word does and that both models find near.

    Those of a name, which no text has in small letters, are names, too: Alaska for Alaskan, not medical for Medicare.
    """
    folded = word.casefold()
    if len(folded) < _MIN_WORD or word.isupper():
        return set()
    written = {other for text in texts for other in re.findall(rf"(?i)\b{folded[:_MIN_COMMON]}[a-z]*", text)}
    words = {other.casefold() for other in written}
    if word.istitle() and word in written and folded not in written:
        words -= written
    common = {other: common_beginning(folded, other) for other in words}
    stems = set(terms(word))
    candidates = [
        other
        for other in sorted(words, key=lambda other: (-common[other], other))
        if common[other] >= max(_MIN_COMMON, _MIN_COMMON_SHARE * min(len(other), len(folded)))
        and not stems & set(terms(other))
        and not any(_is_first_part(form, folded) for form in (other, *terms(other)))  # "lighted" has the stem "light"
    ][:_MAX_CANDIDATES]
    nearness = nearness_of_words([folded], candidates, encoder, FAMILY)
    return {other for other in candidates if nearness.get(other, 0.0) >= FAMILY}


def _is_first_part(word: str, compound: str) -> bool:
    """Return whether a word is the first part of an English compound, which is something else: light, lighthouse."""
    rest = compound.removeprefix(word).removesuffix("s")
    is_prefix = rest != compound.removesuffix("s")
    return is_prefix and len(rest) >= _MIN_LAST_PART and rest not in _SUFFIXES and is_listed(rest, "en")


def nearness_of_words(
    words: Sequence[str], others: Sequence[str], encoder: Encoder, minimum: float
) -> dict[str, float]:
    """Return how near English words are to one of a topic's, with both models; empty without them.

    Words that cannot reach the minimum, judged by the faster model alone, are left out before the other one reads them.
    """
    english = encoder.sentence_encoder
    if english is None or not words or not others:
        return {}
    of_index, of_english = zip(_MIN_COSINES, _UNIT_COSINES, strict=True)
    by_english = _nearness(words, others, english, *of_english)
    greatest = (1 - of_index[0]) / of_index[1]
    possible = [at for at, nearness in enumerate(by_english) if nearness.max() + greatest >= minimum]
    if not possible:
        return {}
    both = _nearness(words, [others[at] for at in possible], encoder, *of_index) + by_english[possible]
    return {others[at]: float(nearness.max()) for at, nearness in zip(possible, both, strict=True)}


def _nearness(words: Sequence[str], others: Sequence[str], encoder: Encoder, min_cosine: float, unit: float) -> Vectors:
    """Return the nearness of words with one model, shape (others, words)."""
    vectors = encoder.encode([word.casefold() for word in (*words, *others)])
    nearness: Vectors = (vectors[len(words) :] @ vectors[: len(words)].T - min_cosine) / unit
    return nearness


def _abbreviations(subject: str, words: Sequence[str], text: str) -> Iterator[str]:
    """Yield the abbreviations that a text gives a topic of several words: "Non-Proliferation Treaty (NPT)"."""
    if len(words) > 1:
        written = r"\W+".join(map(re.escape, re.findall(r"\w+", subject)))
        for match in re.finditer(rf"(?i:\b{written}s?)\W{{0,3}}[(（]\s*({ABBREVIATION.pattern})s?\b", text):
            yield match[1]


def _titled_names(subject: str, texts: Sequence[str], language: str | None) -> Iterator[str]:
    """Yield patterns of a person's surname after a title: "Prime Minister Abe" for Shinzo Abe.

    One of the texts must have the whole name, unless the surname is no common word, and none the same surname after
    another given name.
    """
    names = subject.split()
    if not 2 <= len(names) <= 4 or not all(re.fullmatch(rf"{NAME_WORD}|[A-Z]\.", name) for name in names):
        return
    orders = {" ".join(names), " ".join((*names[1:], names[0])), " ".join((names[-1], *names[:-1]))}
    whole = re.compile("|".join(rf"\b{_spaced(order)}\b" for order in orders))
    is_known = any(whole.search(text) for text in texts)
    for surname in (names[0], names[-1]):
        if not is_known and is_listed(surname, language):
            continue
        titled = rf"{_TITLED}{re.escape(surname)}\b(?!\s+[A-Z]\w)"
        namesake = re.compile(rf"(?<=[^\W\d_] )({NAME_WORD})\s+(?:[A-Z]\.\s+)?{re.escape(surname)}\b")
        named = [re.sub(titled, " ", text) for text in texts if surname in text]
        given_names = {match[1] for text in named for match in namesake.finditer(text)} - {*names}
        if all(re.fullmatch(_TITLED, f"{name} ") for name in given_names):
            yield titled


def _surnames_with_particle(subject: str) -> Iterator[str]:
    """Yield a pattern of a surname with a particle, which says who is meant without the given name: "bin Laden"."""
    names = subject.split()
    if len(names) > 2 and _PARTICLE.fullmatch(names[-2]) and all(names[at][0].isupper() for at in (0, -1)):
        yield rf"[{names[-2][0]}{names[-2][0].upper()}]{names[-2][1:]}[\s-]+{re.escape(names[-1])}"


def _spaced(name: str) -> str:
    """Return a pattern of a name with any space between its parts."""
    return r"\s+".join(map(re.escape, name.split()))


def _expansions(abbreviation: str, text: str) -> Iterator[str]:
    """Yield what a text says that an abbreviation stands for: "UN Convention against … Crime (UNTOC)"."""
    written = re.escape(abbreviation)
    for match in re.finditer(rf"((?:[\w’'&-]+\s+){{2,9}})[(（]{written}s?[)）:：,，]", text):
        words = match[1].split()
        for start in range(len(words) - 2, -1, -1):
            initials = "".join(w if w.isupper() else w[0] for w in words[start:] if w[0].isupper()).upper()
            letters = iter(initials)
            if initials[:1] == abbreviation[0] and all(sign in letters for sign in abbreviation.replace("&", "")):
                yield " ".join(words[start:])
                break
    for match in re.finditer(rf"(?<!\w){written}\s?[(（：:]\s*([^()（）\n]{{6,80}})[)）]", text):
        yield match[1].strip()


def _spelled_out(abbreviation: str, texts: Sequence[str], english: Encoder | None) -> list[str]:
    """Return runs of words with the initials of an abbreviation; those in small letters if a model finds them near."""
    letters = abbreviation.replace("&", "")
    pattern = f"(?:{'|'.join(map(_JOINED.join, _words_with_initials(letters)))})"
    if "&" in abbreviation:
        pattern = r"\s+(?:and|&)\s+".join(rf"[{letter}{letter.lower()}]\w{{3,}}" for letter in letters)
    elif len(letters) < 3:
        return []
    by_text = [{" ".join(run[0].split()) for run in re.finditer(rf"\b{pattern}", text)} for text in texts]
    runs = {run for of_text in by_text for run in of_text}
    if "&" in abbreviation:
        return sorted(runs)
    sure = {run for run in runs if all(word[0].isupper() for word in run.split() if len(word) > 3)}
    counts = Counter(run.casefold() for of_text in by_text for run in {run.casefold(): run for run in of_text}.values())
    sure |= {run for run in runs if counts[run.casefold()] >= _MIN_EXPANDED_DOCUMENTS and _has_content_words_alone(run)}
    unsure = sorted(runs - sure)[:_MAX_CANDIDATES]
    if unsure and english is not None:
        vectors = english.encode([abbreviation, *unsure])
        near = (vectors[1:] @ vectors[0]).tolist()
        sure |= {run for run, cosine in zip(unsure, near, strict=True) if cosine >= _NEAR_EXPANSION}
    return sorted(sure)


def _words_with_initials(letters: str) -> Iterator[list[str]]:
    """Yield patterns of words with these initials, one of which may have two: a prefix and what it begins."""
    words = [rf"[{letter}{letter.lower()}]\w{{2,}}" for letter in letters]
    yield words
    for at, (first, second) in enumerate(pairwise(letters.lower())):
        prefixes = [f"[{first}{first.upper()}]{prefix[1:]}" for prefix in _PREFIXES if prefix[0] == first]
        if prefixes:
            yield [*words[:at], rf"(?:{'|'.join(prefixes)}){second}\w{{2,}}", *words[at + 2 :]]


def _has_content_words_alone(run: str) -> bool:
    """Return whether none of some words is a function word: "not permit the" is no phrase."""
    return not any(word in FUNCTION_WORDS for word in re.findall(r"\w+", run.casefold()))


def _phrase_pattern(phrase: str) -> str:
    """Return a pattern of a phrase in capitals or not, with any space and plurals."""
    words = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", phrase)))
    return f"(?i:{words}(?:s|es)?)"
