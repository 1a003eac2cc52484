"""Question words by what they ask for, as patterns that can be joined: `re.compile(rf"{WHO}|{WHERE}", re.IGNORECASE)`.

Words of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Danish, Norwegian, Swedish, Japanese and
Chinese. `answer_type` recognises the longer phrases that ask for a number, a date or a reason.
"""

from __future__ import annotations

WHO = (
    r"\b(?:who|whom|whose|wer|wem|wen|qui|quién(?:es)?|quem|chi|kto|vem|hvem"
    r"|wie (?:is|was|had|heeft|werd|kreeg))\b|誰|だれ|谁"
)
"""Asks for a person. "Wie" does so in Dutch only, hence the Dutch verbs."""

WHERE = r"\b(?:where|wo|où|dónde|dove|onde|waar|gdzie|hvor(?! (?:mange|meget|mye|lang|stor|høj|høy|ofte)))\b|どこ"
"""Asks for a place. "Hvor mange" asks how many."""

WHICH = (
    r"\b(?:which|what|welche[mnrs]?|quel(?:le)?s?|qué|cuál(?:es)?|quale?|quali|quais|welke?|wat"
    r"|który|która|które|vilke[nt]|vilka|hvilke[nt]?)\b|何|どの|どれ|什么|哪"
)
"""Asks for a thing. Without German "was", which is a verb in English questions."""

WHEN = r"\b(?:when|wann|quand|cuándo|quando|wanneer|kiedy|hvornår)\b|いつ"
WHY = r"\b(?:why|warum|weshalb|wieso|pourquoi|por qué|perché|porquê|waarom|dlaczego|varför|hvorfor)\b|なぜ|どうして"
