"""Whether a draft says the opposite of what its source says of an equal figure.

The highest for the lowest, before for after, reached for missed, and what is negated in one of them alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from corpus.clauses import CONJUNCTION, MARK
from corpus.metadata.language import primary_language
from index.lexical.analysis import terms
from qa.checking.claims import PART_OF, Claim, DescribedFigures, text_before
from qa.editions.figures.sentence_figures import Figure

_HIGHEST = re.compile(
    r"\b(?:highest|most|largest|biggest|greatest|longest|best|busiest|record\s+high|more\s+than\s+(?:in\s+)?any|(?:höchst|meist|größt|längst|best)e[nrsm]?"
    r"|plus\s+(?:élevée?s?|haute?s?|grande?s?|longue?s?|fortes?)|(?:más|mais|più)\s+(?:alt|elevad|elevat|grand|long|lung|larg)\w*|mayor(?:es)?|maior(?:es)?"
    r"|maggior[ei]|massim[oaie]|hoogste|meeste|grootste|langste|högsta|flesta|største|højeste|høyeste)\b|最多|最高|最大|最長",
    re.IGNORECASE,
)
_LOWEST = re.compile(
    r"\b(?:lowest|fewest|least|smallest|shortest|worst|quietest|record\s+low|(?:fewer|less)\s+than\s+(?:in\s+)?any|(?:niedrigst|geringst|wenigst|kleinst|kürzest|schlechtest)e[nrsm]?"
    r"|plus\s+(?:bass?e?s?|faibles?|petite?s?|courte?s?)|(?:más|mais|più)\s+(?:baj|baix|bass|pequeñ|pequen|piccol|cort|curt|brev)\w*|menor(?:es)?"
    r"|minor[ei]|minim[oaie]|laagste|minste|kleinste|kortste|lägsta|minsta|laveste|mindste)\b|最少|最低|最小|最短",
    re.IGNORECASE,
)
_BEFORE = (
    r"before|earlier|ahead|vor|zuvor|davor|früher|avant"
    r"|plus\s+tôt|auparavant|antes|prima|voor|eerder|före|før|tidligere"
)
_AFTER = (
    r"after|later|nach|danach|später|après|plus\s+tard|después|más\s+tarde|depois|mais\s+tarde|dopo|na|efter|etter|senere"
    r"|senare"
)
_TIME = re.compile(
    rf"\s*(?:[^\W\d_]+\s+)?(?:(?P<before>{_BEFORE})|(?P<after>{_AFTER}))(?!\w)(?!\s+(?:\d|all\b|allem\b))",
    re.IGNORECASE,
)
"""After a length of time: "41 minutes before the flood"."""

_REACHED = (
    r"reached|met|achieved|attained|exceeded|surpassed|fulfilled|erreicht\w*|erfüllt\w*|übertroffen|atteinte?s?|dépassée?s?|alcanz\w+|cumpli\w+|superad\w+"
    r"|raggiunt\w+|superat\w+|atingi\w+|behaald|gehaald|bereikt|uppnå\w*|nådd?\w*|opnået|達成"
)
_ATTAINED = re.compile(rf"\b(?:{_REACHED})\b|達成", re.IGNORECASE)
_MISSED = re.compile(
    r"\b(?:missed|fell\s+short|short\s+of|verfehlt\w*|manquée?s?|incumplid\w+|no\s+se\s+(?:alcanz|cumpl)\w+|mancat\w+|gemist|missad\w*)\b"
    r"|未達|達成でき|達成しな|下回",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|no(?!\.)|none|neither|cannot|nicht|kein\w*|nie|niemals|pas|jamais|aucune?|ningun[oa]?|ningún|nunca|nessun\w*|nenhum\w*|não|niet|geen"
    r"|nooit|inte|aldrig|ingen|inga|inget|ikke|intet)\b"
    r"(?!\s+(?:fewer|less|more|later|earlier|only|just|merely|least|doubt|longer|nur|weniger|mehr|später|seulement|moins|plus\s+de|sólo|solo|solamente|menos|soltanto|meno"
    r"|più|apenas|alleen|minder|meer|bara|mindre|kun)\b)|n['’]t\b(?!\s+(?:only|just)\b)",
    re.IGNORECASE,
)
_IN_THE = re.compile(r"\bno\b", re.IGNORECASE)
"""Portuguese for "in the", which is "no" elsewhere."""

_OF_NOUN = re.compile(
    r"no|none|neither|kein\w*|aucune?|ningun[oa]?|ningún|nessun\w*|nenhum\w*|geen|ingen|inga|inget|intet", re.IGNORECASE
)
"""A negation before a noun, whose verb comes later: "none of the objections was upheld"."""

_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|did|does|do|could|can|will|would|wurden?|werden|wird|war(?:en)?|ist|sind|hat(?:ten?)?|haben|konnten?|a|ont|est|sont|été"
    r"|étai(?:t|ent)|fue(?:ron)?|ha[ns]?|hanno|è|sono|stat[oaie]|foi|foram|werd(?:en)?|is|zijn|heeft|hebben|blev|blevet|er|var|har)\b",
    re.IGNORECASE,
)
_QUANTIFIED = re.compile(
    r"\b(?:(?<!\bin\s)all|each|every\s+one|none|alle[nr]?|sämtliche[nr]?|keine[rs]?|tous|toutes|aucune?|tod[oa]s|ningun[oa]|tutt[ei]|nessun[oa]|nenhum\w*|geen|inga|ingen)"
    r"(?:\s+(?:of|von|de|van|av|af))?(?:\s+(?:the|its|their|der|les|des|l[oa]s|le|gli|i|dei|os|as))?\s+$",
    re.IGNORECASE,
)
"""Before the number of a whole: "all five", "none of the five"."""

_NONE_OF = re.compile(
    r"\b(?:none|not\s+one|not\s+a\s+single\s+one|keine[rs]?|aucune?|ningun[oa]|ninguno|nessun[oa]|nenhum\w*|geen|inga|ingen)"
    r"\s+(?:(?:of|von|de|des|dei|delle|degli|dos|das|der|van|av|af)\s+)?(?:(?:the|its|their|den|les|los|las)\s+)?$",
    re.IGNORECASE,
)
"""Before a number none of which is meant: "none of the 17 branches"."""

_MIN_STEM = 5
"""Letters by which forms of a verb are the same."""

_MAX_NEGATED = 60
"""Characters after a negation in which the verb that it negates is searched."""

_CLAUSE_END = re.compile(rf"{MARK}|\s{CONJUNCTION}\s", re.IGNORECASE)
_STANDS_FOR = re.compile(
    r"(?:this|that|it|these|das|dies|es|c['’]est|ce(?:la)?|c['’]était|es(?:to|e)?|era|fue|è|questo|isso|isto|foi|dit|dat|het|det|これは)\b|これは",
    re.IGNORECASE,
)
"""The beginning of a sentence about the figure of the one before: "It was the lowest number since 2015"."""


def says_opposite(figure: Figure, claim: Claim, equal: Figure, stated: DescribedFigures, following: str = "") -> bool:
    """Return whether a claim says the opposite of what the source says of an equal figure.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        equal: The equal figure of the source, in a sentence.
        stated: The figures of the source.
        following: The sentence of the source after that of the equal figure.
    """
    own, theirs = claim.figures.text_about(figure), stated.text_about(equal)
    if following and _STANDS_FOR.match(following) and not any(map(str.isdigit, _years_removed(following))):
        theirs = f"{theirs} {following}"
    return (
        _rank(own) * _rank(theirs) < 0
        or _time_after(figure) * _time_after(equal) < 0
        or _attainment(own) * _attainment(theirs) < 0
        or _is_quantified_otherwise(figure, claim, equal, stated)
        or _is_negated_alone(own, equal.sentence.text, claim.language)
    )


def _years_removed(text: str) -> str:
    return re.sub(r"\b(?:1[5-9]|20)\d\d\b", "", text)


def _rank(text: str) -> int:
    """Return 1 for a text that calls something the highest, -1 for the lowest, 0 for neither and both."""
    return (_HIGHEST.search(text) is not None) - (_LOWEST.search(text) is not None)


def _time_after(figure: Figure) -> int:
    """Return -1 for "41 minutes before", 1 for "41 minutes after", 0 for other figures."""
    match = _TIME.match(figure.sentence.text, figure.quantity.end)
    return 0 if match is None else -1 if match["before"] else 1


def _attainment(text: str) -> int:
    """Return 1 for a text about a goal that was reached, -1 for one that was missed, 0 for others."""
    if _MISSED.search(text) is not None:
        return -1
    reached = _ATTAINED.search(text)
    if reached is None:
        return 0
    is_negated = any(
        _CLAUSE_END.search(text, min(negation.end(), reached.start()), max(negation.end(), reached.start())) is None
        for negation in _NEGATION.finditer(text)
    )
    return -1 if is_negated else 1


def _is_quantified_otherwise(figure: Figure, claim: Claim, equal: Figure, stated: DescribedFigures) -> bool:
    """Return whether all of a number in a claim are a part of it in the source, or none of it: "all five"."""
    if _QUANTIFIED.search(text_before(figure)) is not None and figure.quantity.kind == "count":
        part, following = stated.before(equal), stated.after(equal)
        is_of = part is not None and PART_OF.fullmatch(equal.sentence.text, part.quantity.end, equal.quantity.start)
        if part is not None and is_of and not part.quantity.same_value(equal.quantity):
            return True
        if following is not None and stated.whole_of(following) == equal:
            return True
    own = claim.figures.text_about(figure)
    if _NONE_OF.search(text_before(equal)) is None or _NEGATION.search(own) is not None:
        return False
    counted = set(terms(equal.quantity.counted, claim.language))
    said = stated.terms_about(equal) - counted
    return any(
        word[:_MIN_STEM] == other[:_MIN_STEM]
        for word in claim.words_of(figure) - counted
        for other in said
        if not word.isdigit()
    )


def _is_negated_alone(own: str, theirs: str, language: str | None) -> bool:
    """Return whether a verb of one text is negated in the other alone."""
    if primary_language(language) == "pt":
        own, theirs = (_IN_THE.sub(" ", text) for text in (own, theirs))
    if _is_negated(own) == _is_negated(theirs):
        return False
    negated, plain = (own, theirs) if _is_negated(own) else (theirs, own)
    return not _verbs_only_negated(negated, language).isdisjoint(_stems_of(plain, language))


@lru_cache(maxsize=1024)  # of each figure of the same sentence
def _is_negated(text: str) -> bool:
    return _NEGATION.search(text) is not None


@lru_cache(maxsize=1024)
def _stems_of(text: str, language: str | None) -> frozenset[str]:
    return frozenset(terms(text, language))


@lru_cache(maxsize=1024)
def _verbs_only_negated(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of the verbs that a text negates; none if it has any of them a second time."""
    verbs = frozenset(_negated_verbs(text, language))
    counts = Counter(terms(_NEGATION.sub(" ", text), language))
    return verbs if all(counts[verb] == 1 for verb in verbs) else frozenset()


def _negated_verbs(text: str, language: str | None) -> Iterator[str]:
    """Yield the stem of the verb that each negation of a text negates: the last word of a German or Dutch clause."""
    is_last = primary_language(language) in ("de", "nl")
    for negation in _NEGATION.finditer(text):
        stop = _CLAUSE_END.search(text, negation.end())
        end = min(stop.start() if stop else len(text), negation.end() + _MAX_NEGATED)
        if re.search(r"\d", text[negation.end() : stop.start() if stop else len(text)]):
            continue  # of another time or figure: "none had been paid for 2022"
        start = negation.end()
        auxiliaries = list(_AUXILIARY.finditer(text, start, end))
        if _OF_NOUN.fullmatch(negation[0]):
            if not auxiliaries:
                continue
            start = auxiliaries[-1].end()
        words = [word for word in re.findall(r"[^\W\d_]{3,}", text[start:end]) if not _AUXILIARY.fullmatch(word)]
        stems = [stem for word in words for stem in terms(word, language)]
        if stems:
            yield stems[-1 if is_last else 0]
