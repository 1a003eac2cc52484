"""Words of courtesy around a question, which say nothing about what is asked: "Please tell me", "could you say"."""

from __future__ import annotations

import re

_ASKS = (
    r"(?=\s*(?:who|whom|whose|what|which|when|where|why|how|whether|if|wer|wen|wem|was|welche\w?|wann|wo|warum|wie|ob|qui"
    r"|que|quoi|quel\w*|quand|où|pourquoi|comment|combien|si|quién\w*|qué|cuál\w*|cuándo|dónde|por\s+qué|cómo|cuánt\w+)\b)"
)
"""A question word follows: "Tell me about piracy" has none, and keeps its words."""

_PLEASE = (
    r"(?:please|kindly|bitte|s['’]il\s+(?:vous|te)\s+pla[iî]t|svp|por\s+favor|per\s+favore|alsjeblieft|alstublieft)"
)
_TELL = (
    r"(?:(?:can|could|would|will)\s+(?:you|anyone|someone)\s+(?:please\s+|kindly\s+)?(?:tell|show|explain\s+to|remind)\s+(?:me|us)"
    r"|(?:can|could|would|will)\s+(?:you|anyone|someone)\s+(?:please\s+|kindly\s+)?(?:say|explain)"
    r"|tell\s+(?:me|us)|let\s+(?:me|us)\s+know|i(?:\s+would|['’]d)\s+(?:like|love)\s+to\s+know|i\s+want\s+to\s+know"
    r"|i(?:\s+am|['’]m|\s+was)\s+wondering|i\s+wonder|do\s+you\s+(?:happen\s+to\s+)?know|may\s+i\s+ask"
    r"|(?:sag|sagen\s+sie|erklär\w*)\s+(?:mir|uns)(?:\s+bitte)?"
    r"|k[aöo]nn(?:st|test|en|ten)\s+(?:du|sie)\s+(?:mir|uns)\s+(?:bitte\s+)?sagen"
    r"|(?:ich|wir)\s+(?:möchten?|würden?\s+gern\w*)\s+wissen"
    r"|(?:pou(?:vez|rriez)[-\s]vous\s+(?:me|nous)\s+dire|dites[-\s]moi|je\s+(?:voudrais|veux|souhaite)\s+savoir)"
    r"|(?:puede|podría)\s+decir(?:me|nos)|díga(?:me|nos)|dime|(?:quiero|quisiera|me\s+gustaría)\s+saber)"
)
_BEFORE = re.compile(
    rf"^(?:(?:{_PLEASE}\b,?\s*)?{_TELL}(?:\s*[:,]\s*|{_ASKS}\s+)|{_PLEASE}\b\s*[,:]?\s+{_ASKS})", re.IGNORECASE
)
_AFTER = re.compile(
    rf"(?<!\bto)\s*[,.?;–-]?\s*(?:(?<!\bto\s)\b(?:{_PLEASE}|thank\s+you|thanks|many\s+thanks|danke|merci|gracias)\b)\s*[.!?]*$"
    r"|(?:について|を)?教えて(?:ください|下さい|いただけますか)?[。?？！]?$",
    re.IGNORECASE,
)


def without_courtesy(question: str) -> str:
    """Return a question without words of courtesy at its beginning and end; unchanged if it has no others."""
    rest = _BEFORE.sub("", question, count=1)
    ending = _AFTER.search(rest)
    if ending is not None:
        rest = rest[: ending.start()] + ("?" if "?" in ending[0] else "")
    if sum(map(str.isalnum, rest)) < 2 or rest == question:
        return question
    return rest[0].upper() + rest[1:] if question[0].isupper() else rest
