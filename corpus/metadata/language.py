"""Detect the language of a text, by its script, else by common words; and read language tags.

The language selects stemmer, stop words and sentence ends, so only languages that differ in these are distinguished.
"""

from __future__ import annotations

import re
from collections import Counter

from corpus.scripts import HAN, HANGUL, KANA

_COMMON_WORDS = {
    "en": "the of and to in is that for with was are this by from which",
    "fr": "le la les des et du est que pour dans une par sur au qui",
    "de": "der die und das den von zu mit ist des auf für nicht eine dem",
    "es": "el los las del que y una por con para es su al como se",
    "it": "il di che della per una sono del con non dei le nel alla gli",
    "pt": "o os da do das dos que uma para com não por em ao pela",
    "nl": "de het een van en dat voor met niet zijn op te aan worden bij",
    "sv": "och att det som en på är av för med till den inte ett om",
    "da": "og at det som en på er af for med til den ikke et om",
    "fi": "ja on ei että se oli joka myös sekä mutta kuin tai ovat sen",
    "no": "og at det som en på er av for med til den ikke et om ble etter",
    "pl": "w i na z do się nie jest oraz że po dla od przez są roku za jak był było",
    "cs": "a v na je se že s z do pro za od byl byla bylo jsou roku které při také",
    "hu": "a az és hogy nem is egy volt meg csak ez már több után között év szerint",
    "ro": "de în și la a pe din cu că nu este pentru care mai ca au fost sunt prin",
    "tr": "ve bir bu için ile olarak daha en olan yılında gibi çok ne kadar sonra de",
    "el": "και το της την του από για με στο στην τα των η ο οι που να είναι",
    "ru": "и в не на что с по как это для из от за его",
    "uk": "і в не на що з по як це для із від за його та",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_SAMPLE_LENGTH = 20_000


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
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    total = sum(words.values())
    votes = sorted(
        ((sum(words[word] for word in common), len(common & words.keys()), code) for code, common in _WORDS.items()),
        reverse=True,
    )  # among equal counts, the language with more different words wins
    if total >= 5 and votes[0][0] >= 0.08 * total and votes[0][:2] > votes[1][:2]:
        return votes[0][2]
    return None


def primary_language(tag: str | None) -> str:
    """Return the language of a tag ("pt" of "pt-BR"); a document without one is read as English."""
    return (tag or "en").lower().split("-")[0]
