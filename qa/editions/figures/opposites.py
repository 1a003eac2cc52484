"""Words that reverse the meaning of a figure: a profit of 356 million is not a loss of 356 million."""

from __future__ import annotations

import re

from corpus.scripts import HAN

_PAIRS = (
    (
        """profit profits surplus surpluses net-income gewinn* überschuss überschüsse bénéfice bénéfices excédent
        excédents beneficio beneficios superávit 黒字 利益""",
        """loss losses deficit deficits shortfall verlust* fehlbetrag defizit* perte pertes déficit déficits pérdidas
        赤字 損失""",
    ),
    (
        """rise rises rose risen rising increas* grow* grew gain gained climb* up higher more gestiegen stieg stiegen
        zunahme zugenommen gewachsen wuchs mehr augment* hausse progress* aument* creci* subió 増加 増え 上昇 上回""",
        """fall falls fell fallen falling decreas* declin* drop drops dropped shrank shrunk reduc* down lower fewer less
        gesunken sank sanken abnahme abgenommen rückgang zurückgegangen weniger baiss* recul* dimin* disminu* descend*
        cayó bajó 減少 減り 低下 下回""",
    ),
    (
        """opened founded joined hired recruited admitted arriv* eröffnet eingestellt ouvert* embauch* abiert*
        contratad* 開設 採用""",
        """closed abolished left dismissed expelled depart* geschlossen entlassen fermé* licenci* cerrad* despedid*
        閉鎖 解雇""",
    ),
    (
        "in-favour in-favor voted-for accepted approved adopted granted dafür angenommen adopté* aprobad* 賛成 可決",
        "voted-against rejected refused denied dagegen abgelehnt rejeté* rechazad* 反対 否決",
    ),
    (
        "import imports imported importe importen importation* importacion* 輸入",
        "export exports exported exporte exporten exportation* exportacion* 輸出",
    ),
)
"""Words for one direction, and for the opposite one; `*` stands for any ending, a hyphen for a blank."""


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of these words; those in Japanese, which has no blanks between words, may be anywhere."""
    forms = [word.replace("*", r"\w*").replace("-", r"\s+") for word in words.split()]
    return re.compile("|".join(form if re.match(f"[{HAN}]", form) else rf"\b{form}\b" for form in forms), re.IGNORECASE)


_OPPOSITES = tuple((_pattern(one), _pattern(opposite)) for one, opposite in _PAIRS)

_CLAUSE_END = re.compile(
    r"[;:.!?。、，](?=\s|$)|,\s|\s[–—-]\s|\b(?:and|but|while|whereas|und|aber|et|mais|y|pero)\b", re.IGNORECASE
)
_BEFORE, _AFTER = re.compile(r"(?:\S+\s+){0,6}\S{0,20}$"), re.compile(r"(?:\s*\S+){0,6}")
"""Words of the clause before and after a figure in which its direction is looked for."""

_MAX_DISTANCE = 200
"""Characters of these words on each side: without a limit, a very long word takes quadratic time."""

Directions = tuple[tuple[bool, bool], ...]
"""For each pair of directions, whether the words around a figure have the one and the opposite one."""


def find_directions(text: str, start: int, end: int) -> Directions:
    """Return the directions of the figure at `[start, end)` of a sentence or table row."""
    clause = _clause(text, start, end)
    return tuple((one.search(clause) is not None, opposite.search(clause) is not None) for one, opposite in _OPPOSITES)


def are_opposite(first: Directions, second: Directions) -> bool:
    """Whether two figures say the opposite of each other: profit and loss, rose and fell."""
    return any({a, b} == {(False, True), (True, False)} for a, b in zip(first, second, strict=True))


def _clause(text: str, start: int, end: int) -> str:
    """Return the words near a figure that belong to its clause."""
    first, last = max(0, start - _MAX_DISTANCE), min(len(text), end + _MAX_DISTANCE)
    begin = max((match.end() for match in _CLAUSE_END.finditer(text, first, start)), default=first)
    before = _BEFORE.search(text, begin, start)
    stop = _CLAUSE_END.search(text, end, last)
    after = _AFTER.match(text, end, stop.start() if stop is not None else last)
    return " ".join(match.group() for match in (before, after) if match is not None)
