"""Questions for a name: who holds an office or did something, or where something is, and whether a text has the name.

A text without any name answers no question such as "Who is the director?". Where a text may name somebody by a common
noun, as for "who repaired the bridge", a word such as "builders", or "by the city", is enough. German writes all nouns
with capitals; there several capitalised words together are a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from corpus.metadata.language import is_listed, primary_language
from corpus.records import Span
from corpus.scripts import LATIN_CAPITALS, NAME_PARTICLES, WIDE, without_accents
from corpus.vocabulary import MONTHS
from index.lexical.analysis import FUNCTION_WORDS, terms
from qa.question.answer_type import WHERE, WHO

NamedType = Literal["person", "place"]

_IS = (
    r"(?:is(?: going to be)?|was|will be|became|has become|ist|war|wird|wurde|est|était|sera|devient|es|fue|era|será"
    r"|è|fu|sarà|é|foi|werd|wordt|är|blir|blev|er|jest|był|była)"
)
_THE = (
    r"(?:the|its|their|our|his|her|now|currently|der|die|derzeit\w*|le|la|l['’]|el|il|lo|o|a|de|het|den|det|"
    r"(?:new|next|current|neuer?|nouveau|nouvelle|nuev[oa]|nuov[oa]|nov[oa]|nieuwe|nya|nye)\b)"
)
_WHO_HOLDS = re.compile(rf"(?:{WHO})\s+{_IS}\s+{_THE}(?!\w)", re.IGNORECASE)
"""Asks who holds an office, which only a name answers: "Who is the director?"."""

_WHO_DID = re.compile(
    r"\bwho\s+(?:\w+ed|wrote|built|made|won|led|drew|chose|ran|sang|gave)\b|\b(?:wer|qui)\s+(?:hat|a)\s+\w+"
    r"|\bquién\s+\w+(?:ó|o)\b|\bchi\s+ha\s+\w+|\bquem\s+\w+(?:ou|eu|iu)\b|\bwie heeft\b"
    r"|\bh?vem\s+\w+(?:de|te)\b",
    re.IGNORECASE,
)
"""Asks who did something, which a common noun may answer."""

_ANY_PERSON = re.compile(
    r"\b\w{2,}(?:ers?|ors?|ists?|ants?|ents?|ees?|ians?|men|man|woman|women|people|children|staff|y|ies"
    r"|innen|eurs?|iers?|istes?|ores?|eros?|eras?|istas?|antes?|entes?|dor[ae]s?|isti|anti|enti|aar|aars|arna)\b"
    r"|\b(?:by|von|par|por|da|dal|dalla|door|av|af|przez)\s+\w",
    re.IGNORECASE,
)
"""A word that may be one for persons or bodies, by its ending, or what is before one who acts."""

_WHERE_QUESTION = re.compile(rf"^\W*(?:\w+\s)?(?:{WHERE})", re.IGNORECASE)
_AT_A_PLACE = re.compile(
    r"\b(?:in|at|on|to|near|from|behind|between|along|inside|outside|under|above|beside|opposite|off|next|around|across"
    r"|im|am|an|auf|bei|nach|aus|vor|zu[mr]?|neben|unter|hinter|zwischen|entlang|à|aux?|en|dans|sur|chez|près|vers|entre"
    r"|a|al|del?|desde|junto|cerca|nell?[aoe]?|su[l]?\w{0,2}|da\w{0,2}|em|n[oa]s?|ao?s?|op|bij|te|naar|uit|i|på|vid|ved"
    r"|hos|fra|från|w|na|przy|do|over|within|through(?:out)?|aboard|below|beneath|past|beyond)\s+(?=([^\W\d_]+(?:\s[^\W\d_]+)?))|[でにへ]"
    r"|\b(?:(?:up|down)(?:stairs|stream)|(?:out|in)doors|outside|inside|online|abroad|overseas|elsewhere|everywhere|nearby|locally"
    r"|draußen|drinnen|oben|unten|überall|auswärts|\w+abwärts|\w+aufwärts|dehors|dedans|partout|ailleurs|en ligne"
    r"|fuera|dentro|arriba|abajo|aquí|allí|fuori|dentro|ovunque|buiten|binnen|overal|ute|inne|utomlands)\b",
    re.IGNORECASE,
)

_CAPITALISED = rf"[{LATIN_CAPITALS}][\w’'-]*"
_RUN = re.compile(
    rf"[{LATIN_CAPITALS}][\w’'-]*(?:\.(?=\s[{LATIN_CAPITALS}]))?"
    rf"(?:\s+(?:(?:of|the|and|und|y|e|et|&|{NAME_PARTICLES})\s+){{0,2}}[{LATIN_CAPITALS}][\w’'-]*)*"
)
_BETWEEN_NAMES = re.compile(r",\s*")
"""Between names of which the last tells where the first is."""

_AFTER_ABBREVIATION = re.compile(r"\.\s")
"""Between the two words of "St. Arvik"."""

_SENTENCE_MARKS, _BEFORE_SENTENCE = frozenset('.:!?…»”"|\n•–—-'), frozenset("*_>#(“\"«¿¡'‘")
"""Signs that a sentence follows, and signs between them and its first word."""

_PLACE = re.compile(
    r"\b(?:at|in|of|on|near|from|to|am|bei|nach|von|zu|à|au|de|d['’]|en|a|di|em|te|i|på|fra|från|w|na|do)\s*"
    rf"\b({_CAPITALISED}(?:\s{_CAPITALISED})*)"
)
"""A name that may be of a place: no article is before it."""

_SAME_BEGINNING = 5
"""Letters with which two forms of a word begin alike."""

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_LABEL = re.compile(r"^\W*\w+(?:\s\w+)?:")
"""What a line is about: "Registered office:"."""

_FOR = r"(?:for|für|pour|para|per|voor|för|dla|against|gegen|contre|contra|contro|tegen|mot)"
_COMPLEMENT = re.compile(
    rf"(?<![\w’-])[\d_’-]*+(?P<head>[^\W\d_][\w’-]*+)\s+{_FOR}\s+(?:(?:an?|one|each|every|the|next|first|last|die|den|das|les?|las?|los|el|de|het|un[ae]?|eine?[mnr]?|jede[nr]?|chaque|cada)\s+)?"
    r"(?P<noun>[^\W\d_][\w’-]*)(?:\s(?:of|von|der|des|de|del|di|da|do|van|av|af)\s(?P<part>[^\W\d_][\w’-]*))?",
    re.IGNORECASE,
)
"""What something is for or against: "entry" and "children" of "entry for children"."""


def asks_for_holder(question: str) -> bool:
    """Return whether a question asks who holds an office, which only a name answers: "Who is the director?"."""
    return _WHO_HOLDS.search(question) is not None


def lacks_name(question: str, texts: Iterable[str], language: str | None) -> NamedType | None:
    """Return whether a question asks for a person or a place, and no text may have it.

    Args:
        question: The question.
        texts: The sentences of the answer.
        language: The language of the documents that they are from.
    """
    answers = list(texts)
    if any(re.search(f"[{WIDE}]", text) for text in answers):
        return None
    if _WHO_HOLDS.search(question) is not None:
        return None if any(has_name(text, question, language) for text in answers) else "person"
    if _WHO_DID.search(question) is not None:
        is_person = any(
            has_name(text, question, language) or _may_have_person(text, question, language) for text in answers
        )
        return None if is_person else "person"
    if _WHERE_QUESTION.search(question) is not None:
        is_place = any(has_name(text, question, language) or _may_have_place(text, question) for text in answers)
        return None if is_place else "place"
    return None


def unmatched_complement(question: str, text: str, passage: str, language: str | None) -> str | None:
    """Return what something is for in a question, if a text tells it for something else: "children" and "adults".

    None if the passage mentions it, too.

    Args:
        question: The question.
        text: The sentence that answers.
        passage: The passage around it.
        language: The language of both.
    """
    asked = {tuple(terms(match["head"], language)): match["noun"] for match in _COMPLEMENT.finditer(question)}
    for match in _COMPLEMENT.finditer(text):
        noun = asked.get(tuple(terms(match["head"], language)))
        if noun is None or noun.casefold() in FUNCTION_WORDS or match["noun"].casefold() in FUNCTION_WORDS:
            continue
        if not mentions(passage, noun, language):
            return noun
    return None


def mentions(text: str, noun: str, language: str | None) -> bool:
    """Return whether a text has a noun in some form; True for a stop word.

    Args:
        text: The text.
        noun: The noun.
        language: The language of both.
    """
    of_noun = set(terms(noun, language))
    return (
        not of_noun
        or not of_noun.isdisjoint(terms(text, language))
        or any(_is_same(word, noun) for word in _WORD.findall(text))
    )


def complement_nouns(question: str) -> list[str]:
    """Return the nouns of what something is for or against in a question: "complaints against makers of toys"."""
    found = (match.group("noun", "part") for match in _COMPLEMENT.finditer(question))
    return [noun for nouns in found for noun in nouns if noun and noun.casefold() not in FUNCTION_WORDS]


def has_name(text: str, question: str, language: str | None) -> bool:
    """Return whether a text has a name that the question lacks, apart from names of months and from addresses there.

    Args:
        text: The text.
        question: The question.
        language: The language of the text.
    """
    is_german = primary_language(language) == "de"
    asked = _WORD.findall(question)

    def is_new(word: str) -> bool:
        is_in_question = any(_is_same(word, other) for other in asked)
        return not (is_in_question or word.casefold() in MONTHS or word.casefold() in FUNCTION_WORDS)

    text = _without_addresses(text, question)
    for run in _RUN.finditer(text):
        words = [word for word in _WORD.findall(run.group()) if word[0].isupper() and is_new(word)]
        if not words:
            continue
        is_several = len(words) > 1 or (words[0].isupper() and len(words[0]) > 1)
        if is_several or (
            not is_german and not (_starts_sentence(text, run.start()) and is_listed(words[0], language))
        ):
            return True
    return False


def _without_addresses(text: str, question: str) -> str:
    """Return a text without addresses in a place that the question names: "Pier House, Quay Street, Arvik".

    "Ada Holm, Head of Arvik Pier" is none.
    """
    places = {word for match in _PLACE.finditer(question) for word in _WORD.findall(match[1])}
    rest, kept = [], 0
    for start, end in _addresses(text):
        if places.issuperset(_WORD.findall(text[start:end].rpartition(",")[2])):
            rest.append(text[kept:start])
            kept = end
    return " ".join([*rest, text[kept:]])


def _addresses(text: str) -> Iterator[Span]:
    """Yield the spans of names beside each other, of which the last tells where the first is.

    A pattern of several runs would take quadratic time: it would try each word of a run of names as the first one.
    """
    start, end, names = 0, 0, 0
    for run in _RUN.finditer(text):
        if names and _BETWEEN_NAMES.fullmatch(text, end, run.start()):
            names += 1
        else:
            if names > 1:
                yield start, end
            is_abbreviated = names == 1 and _AFTER_ABBREVIATION.fullmatch(text, end, run.start()) is not None
            start = end - len(text[start:end].rsplit(maxsplit=1)[-1]) if is_abbreviated else run.start()
            names = 1
        end = run.end()
    if names > 1:
        yield start, end


def _starts_sentence(text: str, start: int) -> bool:
    """Return whether what begins at `start` is the first word of a sentence."""
    at = start
    while at > 0 and (text[at - 1].isspace() or text[at - 1] in _BEFORE_SENTENCE):
        at -= 1
        if text[at] in _SENTENCE_MARKS:
            return True
    return at == 0 or text[at - 1] in _SENTENCE_MARKS


def _may_have_person(text: str, question: str, language: str | None) -> bool:
    words = _WORD.findall(_LABEL.sub("", _without_addresses(text, question)))
    is_german = primary_language(language) == "de"
    nouns = [word for word in words if word[0].isupper()] if is_german else words[:3]
    if any(len(word) > 2 and not _is_in(word, question) for word in nouns):
        return True
    return any(
        not _is_in(match.group(), question) for match in _ANY_PERSON.finditer(_without_addresses(text, question))
    )


def _may_have_place(text: str, question: str) -> bool:
    return any(match[1] is None or not _is_in(match[1], question) for match in _AT_A_PLACE.finditer(text))


def _is_in(words: str, question: str) -> bool:
    """Return whether all words are in a question, in some form, or mean nothing by themselves."""
    asked = _WORD.findall(question)
    return all(
        word.casefold() in FUNCTION_WORDS or any(_is_same(word, other) for other in asked)
        for word in _WORD.findall(words)
    )


def _is_same(word: str, other: str) -> bool:
    """Return whether two words are equal, or begin with the same letters: "Defensora" and "Defensor"."""
    first, second = without_accents(word.casefold()), without_accents(other.casefold())
    return first == second or (
        min(len(first), len(second)) >= _SAME_BEGINNING and first[:_SAME_BEGINNING] == second[:_SAME_BEGINNING]
    )
