"""Words that structure a sentence: its ends, joints between clauses, between a part and its whole; negations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_AFTER_MARK = r"(?=[\s\"'”’»]|$)"
"""After a mark that ends a clause, unlike those of "1,200", "12:30" and "3.5"."""

COMMA = rf"(?:[,;:]{_AFTER_MARK}|[、，；：])"
"""A mark between clauses of a sentence."""

MARK = rf"(?:{COMMA}|[.!?]{_AFTER_MARK}|。)"
"""A mark at the end of a clause or of its sentence."""

SENTENCE_PART_END = re.compile(r"[;:.!?](?=[\s\"'”’»])|[。；：]")
"""The end of a part of a sentence that is complete in itself."""

BREAK = re.compile(r"(?<!\d)[,:](?=\s)|(?<=\d)[,:](?=\s(?!\d{4}\b))|[;()\[\]|•。、；：（）「」]|[–—]|--|[.!?](?=\s|$)")
"""A mark where a reader would pause, also a bracket or a dash, but not the comma of "June 30, 1878"."""

AND = "(?:and|und|et|y|e|en|og|och)"
"""Words between the last two members of a list."""

CONTRAST = (
    r"(?:while|whilst|whereas|während|wohingegen|tandis\s+que|alors\s+que|mentre|mientras(?:\s+que)?|enquanto|terwijl"
    r"|medan|mens)"
)
"""Words between two clauses that are compared: "subsidies fell while donations rose"."""

CLEAR_CONJUNCTION = f"(?:and|but|und|aber|sowie|et|mais|y|pero|{CONTRAST})"
"""Words that join clauses and mean nothing else in another language, as "en" and "e" do."""

CONJUNCTION = f"(?:{CLEAR_CONJUNCTION}|e|ma|en|maar|og|och)"
"""Words that join clauses. Without the Danish and Swedish "men", which follows a comma, and is a noun in English."""

THAN = "(?:than|als|que|che|dan)"
"""Words before what a comparative is compared with: "more than in 2007"."""

INSTEAD_OF = (
    r"(?:instead\s+of|rather\s+than|statt|anstelle\s+von|au\s+lieu\s+de|en\s+lugar\s+de|invece\s+di|in\s+plaats\s+van)"
)
"""Words between what came about and what had been planned."""

OF = r"(?:(?:out\s+)?of|der|des|aller|vo[nm]|d['’]|d[eiu]|del|dei|degli|delle|d[oa]s|van|av|af)"
"""Words between a part and its whole: "71 of 1,172 employees"."""

DETERMINER = "(?:the|its|their|these|our|all|den|de|les|los|las|sus)"
"""Words between `OF` and the amount of the whole: "71 of the 1,172"."""

OF_THEM = (
    r"(?:of\s+(?:them|these|those)|von\s+(?:ihnen|diesen)|d['’]entre\s+(?:eux|elles|ces)|parmi\s+(?:eux|elles|ceux-ci|celles-ci)"
    r"|de\s+(?:ell[oa]s|est[oa]s|entre\s+ell[oa]s)|di\s+(?:essi|esse|loro|quest[ei])|del[ea]s|dest[ea]s"
    r"|hiervan|daarvan|ervan|van\s+hen|z\s+(?:nich|tego)|av\s+(?:dem|dessa|disse|dei)|af\s+(?:dem|disse))"
)
"""Words for the whole beside a part, where it was named before: "52 of them"."""

OF_WHICH = (
    r"(?:of\s+(?:whom|which|these|those|them|this|that)|including|comprising|consisting\s+of|made\s+up\s+of|davon|darunter|dont|von\s+denen"
    r"|de\s+l[oa]s\s+(?:cuales|que)|di\s+cui|d[oa]s\s+quais|waarvan|van\s+wie|varav|därav|hvorav|hvoraf|heraf)"
)
"""Words between a whole and its part: "298 professors, of whom 71 were women"."""


class Negations(NamedTuple):
    """Words of a language that negate a verb ("not"), that negate a noun ("no"), and others ("without")."""

    verb: frozenset[str]
    noun: frozenset[str]
    other: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.verb | self.noun | self.other


NEGATIONS: Mapping[str, Negations] = {
    language: Negations(*(frozenset(words.split()) for words in kinds))
    for language, kinds in {
        "en": ("not never cannot", "no none neither nor", "without nobody nothing"),
        "de": ("nicht nie niemals", "kein keine keinen keinem keiner keines", "ohne"),
        "fr": ("pas jamais", "aucun aucune", "ne sans"),
        "es": ("no nunca jamás", "ningún ninguno ninguna", "sin"),
        "it": ("non", "nessun nessuno nessuna", "mai senza"),
        "pt": ("não nunca", "nenhum nenhuma", "sem"),
        "nl": ("niet nooit", "geen", "zonder"),
        "da": ("ikke aldrig", "ingen", "uden"),
        "no": ("ikke aldri", "ingen", "uten"),
        "sv": ("inte aldrig", "ingen inga", "utan"),
        "pl": ("nie nigdy", "żaden żadna żadne", "bez"),
        "ru": ("не нет никогда", "", "без"),
    }.items()
}

CONTRACTED_NOT = r"\w+n['’]t"
"""Pattern of an English verb with a contracted "not"."""
