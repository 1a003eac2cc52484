"""Detect the language of a text, by its script, else by common words; read language tags; look words up in word lists.

The language selects stemmer, stop words and sentence ends, so only languages that differ in these are distinguished.
The word lists are those of pyspellchecker. They tell whether a word is in use, and, after the words of the document,
whether the hyphen at a line's end divides a word ("desali-/nation") or belongs to it ("long-/term"); for a language
without a list only the document decides, and a hyphen in doubt is kept.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from typing import IO

from corpus.scripts import HAN, HANGUL, KANA

_COMMON_WORDS = {
    "en": "the of and to in is that for with was are this by from which a on at as it or be has were what who how did",
    "fr": "le la les des et du est que pour dans une par sur au qui de en à il ne ce un a plus",
    "de": "der die und das den von zu mit ist des auf für nicht eine dem im zur zum sich wurde wurden einer einen "
    "auch vom wird sind",
    "es": "el los las del que y una por con para es su al como se de la en a no un lo más",
    "it": "il di che della per una sono del con non dei le nel alla gli la e a in un è i da",
    "pt": "o os da do das dos que uma para com não por em ao pela de e a as no na um se foi",
    "nl": "de het een van en dat voor met niet zijn op te aan worden bij in is was",
    "sv": "och att det som en på är av för med till den inte ett om",
    "da": "og at det som en på er af for med til den ikke et om",
    "fi": "ja on ei että se oli joka myös sekä mutta kuin tai ovat sen",
    "no": "og at det som en på er av for med til den ikke et om ble etter",
    "pl": "w i na z do się nie jest oraz że po dla od przez są roku za jak był było",
    "cs": "a v na je se že s z do pro za od byl byla bylo jsou roku které při také",
    "hu": "a az és hogy nem is egy volt meg csak ez már több után között év szerint",
    "ro": "în și la a pe din cu că nu este pentru care mai ca au fost sunt prin de un o",
    "tr": "ve bir bu için ile olarak daha en olan yılında gibi çok ne kadar sonra",
    "el": "και το της την του από για με στο στην τα των η ο οι που να είναι",
    "ru": "и в не на что с по как это для из от за его",
    "uk": "і в не на що з по як це для із від за його та",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "cmn": "zh"}
"""Codes of languages that are detected under another code."""

_BY_SCRIPT = frozenset({"ja", "ko", "zh"})
"""Languages that are detected by their script."""

_MIN_SURE_WORDS = 15
"""Common words of a language from which on a text is surely in it, whatever its file declares."""

_MIN_SURE_LETTERS = 100
"""Letters of a script from which on a text is surely in a language of that script, whatever its file declares."""

_MIN_LISTED_LETTERS = 3
"""Letters of the shortest words that are looked up to decide between languages; shorter ones are in many lists."""

_MIN_LISTED_SHARE = 0.75
"""Share of the words of at least three letters that the list of a language must have to decide between languages."""

_MIN_LISTED_LEAD = 2
"""Words by which that list must lead: the Spanish one lacks plurals that the Portuguese one has."""

_MIN_LISTED_WORDS = 20
"""Words of a text of whose language the lists alone decide, as it has few common words."""

_SURE_RATIO = 4
"""Words that are common only in the language of a text, for each that is common only in the declared language."""

_SAMPLE_LENGTH = 20_000

_SAMPLED_WORDS = 3000
"""Words by which the language is detected."""
_CLOSED_COMPOUNDS = frozenset({"de", "nl", "sv", "da", "no", "fi"})
"""Languages that write compounds of lower-case words without a hyphen."""
COMPOUND_LINKERS = ("", "s", "es", "n", "en", "e", "er", "ens")
"""What joins the parts of such a compound, the ending of its first part."""
_MIN_COMPOUND_PART = 4
"""Minimum letters of a part of a compound that is looked up."""
_PART = 1 << 16
"""Bytes of a list that are read at a time."""
_COUNTED = frozenset({"en"})
"""Languages whose list counts the words that are in use; other words have the lowest count."""
LISTED_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Languages in Latin letters that have a list."""
_COUNT = re.compile(rb": \d+,?\n\}?")
_UNCOUNTED = "50"
"""The lowest count, as a pattern: that of words which were not counted."""
_RARE = "[0-9]{0,3}"
"""The counts below a thousand, as a pattern: those of words that a language has by chance, as names or quoted."""
_AFTER_ALL = b"\xff\n"
"""A last line, which is greater than any word and so bounds the binary search."""


def detect_language(text: str) -> str | None:
    """Return an ISO 639-1 code, or None if the language is unclear."""
    sample = text[:_SAMPLE_LENGTH]
    letters = sum(map(str.isalpha, sample)) or 1
    if len(re.findall(f"[{KANA}]", sample)) / letters > 0.05:
        return "ja"
    if len(re.findall(f"[{HANGUL}]", sample)) / letters > 0.2:
        return "ko"
    if len(re.findall(f"[{HAN}]", sample)) / letters > 0.2:
        return "zh"
    words = _count_words(sample)
    total = sum(words.values())
    votes = sorted(
        ((sum(words[word] for word in common), len(common & words.keys()), code) for code, common in _WORDS.items()),
        reverse=True,
    )  # among equal counts, the language with more different words wins
    if total < 5:
        return None
    if votes[0][0] < 0.08 * total:  # a table of contents, a list of titles
        return _language_of_lists(words, LISTED_LANGUAGES) if total >= _MIN_LISTED_WORDS else None
    best = [code for *counts, code in votes if tuple(counts) == votes[0][:2]]
    return best[0] if len(best) == 1 else _language_of_lists(words, best)


def _language_of_lists(words: Counter[str], languages: Sequence[str]) -> str | None:
    """Return the language whose list has most of the words, and clearly more than the lists of the other languages."""
    longer = [word for word in words if len(word) >= _MIN_LISTED_LETTERS]
    known = sorted(
        (sum(word in _word_list(language) for word in longer), language)
        for language in languages
        if language in LISTED_LANGUAGES
    )
    if len(longer) < 2 or not known or known[-1][0] < _MIN_LISTED_SHARE * len(longer):
        return None
    return known[-1][1] if len(known) == 1 or known[-1][0] >= known[-2][0] + _MIN_LISTED_LEAD else None


def detectable_language(tag: str) -> str:
    """Return the code that `detect_language` has for the language of a tag: "no" of "nb-NO"."""
    primary = primary_language(tag)
    return _SAME_LANGUAGE.get(primary, primary)


def contradicting_language(text: str, declared: str) -> str | None:
    """Return the language of a text if it is surely another one than that which its file declares, else None.

    It is sure if the beginning and the end of the text have enough common words of the one language, and hardly any of
    the other. A text in two languages, and a language whose common words are unknown, contradict nothing. Programs
    declare the language of their user and not that of the text.
    """
    primary = detectable_language(declared)
    detected = detect_language(text)
    if detected is None or detected == primary or primary not in _WORDS.keys() | _BY_SCRIPT:
        return None
    beginning, end = text[:_SAMPLE_LENGTH], text[_SAMPLE_LENGTH:][-_SAMPLE_LENGTH:]
    is_long = len(end) == _SAMPLE_LENGTH
    return detected if all(_is_surely(detected, part, primary) for part in (beginning, end)[: 1 + is_long]) else None


def _is_surely(language: str, text: str, declared: str) -> bool:
    """Return whether a text is in a language and not in the declared one."""
    if language in _BY_SCRIPT:
        letters = sum(map(str.isalpha, text))
        in_script = len(re.findall(f"[{KANA}{HANGUL}{HAN}]", text))
        return not {language, declared} <= {"ja", "zh"} and in_script >= max(_MIN_SURE_LETTERS, letters / 2)
    words = _count_words(text)
    others = _WORDS.get(declared, frozenset())
    own = sum(words[word] for word in _WORDS[language] - others)
    return own >= max(_MIN_SURE_WORDS, _SURE_RATIO * sum(words[word] for word in others - _WORDS[language]))


def _count_words(text: str) -> Counter[str]:
    """Count the words of a text, in small letters, without the letters between digits of a code."""
    return Counter(re.findall(r"\b[^\W\d_]+\b", text.lower()))


def primary_language(tag: str | None) -> str:
    """Return the language of a tag ("pt" of "pt-BR"); a document without one is read as English."""
    return (tag or "en").lower().split("-")[0]


class Lexicon:
    """The words of a document and of its language."""

    def __init__(self, words: Iterable[str]) -> None:
        """Count the words of a document in text order, without those that are divided."""
        read = list(words)
        self._counts = Counter(word.lower() for word in read)
        self._sample = " ".join(read[:_SAMPLED_WORDS])

    def __contains__(self, word: str) -> bool:
        """Return whether the document or its language has a word."""
        return word.lower() in self._counts or word.lower() in self._listed

    def occurs_elsewhere(self, word: str) -> bool:
        """Return whether the document has a word, besides one place where it may be a part, or its language has it."""
        return self._counts[word.lower()] > 1 or word.lower() in self._listed

    def is_divided(self, before: str, after: str) -> bool:
        """Return whether the hyphen between the end of a line and the word below only divides a word."""
        joined = self._counts[f"{before}{after}".lower()]
        hyphenated = self._counts[f"{before}-{after}".lower()]
        if joined or hyphenated:
            return joined >= hyphenated
        if after[:1].isupper() or before.isupper():
            return False
        if self._language in _CLOSED_COMPOUNDS:
            return True
        if not self._listed:
            return False
        first, second = before.rpartition("-")[2].lower(), after.partition("-")[0].lower()
        return first + second in self._listed or not (first in self._listed and second in self._listed)

    @cached_property
    def _language(self) -> str | None:
        return detect_language(self._sample)

    @cached_property
    def _listed(self) -> _WordList | frozenset[str]:
        return _word_list(self._language or "en")


def is_listed(word: str, language: str | None) -> bool:
    """Return whether a word is in use in a language, English if None, by its list; True if there is no list.

    Where the list counts most words that are in use, the others do not count: in English these are rare, or foreign.
    """
    primary = primary_language(language)
    words = _word_list(primary, _UNCOUNTED if primary in _COUNTED else "")
    return not words or word.casefold() in words


def is_frequent(word: str, language: str | None, digits: int) -> bool:
    """Return whether a language's list, of English if None, counts a word with this many digits; False without a list.

    In English, words for things have at least four digits, and names of persons and places less than five.
    """
    return word.casefold() in _word_list(primary_language(language), f"[0-9]{{0,{digits - 1}}}")


def has_word_list(language: str | None) -> bool:
    """Return whether there is a list of the words of a language, English if None."""
    primary = primary_language(language)
    return bool(_word_list(primary, _UNCOUNTED if primary in _COUNTED else ""))


def is_listed_elsewhere(words: Collection[str], language: str | None) -> bool:
    """Return whether no word is in use in a language, and the list of another one has all, at least their parts."""
    if any(is_listed(word, language) for word in words):
        return False
    others = [other for other in LISTED_LANGUAGES if other != primary_language(language)]
    return any(all(_is_listed_in_parts(word.casefold(), other) for word in words) for other in others)


def has_function_word_elsewhere(text: str, language: str | None) -> bool:
    """Return whether a text has a function word of another language, which also has the words that are not in use here.

    "Annexion von Hawaii" is no English, though Hawaii is.
    """
    primary = primary_language(language)
    words = re.findall(r"[^\W\d_]+", text)
    unlisted = {word for word in words if not is_listed(word, primary)}
    for other in LISTED_LANGUAGES:
        function_words = _WORDS[other] - _WORDS.get(primary, frozenset())
        content = {word for word in unlisted if word not in function_words}
        has_both = other != primary and content and unlisted & function_words
        if has_both and all(_is_listed_in_parts(word.casefold(), other) for word in content):
            return True
    return False


def is_word_of_another_language(words: Collection[str], language: str | None) -> bool:
    """Return whether another language has all of some words, one of which is in use there and not in this one.

    "Energía solar" is no English, though "solar" is; "injuries" no French, though its list has it uncounted. Words
    in capitals may be names, which are in lists by chance.
    """
    primary = primary_language(language)
    listed = _word_list(primary, "" if primary in _COUNTED else _UNCOUNTED)
    unused = [
        word
        for word in words
        if word.islower() and word not in listed and word.replace("our", "or") not in listed  # labour, labor
    ]
    others = [other for other in LISTED_LANGUAGES if other != primary] if unused and has_word_list(language) else []
    return any(
        all(_is_listed_in_parts(word.casefold(), other) for word in words)
        and any(word in _word_list(other, _RARE) or not is_listed(word, language) for word in unused)
        for other in others
    )


def _is_listed_in_parts(word: str, language: str) -> bool:
    """Return whether the list of a language has a word, or both parts of a compound: "Kinder", "Betreuung"."""
    listed = _word_list(language)
    if word in listed or language not in _CLOSED_COMPOUNDS:
        return word in listed
    return any(
        word[at:] in listed and any(first in listed for first in _first_parts(word[:at]))
        for at in range(_MIN_COMPOUND_PART, len(word) - _MIN_COMPOUND_PART + 1)
    )


def _first_parts(part: str) -> list[str]:
    """Return the words that the first part of a compound may be: without a linker, or with the "e" that it lost."""
    without = [part.removesuffix(linker) for linker in COMPOUND_LINKERS if part.endswith(linker)]
    return [f"{part}e", *(word for word in without if len(word) >= _MIN_COMPOUND_PART)]


class _WordList:
    """The words of a gzipped JSON file with one sorted word a line, as bytes: a twentieth of the memory of a set."""

    def __init__(self, file: IO[bytes], without: str) -> None:
        """Read the words whose count does not match the pattern `without`; all if it is empty."""
        left_out = re.compile(rf'(?m)^\s*"[^"\n]*": (?:{without}),?\n'.encode())
        self._words = bytearray(b"\n")
        with gzip.open(file) as lines:
            lines.readline()  # the bracket
            while part := lines.read(_PART) + lines.readline():
                part = left_out.sub(b"", part) if without else part
                self._words += _COUNT.sub(b"\n", part.replace(b'"', b""))
        self._words += _AFTER_ALL

    def __contains__(self, word: str) -> bool:
        wanted = bytearray(word, "utf-8", "replace")
        positions = range(len(self._words) - len(_AFTER_ALL))
        return self._word_after(bisect_left(positions, wanted, key=self._word_after)) == wanted

    def _word_after(self, position: int) -> bytearray:
        """Return the word of the first line that begins after a position."""
        start = self._words.index(b"\n", position) + 1
        return self._words[start : self._words.index(b"\n", start)]


@lru_cache(maxsize=3 * len(LISTED_LANGUAGES))
def _word_list(language: str, without: str = "") -> _WordList | frozenset[str]:
    """Return the words of a language, except those whose count matches a pattern; none if there is no list."""
    try:
        file = resources.files("spellchecker") / "resources" / f"{language}.json.gz"
        with file.open("rb") as opened:
            return _WordList(opened, without)
    except (ModuleNotFoundError, FileNotFoundError):
        return frozenset()
