"""Pairs of English words with opposite meanings, and the words of a sentence that contradict a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

_PAIRS = """
increase decrease, increased decreased, increases decreases, rise fall, rose fell, rising falling, more less, more
fewer, most least, higher lower, highest lowest, high low, large small, larger smaller, largest smallest, long short,
longer shorter, longest shortest, first last, early late, earlier later, earliest latest, before after, begin end,
began ended, start finish, started ended, start end, start stop, started stopped, continued stopped, continued ended,
open close, opened closed, import export, imports exports, imported exported, north south, northern southern, east
west, eastern western, northeast southwest, northwest southeast, inner outer, inside outside, internal external, win
lose, won lost, victory defeat, gain loss, gained lost, accept reject, accepted rejected, approve reject, approved
rejected, agree disagree, allow prohibit, allowed forbidden, allowed banned, allowed prohibited, permit prohibit,
legal illegal, public private, rich poor, wealthy poor, strong weak, stronger weaker, male female, men women, man
woman, boys girls, young old, younger older, youngest oldest, newest oldest, best worst, better worse, good bad,
positive negative, active passive, upper lower, top bottom, maximum minimum, above below, same different, similar
different, common rare, often rarely, always never, all none, easy difficult, easier harder, simple complex, hot cold,
warm cool, dry wet, light heavy, fast slow, faster slower, major minor, majority minority, support oppose, supported
opposed, success failure, successful unsuccessful, create destroy, created destroyed, build destroy, built destroyed,
buy sell, bought sold, attack defend, enter leave, entered left, join leave, joined left, arrive depart, appear
disappear, include exclude, included excluded, give take, given taken, teacher student, parent child, mother father,
king queen, summer winter, morning evening, domestic foreign, urban rural, ancient modern, natural artificial, direct
indirect, known unknown, popular unpopular, possible impossible, able unable, likely unlikely, safe dangerous, cheap
expensive, thick thin, wide narrow, deep shallow, full empty, true false, right wrong, war peace, friend enemy,
employer employee, producer consumer, receive send, received sent, lend borrow, hire fire, hired fired, encourage
discourage, encouraged discouraged, improve worsen, improved worsened, expand contract, protect harm, upstream
downstream, introduce remove, introduced removed, add remove, added removed, raise lower, raised lowered, love hate,
married divorced, born died, birth death, alive dead, profit loss, revenue expenditure, income expenditure, surplus
deficit, vacant filled, arrivals departures
"""

_WORD = re.compile(r"[a-z]+")


def _opposites() -> Mapping[str, frozenset[str]]:
    opposites: dict[str, set[str]] = defaultdict(set)
    for pair in _PAIRS.split(","):
        first, second = pair.split()
        opposites[first].add(second)
        opposites[second].add(first)
    return {word: frozenset(others) for word, others in opposites.items()}


OPPOSITES = _opposites()
"""The opposites of each word."""


def has_opposite(question: str, sentence: str) -> bool:
    """Return whether a sentence has the opposite of a word of a question instead of that word.

    A question that names both ("simple or complex?") asks which of them it is.

    Args:
        question: A question in English.
        sentence: A sentence in English.
    """
    asked, said = set(_WORD.findall(question.casefold())), set(_WORD.findall(sentence.casefold()))
    return any(
        not said.isdisjoint(opposites) and asked.isdisjoint(opposites)
        for word in asked - said
        if (opposites := OPPOSITES.get(word))
    )
