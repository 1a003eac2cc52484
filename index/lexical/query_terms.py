"""Determine the terms of a question and their weights, the inverse document frequencies.

A word is searched in the form that the corpus writes: "Vietnam" as "Viet Nam", "data base" as "database", "piarcy" as
"piracy". The corpus decides, so no list of words is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from corpus.metadata.language import detect_language, has_word_list, is_listed
from corpus.metadata.years import numbers_like_years
from index.lexical import analysis
from index.lexical.bm25 import idf

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
"""Maps terms to the number of passages that contain each; 0 for an unknown term."""

Adjacent = Callable[[str, str], int]
"""Counts the passages in which the second term directly follows the first."""

MAX_CONTAINING = 2000
"""Maximum passages with a term that are read to see which term follows it; pairs of more frequent terms are ignored."""

_NUMBER_BOOST = 2.0
"""Factor of the weight of a number that a question asks about: "resolution 1973" is about no other resolution."""

_SPELLINGS = tuple(
    (re.compile(pattern), form) for pattern, form in (("our", "or"), ("z", "s"), ("ll", "l"), ("ae|oe", "e"))
)
"""Parts of words that two spellings have in turn: labour and labor."""

_QUESTION_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "de": "wer wen wem wessen was welche welcher welches welchen welchem wo wohin woher wann warum weshalb wieso"
        " wie viel viele wurde wurden gab gibt",
        "nl": "wie wat welk welke waar wanneer waarom hoe hoeveel werd werden er",
        "fr": "qui que quoi quel quelle quels quelles quand comment pourquoi combien où",
        "es": "quién quiénes qué cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo hubo",
        "it": "chi che cosa quale quali quando quanto quanta quanti quante dove come perché",
        "pt": "quem que qual quais quando quanto quanta quantos quantas onde como porquê houve",
        "sv": "vem vad vilken vilket vilka när var varför hur många mycket blev",
        "da": "hvem hvad hvilken hvilket hvilke hvornår hvor hvorfor hvordan mange meget blev",
        "no": "hvem hva hvilken hvilket hvilke når hvor hvorfor hvordan mange mye ble",
        "pl": "kto kogo co który która które kiedy gdzie dlaczego ile ilu jak",
    }.items()
}
"""Words of questions rather than of their subject, which tell their language, and are no terms. The English ones are
stop words in documents, too."""

_ASKING_SIGNS = frozenset("何誰")
"""Characters of Japanese question words; terms with one count only where the corpus has them."""

_AGENT = re.compile(
    r"\bwho\s+(?:(?:now|currently|also|first|has|had|will|would|can|could|may|usually|then)\s+)*"
    r"(?P<verb>[a-z]{4,}?)(?:e?s|ed|d)?\s",
    re.IGNORECASE,
)
"""Asks for the one who does something: "Who audits the accounts?"."""

_AGENT_ENDINGS = ("or", "er")

_TOKEN = re.compile(r"\w+")
_HYPHEN = frozenset("-\u2010\u2011\u00ad'’")


def closest_corpus_language(text: str, languages: Sequence[str]) -> str:
    """Return the language in which most of a text's words are stop words; the first (most common) if none is ahead."""
    if len(languages) == 1:
        return languages[0]
    tokens = _TOKEN.findall(text)
    return max(languages, key=lambda language: sum(_is_frequent(token, language) for token in tokens), default="en")


@lru_cache(maxsize=1 << 10)
def question_languages(text: str) -> tuple[str, ...]:
    """Return the language of a question; also Japanese after Chinese, which looks alike without kana; () if unclear."""
    by_letters = detect_language(text)
    if by_letters == "zh":
        return "zh", "ja"
    language = by_letters if by_letters in ("ja", "ko") else language_by_stop_words(text) or by_letters
    return () if language is None else (language,)


def language_by_stop_words(text: str) -> str | None:
    """Return the language in which most of a text's words are stop words, at least two; None if none is ahead."""
    tokens = _TOKEN.findall(text)
    counts = sorted(
        (sum(_is_frequent(token, language) for token in tokens), language) for language in analysis.STOP_WORDS
    )
    return counts[-1][1] if counts[-1][0] > max(counts[-2][0], 1) else None


@lru_cache(maxsize=1 << 14)
def _token_terms(token: str, language: str) -> tuple[str, ...]:
    """Return the terms of one word; cached, since questions share most words and every language analyses each."""
    return tuple(analysis.terms(token, language))


def _is_frequent(token: str, language: str) -> bool:
    """Return whether a word is a stop word of a language, or one of its questions."""
    return token.casefold() in _QUESTION_WORDS.get(language, ()) or not _token_terms(token, language)


def weigh(
    text: str, languages: Sequence[str], frequencies: Frequencies, passages: int, adjacent: Adjacent = lambda *_: 0
) -> dict[str, dict[str, float]]:
    """Return the distinct terms of a question with their idf, for the documents of each language.

    Stop words of the question's own language are left out in every language. A word that the corpus does not contain is
    replaced by two words if the corpus has it split in two, or else by the most frequent word that is one edit away: a
    known word with a capital only by another spelling of it, since Iceland is not Ireland. If there is neither, it
    keeps the weight of a term that is in no passage.

    Args:
        text: The question.
        languages: Languages of the corpus, the most common first.
        frequencies: Looks up in how many passages terms occur.
        passages: Number of passages.
        adjacent: Counts the passages with two terms in a row.

    Returns:
        By language, the question's own first: term to idf, in the order of the text.
    """
    language = closest_corpus_language(text, languages)
    tokens = [token for token in dict.fromkeys(_TOKEN.findall(text)) if not _is_frequent(token, language)]
    by_language = {
        code: [term for token in tokens for term in _token_terms(token, code)] for code in (language, *languages)
    }
    joined = _joined_words(text, language)
    wanted = [term for terms in by_language.values() for term in terms] + [term for _, term in joined]
    counts = dict(frequencies(list(dict.fromkeys(wanted))))
    replacements = _joined_in_corpus(joined, counts, adjacent)
    unknown = [term for term in by_language[language] if not counts[term] and term not in replacements]
    splits = {
        token: _splits(token, language)
        for token in tokens
        if any(term in unknown for term in _token_terms(token, language))
    }
    edits = {term: analysis.near_words(term) for term in unknown}
    counts |= frequencies([term for terms in (*chain(*splits.values()), *edits.values()) for term in terms])
    edits = {term: [near for near in edits[term] if counts[near]] for term in unknown}
    edits |= {
        term: [near for near in edits[term] if _one_spelling(near) == _one_spelling(term)]
        for token in tokens
        for term in _token_terms(token, language)
        if edits.get(term) and token.istitle() and _is_word(token, language)  # the list is read for names alone
    }
    replacements = _corrected(edits, counts) | replacements | _split_in_corpus(splits, language, counts, adjacent)
    by_language[language] = [
        replacement for term in by_language[language] for replacement in replacements.get(term, [term])
    ]
    agents = _agents(text) if language == "en" else []
    agent_counts = frequencies(agents) if agents else {}
    counts |= agent_counts
    by_language[language] += [term for term in agents if agent_counts[term]]
    return {
        code: {
            term: idf(passages, counts[term])
            for term in dict.fromkeys(terms)
            if counts[term] or _ASKING_SIGNS.isdisjoint(term)
        }
        for code, terms in by_language.items()
    }


def _agents(text: str) -> list[str]:
    """Return the terms of who does what an English question asks about: "auditor" for "Who audits the accounts?"."""
    match = _AGENT.search(text)
    if match is None:
        return []
    of_verb = _token_terms(match["verb"], "en")
    agents = [term for ending in _AGENT_ENDINGS for term in _token_terms(f"{match['verb']}{ending}", "en")]
    return [term for term in dict.fromkeys(agents) if term not in of_verb]


def _is_word(token: str, language: str) -> bool:
    """Return whether the word list of a language has a token; False for a language without a list."""
    return has_word_list(language) and is_listed(token, language)


def _one_spelling(term: str) -> str:
    """Return the form that British and American spellings have in common."""
    for pattern, form in _SPELLINGS:
        term = pattern.sub(form, term)
    return term


def _joined_in_corpus(
    joined: Sequence[tuple[Sequence[str], str]], counts: Mapping[str, int], adjacent: Adjacent
) -> dict[str, list[str]]:
    """Return the parts of two words that the corpus writes as one at least as often, each with its replacements."""
    replacements: dict[str, list[str]] = {}
    for parts, term in joined:
        if counts[term] and (count_apart := _count_adjacent(parts, counts, adjacent)) <= counts[term]:
            replacements |= {part: [*([part] if count_apart else []), term] for part in parts}
    return replacements


def _split_in_corpus(
    splits: Mapping[str, Sequence[tuple[str, str]]], language: str, counts: Mapping[str, int], adjacent: Adjacent
) -> dict[str, list[str]]:
    """Return the terms of words that the corpus writes as two, with the pair that it has most often."""
    replacements: dict[str, list[str]] = {}
    for token, pairs in splits.items():
        ranked = sorted((-_count_adjacent(pair, counts, adjacent), pair) for pair in pairs)
        if ranked and ranked[0][0]:
            replacements[_token_terms(token, language)[0]] = list(ranked[0][1])
    return replacements


def _corrected(edits: Mapping[str, Collection[str]], counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Return for each unknown term the most frequent term of the corpus that is one edit away.

    `edits` has only terms of the corpus.
    """
    return {term: [max(near, key=lambda edit: (counts[edit], edit))] for term, near in edits.items() if near}


def identifier_numbers(text: str) -> frozenset[str]:
    """Return the terms of a question that look like years but number something: "1973" of "resolution 1973"."""
    years, numbering = numbers_like_years(text)
    return frozenset(numbering.keys() - years.keys())


def boost_numbers(weights: Mapping[str, float], numbers: Collection[str]) -> Mapping[str, float]:
    """Return the weights of the terms with those of numbers asked about multiplied."""
    return {term: weight * (_NUMBER_BOOST if term in numbers else 1) for term, weight in weights.items()}


def drop_year_mentions(terms: Sequence[str], text: str, numbers: Collection[str]) -> Sequence[str]:
    """Return the terms of a text without the years that only look like one of the numbers asked about.

    The terms can be those of title and headings, too, whose text is not at hand: a number counts only where the text
    itself has it.
    """
    if not any(number in terms for number in numbers):
        return terms
    _, numbering = numbers_like_years(text)
    return [term for term in terms if term not in numbers or term in numbering]


def _joined_words(text: str, language: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the terms of each two words in a row ("Viet Nam", "co-operation") with the term of both in one word."""
    joined: list[tuple[tuple[str, ...], str]] = []
    for first, second in pairwise(_TOKEN.finditer(text)):
        gap = text[first.end() : second.start()]
        parts = (*_token_terms(first[0], language), *_token_terms(second[0], language))
        whole = _token_terms(first[0] + second[0], language)
        if len(whole) == 1 and (gap in _HYPHEN or (gap == " " and len(parts) == 2)):
            joined.append((parts, whole[0]))
    return joined


def _splits(word: str, language: str) -> list[tuple[str, str]]:
    """Return the pairs of terms that a word has if it is written as two words; of stop words there are none."""
    halves = [(word[:place], word[place:]) for place in range(1, len(word) - 2)] if word.isalpha() else []
    pairs = [(_token_terms(left, language), _token_terms(right, language)) for left, right in halves]
    return [(left[0], right[0]) for left, right in pairs if len(left) == len(right) == 1]


def _count_adjacent(parts: Sequence[str], counts: Mapping[str, int], adjacent: Adjacent) -> int:
    if len(parts) != 2 or not 0 < min(counts[part] for part in parts) <= MAX_CONTAINING:
        return 0
    return adjacent(parts[0], parts[1])
