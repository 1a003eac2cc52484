"""Negations, whose loss turns a quotation into its opposite."""

from __future__ import annotations

import re

NEGATIONS = frozenset(
    "not no never cannot neither nor none without nobody nothing isn't aren't wasn't weren't don't doesn't didn't "
    "won't wouldn't can't couldn't shouldn't hasn't haven't hadn't nicht kein keine keinen keiner keines nie niemals "
    "ohne ne pas jamais sans aucun aucune nunca jamás sin ninguna ningún non mai senza nessuno não sem niet geen nooit "
    "inte aldrig ikke aldri nie не нет никогда без".split()
)
_WIDE_NEGATIONS = re.compile(r"ない|なかっ|ません|ず(?=[、にして])|不|没有|未|않|없")


def negation_change(source: str, quotation: str) -> str:
    """Return "dropped", "added" or "": what a quotation does to the negations of its source."""
    counts = []
    for text in (source, quotation):
        plain = text.replace("’", "'").casefold()
        words = re.findall(r"[^\W\d_]+(?:'t)?", plain)
        counts.append(sum(word in NEGATIONS for word in words) + len(_WIDE_NEGATIONS.findall(plain)))
    return "" if counts[0] == counts[1] else "dropped" if counts[0] > counts[1] else "added"
