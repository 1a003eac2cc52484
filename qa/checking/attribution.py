"""Recognise that a sentence attributes a statement to any source: "according to", "laut", a source in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.vocabulary import YEAR

_KIND = rf"(?:{PUBLICATION_KIND.pattern})"
_BY_LANGUAGE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\baccording\s+to\s+(?!plan\b|age\b|size\b|law\b|schedule\b|need\b|whether\b|how\b)"
        r"|\bas\s+(?:reported|stated|given|published)\s+(?:by|in)\b"
        rf"|{_KIND}(?:[^.;:!?]|\bno\.){{0,60}}\s(?:reports|reported|states|stated|says|said|records|recorded|shows|showed)\s+that\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b[Ll]aut\s+(?:de[mrns]\b|eine[mrs]\b|[A-ZÄÖÜ])|\b[Gg]emäß\s+(?:de[mr]\s+)?(?:\w+\s+)?\w*(?:bericht|statistik|buch)"
        r"|\b[Nn]ach\s+Angaben\b|\bzufolge\b|(?:[Bb]ericht|[Ss]tatistik|buch)\b[^.;:!?]{0,60}\bheißt\s+es\b"
    ),
    "fr": re.compile(r"\bselon\s+(?!que\b|les?\s+cas\b)|\bd['’]après\s", re.IGNORECASE),
    "es": re.compile(r"\bsegún\s|\bde\s+acuerdo\s+con\s", re.IGNORECASE),
    "it": re.compile(
        r"\bsecondo\s+(?:il|lo|la|i|gli|le|l['’]|un['’a]?|[A-Z]\w+)|\bstando\s+(?:a|al|alla|ai|agli|alle)\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(r"\bsegundo\s+[oa]s?\s|\bde\s+acordo\s+com\s", re.IGNORECASE),
    "ja": re.compile(r"によると|によれば"),
    "zh": re.compile(r"(?:根据|據|据)《?[^，。]{2,40}(?:报告?|統計|统计|年鉴|白皮书|数据)|》\s*(?:指出|显示|称|载)"),
}
"""Words that attribute a statement to a source, with the language of the sentence that they tell."""

_LABEL = r"(?:sources?|quellen?|fuentes?|fontes?|fonti|出典|出所|来源|资料来源)\s*[:：]"
_BRACKETS = re.compile(
    rf"[(（\[](?=[^()（）\[\]]{{0,200}}[)）\]])(?:{_LABEL}|[^()（）\[\]]{{0,120}}{_KIND}[^()（）\[\]]{{0,40}}{YEAR}"
    rf"|[^()（）\[\]]{{0,40}}{YEAR}[^()（）\[\]]{{0,40}}{_KIND}"
    r"|[^()（）\[\]]{0,120}[^\W\d_]{3}[^()（）\[\]]{0,40},\s*(?:pp?|S|f|pág|pag)\.\s?\d)",
    re.IGNORECASE,
)
"""A source in brackets: with a label, a kind of publication and a year, or a page."""


def language_of_attribution(text: str, default: str | None) -> str | None:
    """Return the language that the attribution of a sentence tells, or None if it attributes nothing to a source.

    `default` is the language of the draft, for a source in brackets; English if it is unknown.
    """
    language = next((language for language, pattern in _BY_LANGUAGE.items() if pattern.search(text)), None)
    if language is None and _BRACKETS.search(text) is not None:
        return default or "en"
    return language
