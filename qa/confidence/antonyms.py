"""Pairs of words with opposite meanings, and whether a sentence has the opposite of a word of another text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from corpus.metadata.language import primary_language

_PAIRS = """
increase decrease, increased decreased, increases decreases, rise fall, rose fell, rising falling, more less, more
fewer, most least, higher lower, highest lowest, high low, large small, larger smaller, largest smallest, long short,
longer shorter, longest shortest, first last, early late, earlier later, earliest latest, before after, begin end,
began ended, start finish, started ended, start end, start stop, started stopped, continued stopped, continued ended,
open close, opened closed, import export, imports exports, imported exported, north south, northern southern, east
west, eastern western, northeast southwest, northwest southeast, inner outer, inside outside, internal external, win
lose, won lost, victory defeat, gain loss, gained lost, gain lose, accept reject, accepted rejected, approve reject,
approved rejected, agree disagree, allow prohibit, allowed forbidden, allowed banned, allowed prohibited, permit
prohibit, legal illegal, public private, rich poor, wealthy poor, strong weak, stronger weaker, male female, men
women, man woman, boys girls, young old, younger older, youngest oldest, newest oldest, best worst, better worse, good
bad, positive negative, active passive, upper lower, top bottom, maximum minimum, above below, same different, similar
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
_HYPHENATED = re.compile(r"\b(non(?=[\s-])|un(?=-))[\s-]+(?=[a-z])")
_DENIAL = re.compile(r"\b(?:not|never|no|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
"""What makes a negated word and the word without its prefix mean the same: "not equal", "unequal"."""

_NEGATED = re.compile(r"(?:un|in|im|il|ir|dis|non)(?P<word>[a-z]{4,})")
"""A word with a prefix that may negate it; shorter words have it by chance: "unit"."""

_NOT_NEGATED = re.compile(
    r"in(?:born|cite|com[ei]|creas|deed|door|fam|flam|flow|form(?!al)|habit|land|lay|mate|put|quest|scrib|sect|side|sight"
    r"|spect|spir|stall|stance|stead|sure|take|ten[dst]|tuiti|vad|vent|vest|voic|volv)"
    r"|im(?:ag|mers|migra|pact|part(?!ial)|pend|plant|plor|port|pos|pound|press|print|prison|prov|puls)"
    r"|dis(?:cern|charg|count|cours|cover|cuss|eas|guis|gust|patch|pens|play|pos|sect|solv|till|tinct|tract|tress|tribut)"
    r"|un(?:ion|it|less|til|iver|der)|non(?:sens|stop)"
)
"""The beginnings of words that only begin like a negated word: "discover" is no opposite of "cover"."""


def _opposites() -> Mapping[str, frozenset[str]]:
    opposites: dict[str, set[str]] = defaultdict(set)
    for pair in _PAIRS.split(","):
        first, second = pair.split()
        opposites[first].add(second)
        opposites[second].add(first)
    return {word: frozenset(others) for word, others in opposites.items()}


OPPOSITES = _opposites()
"""The opposites of each word."""


_PATTERNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "de": (
        (
            r"angenommen|gebilligt|zugestimmt|genehmigt|bewilligt|nahm\w*\b.*\ban|stimmte\w*\b.*\bzu|billigte\w*",
            r"abgelehnt|verworfen|abgewiesen|lehnte\w*\b.*\bab|wies\w*\b.*\bab",
        ),
        ("gewann|gewonnen|gewinnen|zugewann", "verlor|verloren|verlieren|einbüßte"),
        ("kaufte|kauften|gekauft|erwarb", "verkaufte|verkauften|verkauft|veräußert"),
        ("eröffnet|eröffnete|öffnete|geöffnet", "geschlossen|schloss|schlossen"),
        ("eingestellt|einstellte", "entlassen|entließ"),
        ("Männer|männlich|Jungen", "Frauen|weiblich|Mädchen"),
        ("Einfuhren?|Importe?|eingeführt|importiert", "Ausfuhren?|Exporte?|ausgeführt|exportiert"),
        ("Gewinn|Überschuss", "Verlust|Defizit|Fehlbetrag"),
        ("Einnahmen|Erlöse|Erträge", "Ausgaben|Aufwendungen"),
        ("stattgegeben", "abgewiesen|zurückgewiesen"),
        (r"nördlich\w*", r"südlich\w*"),
        (r"östlich\w*", r"westlich\w*"),
        (r"innere\w*", r"äußere\w*"),
        (r"öffentlich\w*", r"privat\w*"),
        (r"ländlich\w*", r"städtisch\w*"),
        (r"jünger\w*", r"älter\w*"),
    ),
    "fr": (
        (
            r"acceptée?s?|adoptée?s?|approuvée?s?|accordée?s?|a\s+adopté|a\s+accepté",
            r"rejetée?s?|refusée?s?|repoussée?s?|a\s+rejeté|a\s+refusé",
        ),
        ("gagnée?s?", "perdue?s?"),
        (r"rejoi\w+|adhér\w+", r"quitt\w+"),
        ("achetée?s?", "vendue?s?"),
        (r"ouvert\w*", "fermée?s?"),
        ("embauchée?s?|recrutée?s?", "licenciée?s?"),
        (r"hommes|garçons|masculin\w*", r"femmes|filles|féminin\w*"),
        ("importations?|importée?s?", "exportations?|exportée?s?"),
        ("recettes", "dépenses"),
        ("excédent|bénéfice", "déficit|perte"),
        ("prêtée?s?", "empruntée?s?"),
        ("privée?s?", "publics?|publiques?"),
    ),
    "es": (
        (r"acept\w+|aprob\w+|concedi\w+", r"rechaz\w+|deneg\w+"),
        ("ganó|ganaron|ganado", "perdió|perdieron|perdido"),
        (r"compr(?:ó|aron|ad\w+)", r"vend\w+"),
        (r"abr(?:ió|ieron)|abiert\w+|inaugurad\w+", r"cerr(?:ó|aron|ad\w+)"),
        (r"contratad\w+", r"despedid\w+"),
        ("hombres|varones|niños", "mujeres|niñas"),
        (r"importaciones|importad\w+", r"exportaciones|exportad\w+"),
        ("ingresos", "gastos"),
        ("superávit|beneficios?", "déficit|pérdidas?"),
        (r"prestad\w+|prestó", r"tomad\w+\s+en\s+préstamo"),
        (r"públic\w+", r"privad\w+"),
    ),
    "it": (
        (r"approvat\w+|accolt\w+|accettat\w+", r"respint\w+|rifiutat\w+|bocciat\w+"),
        (r"vint\w+|guadagnat\w+", "pers[oaie]"),
        (r"acquistat\w+", r"vendut\w+"),
        (r"apert\w+", r"chius\w+"),
        ("uomini", "donne"),
        ("importazioni", "esportazioni"),
        ("entrate", "uscite|spese"),
        ("avanzo|utile", "disavanzo|perdita"),
    ),
    "nl": (
        ("aangenomen|goedgekeurd|toegewezen", "verworpen|afgewezen"),
        ("gewonnen|won", "verloren|verloor"),
        ("gekocht|kocht", "verkocht"),
        ("geopend", "gesloten"),
        ("mannen", "vrouwen"),
        ("invoer|import", "uitvoer|export"),
        ("winst|overschot", "verlies|tekort"),
        ("inkomsten", "uitgaven"),
    ),
}
"""Words of other languages, as patterns, beside those with the opposite meaning."""


@lru_cache(maxsize=1024)  # of each figure of the same clause
def has_opposite(text: str, sentence: str, language: str | None = "en", ignored: frozenset[str] = frozenset()) -> bool:
    """Return whether a sentence has the opposite of a word of a text instead of that word.

    A question that names both ("simple or complex?") asks which of them it is. A word with a negating prefix is the
    opposite of the word without it, as "unsolved" of "solved", unless one of the texts has a "not".

    Args:
        text: A question, or a clause of a draft.
        sentence: A sentence of a source.
        language: Language of both.
        ignored: English words that are not compared.
    """
    spoken = primary_language(language)
    if spoken != "en":
        return any(_are_exchanged(*pair, text, sentence) for pair in _PATTERNS.get(spoken or "", ()))
    asked, said = _words(text), _words(sentence)
    if any(
        not said.isdisjoint(opposites) and asked.isdisjoint(opposites)
        for word in asked - said - ignored
        if (opposites := OPPOSITES.get(word))
    ):
        return True
    is_negated = not (_without_prefix(asked - said, asked).isdisjoint(said))
    is_negated |= not (_without_prefix(said - asked, said).isdisjoint(asked))
    return is_negated and _DENIAL.search(f"{text} {sentence}") is None


def _are_exchanged(first: str, second: str, text: str, sentence: str) -> bool:
    """Return whether a text has words of one pattern alone, and a sentence those of the other alone."""
    (a, b), (c, d) = (
        [re.search(rf"(?<!\w)(?:{side})(?!\w)", each, re.IGNORECASE) is not None for side in (first, second)]
        for each in (text, sentence)
    )
    return a != b and c != d and a == d


def _words(text: str) -> set[str]:
    """Return the words of a text in small letters, "non-zero" and "un-elected" as one word each."""
    return set(_WORD.findall(_HYPHENATED.sub(r"\1", text.casefold())))


def _without_prefix(words: Iterable[str], beside: Collection[str]) -> set[str]:
    """Return the words that some words negate by a prefix, but for those that are beside them in their text."""
    negated = (match for word in words if (match := _NEGATED.fullmatch(word)) and not _NOT_NEGATED.match(word))
    return {match["word"] for match in negated} - set(beside)
