"""Text to terms, for BM25: one analyser for documents and questions, chosen by language.

tantivy's own tokenizer and Snowball stemmers do the work; scripts without spaces become overlapping pairs of characters
(character bigrams, as Lucene's CJK analyser does), so that a word inside a sentence is found.
"""

from __future__ import annotations

import re
from functools import lru_cache

import tantivy

from index.lexical import spelling

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""Snowball stemmers by ISO 639-1 code; other languages are matched word for word."""

_STOP_WORDS = frozenset({"da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv"})
_LONGEST_TERM = 60

# Words of questions, not of what they ask for. tantivy's list has none of them, since it is made for documents.
_QUESTION_WORDS = {
    "en": "what which who whom whose when where why how did does do has have had was were been being can could would "
    "should shall may might must will its it's their our your his her they them he she we you i me my us am about "
    "from than so some any each many much more most between during s t",
}

_NOTE_MARK = re.compile(r"(?<=[a-z]{4})(?:[0-9]{1,2}|[⁰¹²³⁴-⁹]{1,3})(?!\w)")
"""The number of a note glued to a word, as in "award3": no part of the word."""

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+")


def terms(text: str, language: str | None = "en") -> list[str]:
    """Terms of a text in order, repeated as often as they occur."""
    code = (language or "en").lower().split("-")[0]
    text = _NOTE_MARK.sub("", text)
    if code == "en":
        text = spelling.fold(text)
    if not _WIDE.search(text):
        return _analyser(code).analyze(text)
    found = _analyser(code).analyze(_WIDE.sub(" ", text))
    for run in _WIDE.findall(text):
        found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return found


@lru_cache(maxsize=64)
def _analyser(code: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST_TERM),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
    ):
        builder = builder.filter(step)
    if code in _STOP_WORDS:
        builder = builder.filter(tantivy.Filter.stopword(STEMMERS[code]))
    if code in _QUESTION_WORDS:
        builder = builder.filter(tantivy.Filter.custom_stopword(_QUESTION_WORDS[code].split()))
    if code in STEMMERS:
        builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[code]))
    return builder.build()
