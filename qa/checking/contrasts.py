"""Whether a draft says the opposite of what its source says of an equal figure.

The highest for the lowest, before for after, a word for its opposite, all or none for a part, what one of them negates
alone. Words are read in the language of the source; of a draft in another language only negations are compared.
Whether a goal was reached is in `goals`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.clauses import CONTRACTED_NOT, DETERMINER, NEGATIONS, Negations
from corpus.metadata.language import primary_language
from corpus.vocabulary import YEAR
from index.lexical.analysis import roots, terms
from qa.checking.claims import (
    ASIDE,
    CLAUSE_OR_JOINT,
    PART_OF,
    Claim,
    DescribedFigures,
    clause_of,
    stems_of,
    text_before,
)
from qa.checking.table_figures import RANK_WORDS, SUPERLATIVE, rank_of
from qa.confidence.antonyms import has_opposite
from qa.editions.figures.measures import find_measure
from qa.editions.figures.sentence_figures import Figure

_END = r"\s*(?:[,.;:)]|$)"


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a language, as patterns but for the negations."""

    negations: Negations
    highest: str
    lowest: str
    before: str
    after: str
    no_more: str
    """What follows a negation that negates no verb: "not only", "no fewer"."""

    auxiliary: str
    all_: str
    of: str
    """Between "all" or "none" and a number."""

    pronoun: str
    """The beginning of a sentence about the figure of the one before: "It was the lowest number since 2015"."""

    verb_is_last: bool = False
    """Whether a verb comes at the end of its clause."""

    verb_is_first: bool = False
    """Whether a verb follows its negation at once."""

    @property
    def not_(self) -> str:
        """Negations before a verb."""
        return "|".join((*sorted(self.negations.verb), CONTRACTED_NOT))

    @property
    def no(self) -> str:
        """Negations before a noun, whose verb comes later: "none of the objections was upheld"; not "no. 5"."""
        return "|".join(rf"{word}(?![.\d]|\s\d)" for word in sorted(self.negations.noun))


_LANGUAGES: Mapping[str, _Words] = {
    "en": _Words(
        NEGATIONS["en"],
        highest=r"(?:highest|largest|biggest|greatest|longest|best|busiest)(?=\s+(?:number|figure|total|level|value|share|rate|amount|count|result|attended|since|ever|on|in|at|for|so)\b|"
        + _END
        + r")|record\s+high|more\s+than\s+(?:in\s+)?any|\bmost(?=\s+(?:since|ever|on\s+record)\b)",
        lowest=r"(?:lowest|fewest|smallest|shortest|worst|quietest)(?=\s+(?:number|figure|total|level|value|share|rate|amount|count|result|attended|since|ever|on|in|at|for|so)\b|"
        + _END
        + r")|record\s+low|(?:fewer|less)\s+than\s+(?:in\s+)?any|\b(?<!at\s)least(?=\s+(?:since|ever|on\s+record)\b)",
        before=r"before|earlier|ahead",
        after=r"after|later",
        no_more=r"fewer|less|more|later|earlier|only|just|merely|least|doubt|longer|yet",
        auxiliary=r"is|are|was|were|be|been|has|have|had|did|does|do|could|can|will|would",
        all_=r"(?<!\bin\s)all|all(?=\s+(?:of|the)\b)|each|every\s+one|none",
        of=r"of|the|its|their",
        pronoun=r"it|this|that|these",
    ),
    "de": _Words(
        NEGATIONS["de"],
        highest=r"(?:höchst|größt|längst|best)e[nrsm]?(?=\s+(?:Zahl|Wert|Stand|Anteil|Quote|Ergebnis|Summe|Menge|seit|in|im)\b|"
        + _END
        + ")",
        lowest=r"(?:niedrigst|geringst|kleinst|kürzest|schlechtest)e[nrsm]?(?=\s+(?:Zahl|Wert|Stand|Anteil|Quote|Ergebnis|Summe|Menge|seit|in|im)\b|"
        + _END
        + ")",
        before=r"vor|zuvor|davor|früher",
        after=r"nach|danach|später",
        no_more=r"nur|weniger|mehr|später|zuletzt",
        auxiliary=r"wurden?|werden|wird|worden|war(?:en)?|ist|sind|hat(?:ten?)?|haben|konnten?|musste[n]?",
        all_=r"alle[nr]?|sämtliche[nr]?|keine[rs]?",
        of=r"der|von|den",
        pronoun=r"das|dies|es",
        verb_is_last=True,
    ),
    "fr": _Words(
        NEGATIONS["fr"],
        highest=r"plus\s+(?:élevée?s?|haute?s?|fortes?)(?=\s+(?:depuis|en|au|jamais|de\s+tous)\b|" + _END + ")",
        lowest=r"plus\s+(?:bass?e?s?|faibles?)(?=\s+(?:depuis|en|au|jamais|de\s+tous)\b|" + _END + ")",
        before=r"avant|plus\s+tôt|auparavant",
        after=r"après|plus\s+tard",
        no_more=r"seulement|moins|plus",
        auxiliary=r"a|ont|est|sont|été|étai(?:t|ent)|avai(?:t|ent)",
        all_=r"tous|toutes|aucune?",
        of=r"les|des|ses|de",
        pronoun=r"c['’]est|c['’]était|cela|ce",
    ),
    "es": _Words(
        NEGATIONS["es"],
        highest=r"más\s+(?:alt|elevad)\w+(?=\s+(?:desde|en|del?|hasta)\b|"
        + _END
        + r")|mayor\s+(?:número|cifra|cantidad|valor|nivel|tasa)",
        lowest=r"más\s+baj\w+(?=\s+(?:desde|en|del?|hasta)\b|"
        + _END
        + r")|menor\s+(?:número|cifra|cantidad|valor|nivel|tasa)",
        before=r"antes",
        after=r"después|más\s+tarde",
        no_more=r"menos|más|sólo|solo|solamente",
        auxiliary=r"fue(?:ron)?|ha|han|es|son|era[n]?|sido",
        all_=r"tod[oa]s|ningun[oa]",
        of=r"l[oa]s|de",
        pronoun=r"es(?:to|e|a)?|era|fue",
        verb_is_first=True,
    ),
    "it": _Words(
        NEGATIONS["it"],
        highest=r"più\s+(?:alt|elevat)\w+(?=\s+(?:dal|in|del|di)\b|" + _END + r")|maggior(?:e)?\s+(?:numero|valore)",
        lowest=r"più\s+bass\w+(?=\s+(?:dal|in|del|di)\b|" + _END + r")|minor(?:e)?\s+(?:numero|valore)",
        before=r"prima",
        after=r"dopo",
        no_more=r"meno|più|solo|soltanto",
        auxiliary=r"è|sono|era(?:no)?|stat[oaie]|ha|hanno|fu|furono",
        all_=r"tutt[ei]|nessun[oa]?",
        of=r"i|gli|le|dei|degli|delle",
        pronoun=r"è|questo|questa|ciò|fu|era",
        verb_is_first=True,
    ),
    "pt": _Words(
        NEGATIONS["pt"],
        highest=r"mais\s+(?:alt|elevad)\w+(?=\s+(?:desde|em|do|da)\b|" + _END + r")|maior\s+(?:número|valor|cifra)",
        lowest=r"mais\s+baix\w+(?=\s+(?:desde|em|do|da)\b|" + _END + r")|menor\s+(?:número|valor|cifra)",
        before=r"antes",
        after=r"depois|mais\s+tarde",
        no_more=r"menos|mais|só|apenas",
        auxiliary=r"foi|foram|é|são|era[m]?|sido|tem|têm",
        all_=r"tod[oa]s|nenhum[a]?",
        of=r"[oa]s|d[oa]s",
        pronoun=r"é|foi|isso|isto|este|esta",
        verb_is_first=True,
    ),
    "nl": _Words(
        NEGATIONS["nl"],
        highest=r"(?:hoogste|grootste)(?=\s+(?:aantal|cijfer|niveau|sinds|in)\b|" + _END + ")",
        lowest=r"(?:laagste|kleinste)(?=\s+(?:aantal|cijfer|niveau|sinds|in)\b|" + _END + ")",
        before=r"eerder|vóór",
        after=r"later",
        no_more=r"minder|meer|alleen",
        auxiliary=r"werd(?:en)?|is|zijn|was|waren|heeft|hebben|worden",
        all_=r"alle|geen",
        of=r"van|de",
        pronoun=r"dit|dat|het",
        verb_is_last=True,
    ),
}

_AT_END = re.compile(_END)
_LETTER = r"[^\W\d_]"
_MAX_NEGATED = 60
"""Characters after a negation in which the verb that it negates is searched."""


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def says_opposite(figure: Figure, claim: Claim, equal: Figure, stated: DescribedFigures, following: str = "") -> bool:
    """Return whether a claim says the opposite of what the source says of an equal figure.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        equal: The equal figure of the source, in a sentence.
        stated: The figures of the source.
        following: The sentence of the source after that of the equal figure.
    """
    words = _LANGUAGES.get(primary_language(claim.language))
    if words is None or claim.is_translated:
        return False
    own, theirs = claim.figures.text_about(figure), stated.text_about(equal)
    is_about_figure = _pattern(words.pronoun).match(following) is not None
    if following and is_about_figure and not re.search(r"\d", re.sub(rf"\b{YEAR}\b", "", following)):
        theirs = f"{theirs} {following}"
    return (
        _rank(own, words) * _rank(theirs, words) < 0
        or _are_opposite_superlatives(figure, own, theirs, claim.language)
        or _are_other_ranks(figure.sentence.text, equal.sentence.text)
        or has_opposite(own, theirs, claim.language, _COMPARED_ELSEWHERE)
        or has_opposite(clause_of(figure), clause_of(equal), claim.language, _COMPARED_ELSEWHERE)
        or _time_after(figure, words) * _time_after(equal, words) < 0
        or _is_quantified_otherwise(figure, claim, equal, stated, words)
        or (not is_whole(figure, claim) and _is_negated_alone(own, equal.sentence.text, claim.language, words))
    )


_COMPARED_ELSEWHERE = frozenset(
    (
        "increase increased increases decrease decreased decreases rise rose rising fall fell falling more less "
        "fewer most least high higher highest low lower lowest longer longest shorter shortest larger largest "
        "smaller smallest earlier later before after above below raise raised lowered improve improved worsen "
        "worsened begin end began ended start started finish first last all none"
    ).split()
)
"""Words of changes, ranks, times and quantities, which rules of their own compare by what they are said of."""


def _are_opposite_superlatives(figure: Figure, own: str, theirs: str, language: str | None) -> bool:
    """Return whether each text has one superlative, of opposite senses, of the same noun, or one of them of none.

    The fastest has the shortest time, but the greatest growth.
    """
    found = [list(SUPERLATIVE.finditer(text)) for text in (own, theirs)]
    if any(len(each) != 1 for each in found):
        return False
    pair = [each[0] for each in found]
    measure = find_measure(figure.quantity, figure.sentence.text)
    slow = 1 if measure is not None and measure.dimension == "time" else -1
    senses = [{"most": 1, "least": -1, "slowest": slow, "fastest": -slow}.get(each.lastgroup or "", 0) for each in pair]
    if senses[0] * senses[1] >= 0:
        return False
    nouns = [_words_beside(each, language) for each in pair]
    is_without_noun = any(_AT_END.match(each.string, each.end()) is not None for each in pair)
    return is_without_noun or not nouns[0].isdisjoint(nouns[1])


_RANK = re.compile(
    rf"(?<!\w)(?:(?:the\s+)?(?P<ordinal>{RANK_WORDS['en']})[\s-]+)?(?P<english>[a-z]{{3,}}est)(?=\s|[,.])"
    rf"|(?<!\w)(?P<zahl>{RANK_WORDS['de']})?(?P<german>[a-zäöü]{{3,}}ste)[nrsm]?(?!\w)"
    rf"|(?:(?P<nombre>{RANK_WORDS['fr']}|{RANK_WORDS['es']})\s+(?:[^\W\d_]+\s+){{0,2}})?"
    r"(?:l[ea]s?\s+)?(?:plus|más)\s+(?P<romance>(?!de\b|que\b|tard|d['’])[^\W\d_]{4,})",
    re.IGNORECASE,
)
"""A superlative with its rank: "third warmest", "zweithöchste", "la troisième année la plus chaude"."""


def _are_other_ranks(own: str, theirs: str) -> bool:
    """Return whether two texts have the same superlative with different ranks: "the warmest", "the third warmest"."""
    ranks, others = _ranks_of(own), _ranks_of(theirs)
    return any(ranks[word] != others[word] for word in ranks.keys() & others.keys())


@lru_cache(maxsize=1024)  # of each figure of the same sentence
def _ranks_of(text: str) -> Mapping[str, int]:
    """Return the superlatives that a text has once, each with its rank."""
    found = [
        (
            (match["english"] or match["german"] or match["romance"]).casefold(),
            rank_of(match["ordinal"] or match["zahl"] or match["nombre"]),
        )
        for match in _RANK.finditer(text)
    ]
    counts = Counter(word for word, _ in found)
    return {word: rank for word, rank in found if counts[word] == 1}


def _words_beside(match: re.Match[str], language: str | None) -> frozenset[str]:
    """Return the stems of the two words on either side of a match."""
    before = re.findall(rf"{_LETTER}+", match.string[: match.start()])[-2:]
    after = re.findall(rf"{_LETTER}+", match.string[match.end() :])[:2]
    return stems_of(" ".join([*before, *after]), language)


def is_whole(figure: Figure, claim: Claim) -> bool:
    """Return whether a figure is the whole of a part in a claim: of another part the opposite may be true."""
    part = claim.figures.before(figure)
    text = figure.sentence.text
    return part is not None and PART_OF.fullmatch(text, part.quantity.end, figure.quantity.start) is not None


def _rank(text: str, words: _Words) -> int:
    """Return 1 for a text that calls something the highest, -1 for the lowest, 0 for neither and both."""
    return bool(_pattern(words.highest).search(text)) - bool(_pattern(words.lowest).search(text))


def _time_after(figure: Figure, words: _Words) -> int:
    """Return -1 for "41 minutes before", 1 for "41 minutes after", 0 for other figures."""
    measure = None if figure.sentence.header else find_measure(figure.quantity, figure.sentence.text)
    if measure is None or measure.dimension != "time":
        return 0
    pattern = re.compile(
        rf"\s*{_LETTER}+\s+(?:(?P<before>{words.before})|(?P<after>{words.after}))(?!\w)", re.IGNORECASE
    )
    match = pattern.match(figure.sentence.text, figure.quantity.end)
    return 0 if match is None else -1 if match["before"] else 1


def _is_quantified_otherwise(
    figure: Figure, claim: Claim, equal: Figure, stated: DescribedFigures, words: _Words
) -> bool:
    """Return whether all of a number in a claim are a part of it in the source, or none of it: "all five"."""
    if figure.quantity.kind != "count" or equal.sentence.header:
        return False
    counted = frozenset(terms(equal.quantity.counted, claim.language))
    said = roots(word for word in claim.words_of(figure) - counted if not word.isdigit())
    before = rf"(?:{words.all_})\s+(?:(?:{words.of})\s+){{0,2}}$"
    after = figure.sentence.text[figure.quantity.end : figure.quantity.end + _MAX_NEGATED]
    is_all = re.search(rf"(?<!\w){before}", text_before(figure), re.IGNORECASE) is not None
    if is_all or _pattern(words.all_).search(after) is not None:  # "the twelve were all carried out"
        part = _part_of(equal, stated)
        if part is not None and not part.quantity.same_value(equal.quantity):
            told = frozenset(terms(ASIDE.sub(" ", equal.sentence.text), claim.language)) - counted
            return not said.isdisjoint(roots(told))
        later = next(iter(stated.in_next_sentence(equal)), None)
        if later is not None and later.quantity.kind == "count" and 0 < later.quantity.value < equal.quantity.value:
            own = stated.clause_words(equal)
            return not said.isdisjoint(roots(stated.clause_words(later) - own - counted))
    if _none_of(words).search(text_before(figure)) is not None and _is_said_of_all(equal, words):
        return not said.isdisjoint(roots(stated.terms_about(equal) - counted))
    if _none_of(words).search(text_before(equal)) is None or _is_negated(claim.figures.text_about(figure), words):
        return False
    return not said.isdisjoint(roots(stated.terms_about(equal) - counted))


def _is_said_of_all(figure: Figure, words: _Words) -> bool:
    """Return whether a sentence says something of all of a number: "all 18 were settled", "three, each of which"."""
    every = rf"(?!(?:{words.no}|none)(?!\w))(?:{words.all_})"
    before = rf"(?<!\w){every}\s+(?:(?:{words.of})\s+){{0,2}}$"
    after = figure.sentence.text[figure.quantity.end : figure.quantity.end + _MAX_NEGATED]
    is_before = re.search(before, text_before(figure), re.IGNORECASE) is not None
    return is_before or re.search(rf"[,(]\s+{every}\s+(?:{words.of})", after, re.IGNORECASE) is not None


def is_denied_of_all(figure: Figure, claim: Claim, equal: Figure) -> bool:
    """Return whether a source says "none of the 14", and a claim in another language says something of 14.

    The verbs of two languages cannot be compared, but what is true of none is not told without a negation.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        equal: The equal figure of the source.
    """
    words = _LANGUAGES.get(primary_language(claim.language))
    if words is None or not claim.is_translated or equal.sentence.header:
        return False
    return _none_of(words).search(text_before(equal)) is not None and not _has_any_negation(figure.sentence.text)


@cache
def _none_of(words: _Words) -> re.Pattern[str]:
    """Return the pattern of "none of" before a number."""
    return re.compile(
        rf"(?<!\w)(?:{words.no}|not\s+(?:a\s+single\s+)?one)\s+(?:(?:{words.of})\s+){{0,2}}$", re.IGNORECASE
    )


def _has_any_negation(text: str) -> bool:
    """Return whether a text has a negation of any of the languages."""
    return any(_pattern(f"{each.no}|{each.not_}").search(text) is not None for each in _LANGUAGES.values())


_PART_WITH_NOUN = re.compile(
    rf"(?:\s+[^\W\d_]+){{1,2}}\s+(?:out\s+of|of|von|sur|su|sobre|de|van)(?:\s+{DETERMINER})?\s+", re.IGNORECASE
)
"""Between a part that is named and its whole: "26 tanks of 30", "26 citernes sur 30"."""


def _part_of(whole: Figure, stated: DescribedFigures) -> Figure | None:
    """Return the part of a whole that a source states: 3 in "3 of the 5", 31 in "Of the 88 staff 31 work at night"."""
    before, after = stated.before(whole), stated.after(whole)
    is_part_first = before is not None and (
        PART_OF.fullmatch(whole.sentence.text, before.quantity.end, whole.quantity.start)
        or _PART_WITH_NOUN.fullmatch(whole.sentence.text, before.quantity.end, whole.quantity.start)
    )
    if is_part_first:
        return before
    return after if after is not None and stated.whole_of(after) == whole else None


def _is_negated_alone(own: str, theirs: str, language: str | None, words: _Words) -> bool:
    """Return whether a verb of one text is negated in the other alone."""
    if _is_negated(own, words) == _is_negated(theirs, words):
        return False
    negated, plain = (own, theirs) if _is_negated(own, words) else (theirs, own)
    return not _verbs_only_negated(negated, language, words).isdisjoint(stems_of(plain, language))


@cache
def _negation(words: _Words) -> re.Pattern[str]:
    return _pattern(rf"(?:(?P<no>{words.no})|{words.not_})(?!\s+(?:{words.no_more})(?!\w))")


def _negations(text: str, words: _Words) -> Iterator[re.Match[str]]:
    return _negation(words).finditer(text)


@lru_cache(maxsize=1024)  # of each figure of the same sentence
def _is_negated(text: str, words: _Words) -> bool:
    return next(_negations(text, words), None) is not None


@lru_cache(maxsize=1024)
def _verbs_only_negated(text: str, language: str | None, words: _Words) -> frozenset[str]:
    """Return the stems of the verbs that a text negates; none if it has any of them a second time."""
    verbs = frozenset(_negated_verbs(text, language, words))
    counts = Counter(terms(text, language))
    return verbs if all(counts[verb] == 1 for verb in verbs) else frozenset()


def _negated_verbs(text: str, language: str | None, words: _Words) -> Iterator[str]:
    """Yield the stem of the verb that each negation of a text negates, none where another figure or time follows."""
    auxiliary = _pattern(words.auxiliary)
    for negation in _negations(text, words):
        stop = CLAUSE_OR_JOINT.search(text, negation.end())
        clause_end = stop.start() if stop else len(text)
        digit = re.search(r"\d", text[negation.end() : clause_end])
        if digit is not None and (negation["no"] or not words.verb_is_first):
            continue  # "none had been paid for 2022"
        if digit is not None:  # "no alcanzamos las 5.000"
            clause_end = negation.end() + digit.start()
        start, end = negation.end(), min(clause_end, negation.end() + _MAX_NEGATED)
        auxiliaries = list(auxiliary.finditer(text, start, end))
        if negation["no"]:
            if not auxiliaries:
                continue
            start = auxiliaries[-1].end() if not words.verb_is_last else start
        found = [word for word in re.findall(rf"{_LETTER}{{3,}}", text[start:end]) if not auxiliary.fullmatch(word)]
        stems = [stem for word in found for stem in terms(word, language)]
        if stems:
            yield stems[-1 if words.verb_is_last else 0]
