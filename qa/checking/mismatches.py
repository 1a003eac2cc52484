"""Rules that tell that an equal figure of a source is of another thing than that of a draft.

Each rule returns the figure of the source that shows it: that of the part or the whole, of another name, row, column,
list item or verb, what came about instead of what was planned, or an equal figure of which the source says otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from corpus.clauses import CONJUNCTION
from corpus.metadata.language import primary_language
from corpus.metadata.years import written_years
from corpus.translation import gettext_noop
from corpus.vocabulary import YEAR
from index.lexical.analysis import FUNCTION_WORDS, sentence_terms, terms
from qa.checking.claims import (
    CAPITALISED_NAME,
    COMPLETE_CLAUSE,
    DAY,
    PART_OF,
    Claim,
    DescribedFigures,
    caption_terms,
    clause_of,
    clause_span,
    column_of,
    find_names,
    head_terms,
    is_earlier,
    is_part,
    is_respective,
    label_of,
    label_terms,
    lead_of,
    names_day,
    sentence_terms_of,
    stems_of,
)
from qa.checking.contrasts import is_whole, says_opposite
from qa.checking.figure_relations import (
    DISTINCTIVE,
    change_of,
    contradicts_earlier_level,
    end_of_change,
    have_same_unit,
    holds,
    holds_in_scale,
    is_called_loss,
    is_called_planned,
    is_expected,
    is_planned,
    is_told_as_result,
    is_total,
    significant_digits,
    tells_result,
    told_direction,
)
from qa.checking.goals import is_goal, is_goal_told_otherwise, mentions_goal
from qa.checking.table_figures import IN_ALL, not_extreme
from qa.editions.figures.changes import BEFORE_AMOUNT, REACH, begins_change
from qa.editions.figures.number_words import PERIOD_WORDS
from qa.editions.figures.sentence_figures import Figure

_SAME_SUBJECT = 0.3
"""A source sentence this similar to the draft's is about the same subject, so that an equal figure is the one meant."""


_SAME_SUBJECT_TRANSLATED = 0.15
"""So is one of another language: sentences of two languages are less similar."""


_SAME_FIGURE = 0.2
"""Similarity of a sentence of which an equal figure with `DISTINCTIVE` digits is the one meant if both have a word in
common; with more digits also without: "the staff was 7,150"."""


_MIN_SAID_WORDS, _MIN_SAID_SHARE = 2, 0.6
"""Minimum number and share of the claim's words about its figure in the sentence of another that is meant."""


_MORE_SAID = 3
"""That sentence has this many times as many of these words as the sentences of equal figures."""


_NEARER = 0.08
"""Its similarity to the claim is greater than theirs by this."""


_MIN_TELLING = 4
"""Letters of a stem that may tell what a figure is of: shorter ones are often prepositions."""


_MIN_PREFIX, _PREFIX_SHARE = 5, 0.8
"""Letters, and share of the shorter one's, with which two stems of a verb begin."""


_MAX_EXCHANGED = 12
"""Figures of a sentence, at most, that are compared two by two. More are a list, each item with a name of its own."""


_SUM_TOLERANCE = 1e-6
"""Difference by floating-point noise."""


_MIN_ITEMS = 3
"""Figures of a sentence that are an enumeration."""


_AVERAGE = re.compile(
    r"\b(?:average[sd]?|mean|median|durchschnitt\w*|mittel(?:wert)?|moyenne|media(?:na)?|promedio|gemiddeld\w*|genomsnitt\w*"
    r"|gennemsnit\w*|média)\b|平均",
    re.IGNORECASE,
)
"""Words for an average."""


_MIN_LABEL_SHARE = 0.5
"""Share of the words of the label of a row that names it."""


_ACTUAL = re.compile(
    r"\b(?:actuals?|outturns?|results?|achieved|ist|istwert|réalisés?|réel|real(?:es)?|resultados?|consuntivo|effettiv[oi]"
    r"|realisatie|werkelijk)\b|実績|结果|实际",
    re.IGNORECASE,
)
"""The head of a column with what came about, beside a plan."""


_IN_TOTAL = frozenset("total totals altogether overall insgesamt gesamt ensemble totale totaal sammanlagt alt".split())
"""Words for a total."""


_OF_AMOUNTS = frozenset(
    "fiel came come went go gone made make account amount includ total entfiel entfall kam kamen ging gingen betrug"
    " beliefen correspond provenai provien prov vien spett".split()
)
"""Stems of verbs that stand beside any amount."""


_PRONOUNS = frozenset("those that these this one ones others jene jener ceux celles quelli quelle".split())
"""Words that stand for what is counted, and tell nothing of it."""


OPPOSITE = gettext_noop("the source says the opposite")
ANOTHER_FIGURE = gettext_noop("the source has another figure for it")
"""Reasons why a figure differs that are asked for elsewhere."""


def figures_of_other_things(
    figure: Figure, claim: Claim, same: Sequence[Figure], source: SourceFigures
) -> Iterator[tuple[str, Figure | None]]:
    """Yield what the source states of the thing that the claim names, if its equal figures are of other things.

    Each rule yields its reason and the figure that shows it, None where the rule finds nothing.
    """
    stated = source.stated
    yield OPPOSITE, _told_oppositely(figure, claim, same, source)
    yield (
        gettext_noop("the source tells otherwise whether the goal was reached"),
        _goal_told_otherwise(figure, claim, same, source),
    )
    yield gettext_noop("the source has it of a part"), _whole_of_part(figure, claim, same, stated)
    yield gettext_noop("the source has it of the whole"), _part_of_whole(figure, claim, same, source)
    yield gettext_noop("the source has it for other limits"), _within_other_limits(figure, claim, same, stated)
    of_another = gettext_noop("the source has it of something else")
    yield of_another, _said_of_another(figure, claim, same, stated)
    yield of_another, _with_verb_of_another(figure, claim, same, stated)
    yield of_another, _of_another_item(figure, claim, same, stated)
    yield of_another, _of_another_subject(claim, same, stated)
    yield gettext_noop("the source's average is another one"), _average_instead(figure, same, source)
    yield gettext_noop("two figures are exchanged"), _exchanged(figure, claim, same, stated)
    yield gettext_noop("it is in another row of the table"), _in_named_row(figure, claim, same, stated)
    yield gettext_noop("it is in another column of the table"), _in_named_column(figure, claim, same, stated)
    yield gettext_noop("the source has it of a part"), _instead_of_total(figure, claim, same, stated)
    yield gettext_noop("the source has it for another period"), _for_another_period(figure, same)
    yield gettext_noop("the source compares it with another year"), _compared_with_another_year(figure, same)
    yield gettext_noop("another row of the table has more, or less"), not_extreme(figure, claim, same, stated)
    planned = gettext_noop("the source only plans or expects it")
    yield planned, _is_only_planned(claim, same, stated)
    yield planned, _is_only_expected(claim, same, source)
    of_another_name = gettext_noop("the source has it beside another name")
    yield of_another_name, _beside_other_name(figure, claim, same, stated)
    yield of_another_name, _in_clause_of_another_name(figure, claim, same, stated)
    yield of_another_name, _of_another_list_item(claim, same, stated)
    yield of_another_name, _beside_similar_name(claim, same)
    yield of_another_name, source.figure_beside_name(figure, claim, same)
    yield ANOTHER_FIGURE, source.better_matching_figure(figure, claim, same)


def _in_clause_of_another_name(
    figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures
) -> Figure | None:
    """Return an equal figure if the name in the claim's clause is in another clause of the source than the figure.

    The source has "Ashby cost 4.2 million; Lyne cost 2.8 million", the draft "Lyne cost 4.2 million and Ashby 2.8".
    """
    names = {*claim.names, *claim.frequent_names}
    own = {name for name in names if name <= claim.words_of(figure)}
    if len(own) != 1 or claim.is_translated or is_respective(figure.sentence.text):
        return None
    for equal in same:
        if equal.sentence.header:
            return None
        there = stated.clause_words(equal) | _subject_words(equal, claim.language)
        is_elsewhere = all(name <= sentence_terms_of(equal, claim.language) and not name <= there for name in own)
        if not is_elsewhere or not any(name <= there for name in names - own):
            return None
    return next(iter(same), None)


def _subject_words(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the part of a sentence before a figure that is complete in itself: up to a semicolon."""
    text, start = figure.sentence.text, figure.quantity.start
    begin = max((mark.end() for mark in COMPLETE_CLAUSE.finditer(text, 0, start)), default=0)
    end = COMPLETE_CLAUSE.search(text, figure.quantity.end)
    is_of_several = begin > 0 or end is not None
    return frozenset(terms(text[begin:start], language)) if is_of_several else frozenset()


def told_otherwise(
    figure: Figure, claim: Claim, same: Sequence[Figure], on_subject: Sequence[Figure], source: SourceFigures
) -> Figure | None:
    """Return an equal figure that the source tells with the opposite change, if none of the others has the claim's.

    The source has "rose to 27" beside a row with 27, the draft "fell to 27".
    """
    told = told_direction(figure)
    if not told or any(told_direction(other) == told for other in same):
        return None
    nearest = max(map(source.similarity, same))
    opposite = [
        other
        for other in on_subject
        if holds(figure, other)
        and (
            (told_direction(other) == -told and source.similarity(other) >= nearest - _NEARER)
            or (
                contradicts_earlier_level(figure, other, source.stated, claim)
                and label_terms(other, claim.language) & claim.words
            )
        )
    ]
    return next(iter(opposite), None)


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """The figures of a source, and how near their sentences are to a claim."""

    stated: DescribedFigures
    """Its figures."""

    similarities: npt.NDArray[np.float64]
    """Similarity of the claim to each sentence of the source."""

    contexts: Sequence[str]
    """For each sentence of the source, its headings and the sentences before it, which may name what it is about."""

    following: Sequence[str]
    """For each of them the next sentence of its passage, "" if there is none."""

    headings: Sequence[str] = ()
    """For each of them the heading of its section; none if they are unknown."""

    def around(self, figure: Figure) -> str:
        """Return the sentence of a figure with its headings, the sentences before it and the next one."""
        parts = self.contexts[figure.position], figure.sentence.header, figure.sentence.text
        return " ".join((*parts, self.following[figure.position]))

    def heading_of(self, figure: Figure) -> str:
        """Return the heading of the section of a figure."""
        return self.headings[figure.position] if self.headings else ""

    def similarity(self, figure: Figure) -> float:
        return float(self.similarities[figure.position])

    def on_subject(self, figure: Figure, claim: Claim) -> list[Figure]:
        """Return the figures that may be of the same thing as one of the claim."""
        least = _SAME_SUBJECT_TRANSLATED if claim.is_translated else _SAME_SUBJECT
        near = [other for other in self.stated.all if self.similarity(other) >= least]
        if claim.is_translated:
            return near
        nearest = max((self.similarity(other) for other in self.stated.all if not other.sentence.header), default=0.0)
        near = [  # without rows that the draft does not mention where a sentence is nearer
            other for other in near if self.similarity(other) >= nearest or _is_mentioned(other, figure, claim.language)
        ]
        taken = {id(other) for other in near}
        digits = significant_digits(figure)
        near += [  # rows whose whole label the draft has
            other
            for other in self.stated.all
            if other.sentence.header
            and (
                self.similarity(other) >= _SAME_FIGURE
                or (digits >= DISTINCTIVE and figure.quantity.same_value(other.quantity))
            )
            and id(other) not in taken
            and (label := label_terms(other, claim.language))
            and label <= claim.words
        ]
        if digits >= DISTINCTIVE:
            taken = {id(other) for other in near}
            near += [
                other
                for other in self.stated.all
                if id(other) not in taken
                and _SAME_FIGURE <= self.similarity(other) < _SAME_SUBJECT
                and (digits > DISTINCTIVE or not claim.words.isdisjoint(sentence_terms_of(other, claim.language)))
                and (figure.quantity.same_value(other.quantity) or holds_in_scale(figure, other))
            ]
        return near

    def figure_beside_name(self, figure: Figure, claim: Claim, same: Sequence[Figure]) -> Figure | None:
        """Return a figure beside a name or a day of the claim, if nothing around the equal figures has it.

        The source has "the largest fine, £175,000, was that of Outer Grid" and "Kelda Power was fined £90,000", the
        draft "Kelda Power was fined £175,000". An equal figure beside another name is returned itself.
        """
        language = claim.language
        own = [sentence_terms_of(equal, language) for equal in same]
        others = claim.figures.all
        if len(others) > _MAX_EXCHANGED:  # the figures of a list may be exchanged: each has its own name
            others = [figure]
        else:
            around = [sentence_terms(self.contexts[equal.position], language) for equal in same]
            own = [words.union(context) for words, context in zip(own, around, strict=True)]
        missing = [name for name in claim.names_of(figure) if not any(name <= words for words in own)]
        is_of_others = (
            bool(missing) and not claim.is_translated and all(self._names_another(equal, claim) for equal in same)
        )
        for name in missing:
            for other in self.stated.all:
                if (
                    name <= sentence_terms_of(other, language)
                    and have_same_unit(figure, other)
                    and self.similarity(other) >= _SAME_SUBJECT
                    and not any(holds(one, other) for one in others)
                ):
                    return other
            is_beside_another = is_of_others if name in claim.names else all(map(names_day, same))
            if is_beside_another:
                return same[0]
        return None

    def _names_another(self, figure: Figure, claim: Claim) -> bool:
        """Return whether the sentence of a figure contains a name that is absent from the claim."""
        text, language = figure.sentence.text, claim.language
        said = set(terms(claim.dated, language))
        return not figure.sentence.header and any(
            said.isdisjoint(terms(name, language)) for _, name in find_names(text, language)
        )

    def better_matching_figure(self, figure: Figure, claim: Claim, same: Sequence[Figure]) -> Figure | None:
        """Return another figure with most of what the claim says of this one, if the equal ones have little of it.

        The claim "spending came to 111 billion" is near to "total spending will be 112.8 billion", and less near to
        "revenues will be 111 billion".
        """
        said, language = claim.words_of(figure), claim.language
        common = max(len(said & sentence_terms_of(other, language)) for other in same)
        least = max(_MIN_SAID_WORDS, _MIN_SAID_SHARE * len(said), _MORE_SAID * common)
        nearest = max(map(self.similarity, same)) + _NEARER
        names = [
            name for name in claim.names_of(figure) if any(name <= sentence_terms_of(each, language) for each in same)
        ]
        near = [
            other
            for other in self.stated.all
            if self.similarity(other) >= nearest
            and all(name <= sentence_terms_of(other, language) for name in names)
            and (other.quantity.kind, other.quantity.unit) == (figure.quantity.kind, figure.quantity.unit)
            and len(said & sentence_terms_of(other, language)) >= least
        ]
        return next(
            (other for other in sorted(near, key=self.similarity, reverse=True) if not _held_by(other, claim.figures)),
            None,
        )


@lru_cache(maxsize=1 << 12)  # of each figure of the same claim
def _held_by(figure: Figure, claimed: DescribedFigures) -> frozenset[Figure]:
    """Return the figures of a claim that a figure of the source makes true."""
    return frozenset(each for each in claimed.all if holds(each, figure))


def _told_oppositely(figure: Figure, claim: Claim, same: Sequence[Figure], source: SourceFigures) -> Figure | None:
    """Return an equal figure if the source says of each the opposite of what the claim says."""
    told = [equal for equal in same if not equal.sentence.header]
    if told and all(
        says_opposite(figure, claim, equal, source.stated, source.following[equal.position]) for equal in told
    ):
        return told[0]
    return None


def _goal_told_otherwise(figure: Figure, claim: Claim, same: Sequence[Figure], source: SourceFigures) -> Figure | None:
    """Return an equal figure of a goal that the source calls missed and the claim reached, or the other way round."""
    if is_whole(figure, claim):
        return None  # of another part of it the opposite may be true
    goals = (
        equal
        for equal in same
        if is_goal_told_otherwise(figure, claim, equal, source.stated, source.following[equal.position])
    )
    return next(goals, None)


def _is_mentioned(figure: Figure, of_claim: Figure, language: str | None) -> bool:
    """Return whether a claim has a word of the row of a figure, or of the head of its column; true outside tables."""
    sentence = figure.sentence
    if not sentence.header or (figure.quantity.value < 0 and is_called_loss(of_claim)):
        return True
    words = label_terms(figure, language) | head_terms(figure, language)
    if is_total(figure):  # the row of what the table is about
        words |= {term for term in sentence_terms(sentence.header, language) if not term.isdigit()}
    return not words or not words.isdisjoint(sentence_terms_of(of_claim, language))


def _whole_after(part: Figure, stated: DescribedFigures) -> Figure | None:
    """Return the whole right after a part, which counts the same: "7.1 million of the 11.5 million sheets"."""
    whole = stated.after(part)
    return whole if whole is not None and _is_part_of(part, whole) else None


def _said_of_another(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the source that has the claim's description, if the equal ones have not.

    The source has "439 cases were filed and 455 were decided", the draft "439 cases were decided": what the draft says
    is said there of another figure, and nothing of it of the equal figure alone.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        same: The equal figures of the source.
        stated: The figures of the source.
    """
    said, words = claim.figures.said(figure), claim.words_of(figure)
    text, quantity = figure.sentence.text, figure.quantity
    if change_of(figure) or begins_change(text, quantity.start, quantity.end) or is_respective(text):
        return None  # "fell by 11 to 214 keepers": what is said is said of the level
    meant: Figure | None = None
    equals = frozenset(same)
    for equal in same:
        whole = _whole_after(equal, stated)
        own = stated.said(equal) | (stated.said(whole) if whole is not None else frozenset())
        of_others = {
            other: stated.said(other)
            for other in stated.beside(equal)
            if other not in equals
            and other != whole
            and other.quantity.kind == figure.quantity.kind
            and not (is_goal(other) and mentions_goal(figure.sentence.text))  # "exceeded its goal" tells of the result
        }
        if _common(said, own.difference(*of_others.values())):
            return None
        text, start = equal.sentence.text, equal.quantity.start
        others_told = [  # after it, or in a clause that is complete in itself
            other
            for other in of_others
            if other.quantity.end > start or COMPLETE_CLAUSE.search(text, other.quantity.end, start)
        ]
        alone = stated.clause_words(equal).difference(*map(stated.clause_words, of_others))
        counted = {*terms(equal.quantity.counted, claim.language), *terms(lead_of(equal), claim.language)}
        shared = sum(len(word) >= _MIN_TELLING for word in (words & alone).difference(counted))
        later = [other for other in of_others if other.quantity.end > equal.quantity.start]
        if len(later) < len(of_others) and _common(words, alone):
            return None  # "in Northgate 3 per cent were adjourned, in Southgate 8 per cent": its clause lacks the verb
        if not said and words.isdisjoint(alone):
            words_of_others = {other: stated.clause_words(other) - stated.clause_words(equal) for other in others_told}
            meant = meant or next((other for other, own in words_of_others.items() if not words.isdisjoint(own)), None)
            continue
        around = own.union(terms(lead_of(equal), claim.language))
        common = {word for word, count in Counter(chain.from_iterable(of_others.values())).items() if count > 1}
        telling = {
            word
            for word in said - around - common
            if not _common({word}, around) and (not word.isdigit() or any(map(str.isdigit, own)))
        }
        if 2 * len(telling) < sum(not word.isdigit() for word in said):
            continue
        told = {
            other: of_other | (_told_by_clause(other, equal, stated, claim.language) - stated.clause_words(equal))
            for other, of_other in of_others.items()
        }
        meant = meant or next(
            (
                other
                for other, of_other in told.items()
                if _common(telling, of_other)
                and shared <= len(telling & of_other)  # else more is said of this one
                and not (_held_by(other, claim.figures) - {figure} and told_direction(figure))
            ),
            None,
        )
    return meant


def _with_verb_of_another(
    figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures
) -> Figure | None:
    """Return the figure whose verb the claim has, if the equal ones count the same thing with another verb.

    The source has "we lent 46 instruments and borrowed 12", the draft "46 instruments were borrowed".
    """
    meant = None
    for equal in same:
        is_list = len(stated.beside(equal)) > _MAX_EXCHANGED
        if is_list or equal.sentence.header or change_of(equal) or end_of_change(equal):
            return None
        counted = frozenset(terms(equal.quantity.counted, claim.language))
        words = claim.words_of(figure) - counted
        alike = [
            other
            for other in stated.beside(equal)
            if other not in same
            and other.quantity.kind == equal.quantity.kind
            and not (change_of(other) or end_of_change(other) or stated.whole_of(other) == equal)
            and not _held_by(other, claim.figures) - {figure}
            and not _begins_list(other, equal)
            and not (is_goal(other) and mentions_goal(figure.sentence.text))
            and _count_same(equal, other, claim.language)
        ]
        own = _told_by_clause(equal, alike[0], stated, claim.language) if alike else frozenset[str]()
        own = own.difference(counted, *map(stated.clause_words, alike))
        if not own or _common(words, own):
            return None
        beside = (stated.clause_words(other) for other in stated.beside(equal) if other not in same)
        counts = Counter(chain.from_iterable(beside))  # the verb of one figure tells it from all others
        for other in alike:
            is_subject = _is_subject(equal)
            told = _told_by_clause(other, equal, stated, claim.language, has_own_subject=is_subject)
            told = told - stated.clause_words(equal) - counted
            if _common(words.difference(*claim.names), {word for word in told if counts[word] == 1}):
                meant = meant or other
    return meant


def _begins_list(first: Figure, second: Figure) -> bool:
    """Return whether the second of two figures is in a list after the first: "1,270 objects: 940 gifts"."""
    return ":" in first.sentence.text[first.quantity.end : second.quantity.start]


def _count_same(one: Figure, other: Figure, language: str | None) -> bool:
    """Return whether two figures of a sentence count the same thing, which one of them may leave out."""
    first, second = (frozenset(terms(each.quantity.counted, language)) for each in (one, other))
    return first == second or not first or not second


def _told_by_clause(
    figure: Figure, other: Figure, stated: DescribedFigures, language: str | None, *, has_own_subject: bool = False
) -> frozenset[str]:
    """Return the stems of the clause of a figure that another of its sentence does not share.

    The subject before the first figure may be that of the second, too, unless this is a subject itself: "schools sent
    300 letters, and 120 came from abroad". The verb right before the first figure is not.
    """
    words, lead = stated.clause_words(figure), lead_of(figure)
    if figure.start > other.start or not lead.strip() or has_own_subject:
        return words
    *subject, verb = lead.split()
    return words - (frozenset(terms(" ".join(subject), language)) - frozenset(terms(verb, language)))


def _is_subject(figure: Figure) -> bool:
    """Return whether a figure begins its clause and a verb follows it: "and 120 came from abroad"."""
    text, quantity = figure.sentence.text, figure.quantity
    is_first = _CLAUSE_START.search(text, max(0, quantity.start - REACH), quantity.start) is not None
    return is_first and _VERB_AFTER.match(text, quantity.end) is not None


_CLAUSE_START = re.compile(rf"(?:[,;]\s*(?:{CONJUNCTION}\s+)?|\s{CONJUNCTION}\s+){BEFORE_AMOUNT}$", re.IGNORECASE)


_VERB_AFTER = re.compile(
    r"(?:\s+[^\W\d_]+)?\s+(?:was|were|is|are|had|have|came|went|got|took|made|left|\w{2,}ed|wurden?|waren?|sind|kamen?|gingen|hatten?|étaient|sont|ont|viennent|proviennent"
    r"|fueron|son|eran|sono|furono|erano|werden|zijn)\s",
    re.IGNORECASE,
)
"""Around a figure that is the subject of its clause."""


def _common(words: Collection[str], others: Collection[str]) -> bool:
    """Return whether two sets have a stem in common, or two with the same beginning or end.

    These are forms of a verb ("atend", "atendier") and compounds ("ausbildungsplatz", "platz").
    """
    if not frozenset(words).isdisjoint(others):
        return True
    long, others = ([stem for stem in stems if len(stem) >= _MIN_PREFIX] for stems in (words, others))
    return any(_are_forms(word, other) for word in long for other in others)


def _are_forms(word: str, other: str) -> bool:
    """Return whether two long stems begin alike, or one ends with the other."""
    shared = max(_MIN_PREFIX, round(_PREFIX_SHARE * min(len(word), len(other))))
    return word[:shared] == other[:shared] or word.endswith(other) or other.endswith(word)


def _of_another_item(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the item of an enumeration that the claim names, if the equal ones are other items of it.

    The source has "5.8 billion came from fuel, 3.1 billion from tobacco and 1.6 billion from alcohol", the draft
    "tobacco brought in 1.6 billion".
    """
    said = claim.words_of(figure)
    meant: Figure | None = None
    for equal in same:
        whole = _whole_after(equal, stated)
        items = [
            other
            for other in stated.beside(equal)
            if other != whole
            and other.quantity.kind == equal.quantity.kind
            and other.quantity.unit in ("", equal.quantity.unit or other.quantity.unit)
            and not other.sentence.header
            and not end_of_change(other)
            and not change_of(other)
        ]
        total = sum(item.quantity.value for item in items)
        items = [item for item in items if abs(2 * item.quantity.value - total) > _SUM_TOLERANCE]  # but their sum
        if equal not in items or len(items) < _MIN_ITEMS:
            return None
        places = {item: place for place, item in enumerate(items)}
        words = [stated.clause_words(item) for item in items]
        counts = Counter(chain.from_iterable(words))  # a word of one item only tells it from the others
        own = {word for word in words[places[equal]] if counts[word] == 1}
        named = [
            item
            for item, of_item in zip(items, words, strict=True)
            if any(counts[word] == 1 for word in said & of_item) and item not in same
        ]
        if not own or own & said or len(named) != 1:
            return None
        meant = meant or named[0]
    return meant


def _average_instead(figure: Figure, same: Sequence[Figure], source: SourceFigures) -> Figure | None:
    """Return the average that the source states, if the claim calls an average what there is a single amount."""
    if _AVERAGE.search(clause_of(figure)) is None:
        return None
    if any(
        _AVERAGE.search(other.sentence.text if other.sentence.header else clause_of(other))
        or _AVERAGE.search(other.sentence.header)
        for other in same
    ):
        return None
    return next(
        (
            other
            for other in source.stated.all
            if source.similarity(other) >= _SAME_SUBJECT
            and have_same_unit(figure, other)
            and _AVERAGE.search(f"{clause_of(other)} {column_of(other)[1]}") is not None
        ),
        None,
    )


def _whole_of_part(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the whole if the claim says of it what the source states of a part.

    The source has "298 professors, of whom 71 were women", the draft "71 professors".
    """
    said, words = claim.figures.said(figure), claim.words_of(figure)
    meant = None
    is_called_whole = IN_ALL.search(claim.figures.text_about(figure)) is not None
    for equal in same:
        whole = stated.whole_of(equal)
        item = _item_head(equal, claim.language)
        if whole is None and is_called_whole and (is_part(equal) or (item and item.isdisjoint(claim.words))):
            meant = meant or equal  # of a whole that a sentence before has, or of one item of a list
            continue
        if whole is None:
            return None
        others = [each for each in stated.beside(equal) if each != equal]
        if any(_held_by(each, claim.figures) - {figure} for each in others):
            return None  # "71 of the 298 professors"
        of_whole = stated.clause_words(whole)
        if words & (stated.clause_words(equal) - of_whole):
            return None  # what is said of the part alone
        counted = frozenset(terms(whole.quantity.counted, claim.language))
        if not (said and said <= counted) and not frozenset() < words - _IN_TOTAL <= of_whole:
            return None
        meant = meant or whole
    return meant


def _part_of_whole(figure: Figure, claim: Claim, same: Sequence[Figure], source: SourceFigures) -> Figure | None:
    """Return the figure of a part if the claim says of it what the source states of the whole.

    The source has "gained 119 posts, 52 of them in archives", the draft "119 posts in archives". The part may be in the
    next sentence: "Of these, 52 are in archives."
    """
    words = claim.words_of(figure)
    if is_whole(figure, claim):
        return None  # "65 of the 74 volumes are undamaged"
    meant = None
    for equal in same:
        parts = _parts_of(equal, source)
        if not parts:
            return None
        told = frozenset(sentence_terms_of(equal, claim.language)) if parts[0].position != equal.position else None
        of_whole = told if told is not None else source.stated.clause_words(equal)
        named = [
            part for part in parts if _has_telling(words & (source.stated.clause_words(part) - of_whole - _OF_AMOUNTS))
        ]
        if not named or any(_held_by(part, claim.figures) for part in parts):
            return None
        meant = meant or named[0]
    return meant


def _has_telling(words: Collection[str]) -> bool:
    """Return whether stems have more than the separated part of a German verb, "aus-"."""
    return any(not word.endswith("-") for word in words)


def _parts_of(whole: Figure, source: SourceFigures) -> list[Figure]:
    """Return the figures of the parts of a whole, which are in its sentence or in the next one."""
    stated = source.stated
    part = stated.after(whole)
    if part is not None and stated.whole_of(part) != whole:
        part = stated.after(part)  # after the amount of a change
    parts = [part] if part is not None and stated.whole_of(part) == whole else []
    if parts or whole.sentence.header or not source.following[whole.position]:
        return parts
    parts = [part for part in stated.in_next_sentence(whole) if part.quantity.kind in (whole.quantity.kind, "percent")]
    return parts if parts and is_part(parts[0]) else []


def _within_other_limits(
    figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures
) -> Figure | None:
    """Return the figure within the limits that the claim names, if the source gives other ones to the equal figures.

    The source has "24 were between 17 and 24 years old and 9 were over 70", the draft "24 were over 70".
    """
    start, end = clause_span(figure)
    limits = [each for each in claim.figures.beside(figure) if _is_limit(each) and start <= each.quantity.start < end]
    if len(limits) != 1 or _is_limit(figure):
        return None
    meant = None
    for equal in same:
        found = [
            each for each in stated.beside(equal) if _is_limit(each) and limits[0].quantity.same_value(each.quantity)
        ]
        if len(found) != 1 or equal.sentence.header:
            return None
        start, end = clause_span(found[0])
        within = [each for each in stated.beside(equal) if start <= each.quantity.start < end and not _is_limit(each)]
        if not within or any(_held_by(each, claim.figures) for each in within):
            return None
        meant = meant or within[0]
    return meant


def _is_limit(figure: Figure) -> bool:
    """Return whether a figure is a range or a bound: "between 17 and 24", "over 70"."""
    return figure.quantity.upper is not None or figure.quantity.bound not in ("", "about")


def _exchanged(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure that is this one's in the source, if the claim exchanges two: A has B's figure, and B has A's.

    In one sentence or row it is enough that what the claim says of one is said there of the other.
    """
    language, said = claim.language, claim.words_of(figure)
    if any(is_respective(each.sentence.text) for each in (figure, *same)):
        return None
    for partner in claim.figures.all if len(claim.figures.all) <= _MAX_EXCHANGED else ():
        if (other := _with_names_of(figure, partner, claim, same, stated)) is not None:
            return other
        said_of_partner = claim.words_of(partner)
        own, others = said - said_of_partner - _PRONOUNS, said_of_partner - said - _PRONOUNS
        if partner == figure or partner.quantity.kind != figure.quantity.kind or not own or not others:
            continue
        if is_earlier(figure, claim) or is_earlier(partner, claim):
            continue  # a figure and an earlier one are of the same thing
        if bool(change_of(figure)) != bool(change_of(partner)):
            continue  # nor are a level and its change
        if _is_part_of(figure, partner) or _is_part_of(partner, figure):
            continue  # in "71 of 298" what is said is said of both
        for equal in same:
            for other in stated.all:
                if not partner.quantity.holds_for(other.quantity) or other in same or holds(partner, equal):
                    continue
                if _is_said_of_each_other(own, others, equal, other, stated, language):
                    return other
    return None


def _with_names_of(
    figure: Figure, partner: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures
) -> Figure | None:
    """Return the figure that is equal to another one of a claim, if each is beside the other's name in one sentence."""
    names, of_partner = claim.names_of(figure), claim.names_of(partner)
    if partner == figure or not names or not of_partner:
        return None
    for equal in same:
        for other in stated.beside(equal):
            if other == equal or not holds(partner, other):
                continue
            own, others = stated.terms_about(equal), stated.terms_about(other)
            is_own = any(name <= own for name in names) or any(name <= others for name in of_partner)
            if not is_own and all(name <= others for name in names) and all(name <= own for name in of_partner):
                return other
    return None


def _of_another_subject(claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure whose subject a claim has, if the equal ones have another: "families 29 %, singles 44 %"."""
    meant = None
    for equal in same:
        if equal.sentence.header or len(stated.beside(equal)) > _MAX_EXCHANGED:
            return None
        own = stems_of(lead_of(equal), claim.language)
        for other in stated.beside(equal):
            theirs = stems_of(lead_of(other), claim.language)
            only, only_theirs = own - theirs, theirs - own
            is_alike = other.quantity.kind == equal.quantity.kind and not (change_of(other) or end_of_change(other))
            if other == equal or not is_alike or _held_by(other, claim.figures) or len(only_theirs) < _MIN_SUBJECT:
                continue
            if only_theirs <= claim.words and 2 * len(only & claim.words) < len(only):
                meant = meant or other
        if meant is None:
            return None
    return meant


_MIN_SUBJECT = 2
"""Words of a subject, at least, that tell it from another one."""


def _is_said_of_each_other(
    own: frozenset[str],
    others: frozenset[str],
    equal: Figure,
    other: Figure,
    stated: DescribedFigures,
    language: str | None,
) -> bool:
    """Return whether what a claim says of two figures is said of the other one in the source.

    Args:
        own: The stems that the claim has for the first figure alone.
        others: Those that it has for the second one.
        equal: The figure of the source that is equal to the first one.
        other: The one that is equal to the second.
        stated: The figures of the source.
        language: Language of the source.
    """
    is_together = other.sentence == equal.sentence
    words, words_of_other = (
        _words_at(one, stated, language) if is_together else sentence_terms_of(one, language) for one in (equal, other)
    )
    only, only_of_other = words - words_of_other, words_of_other - words
    kept = own & only, others & only_of_other
    exchanged = own & only_of_other, others & only
    if all(kept) or (any(kept) and not all(exchanged)):
        return False
    # words before the first figure may be said of the second one, too
    lead = frozenset(terms(lead_of(min(equal, other, key=lambda each: each.start)), language))
    return all(exchanged) or (is_together and bool((exchanged[0] | exchanged[1]) - lead))


def _in_named_row(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the row that the claim names, if the equal ones are in other rows of the table only.

    "Staff costs" names the row "Staff costs", and not "Other operating costs", which has one of these words;
    "Station 12" does not name the row "Station 9".
    """
    language = claim.language
    if not all(equal.sentence.header for equal in same):
        return None
    numbers = frozenset(chain.from_iterable(map(_label_numbers, same)))  # "12" of "Station 12" is no figure of its own
    if numbers:
        numbers = numbers.union(*(_label_numbers(other) for equal in same for other in stated.in_column_of(equal)))
    others = (
        [
            other
            for other in claim.figures.all
            if other != figure
            and not (is_part(figure) and other.end <= figure.start)
            and other.quantity.text not in numbers
        ]
        if len(claim.figures.all) <= _MAX_EXCHANGED
        else []
    )
    words = claim.words.difference(*map(claim.words_of, others))
    named: Figure | None = None
    for equal in same:
        label = label_terms(equal, language) | _label_numbers(equal)
        if not label:
            return None
        said = label & claim.words
        better = next(
            (
                other
                for other in stated.in_column_of(equal)
                if (of_row := label_terms(other, language) | _label_numbers(other))
                and len(of_row & words) >= _MIN_LABEL_SHARE * len(of_row)
                and (said < of_row & words or (said == of_row < label))
            ),
            None,
        )
        if better is None:
            return None
        named = named or better
    return named


def _instead_of_total(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the total of a table if a claim has a cell of it without a word of its row, and words of the whole.

    The table "Revenue" has the rows "Individuals | 14.9" and "Total | 37.4", the draft "revenue was 14.9 million".
    """
    total: Figure | None = None
    language = claim.language
    for equal in same:
        label = label_terms(equal, language)
        if not equal.sentence.header or claim.is_translated or is_total(equal) or not label or label & claim.words:
            return None
        caption = caption_terms(equal, language)
        corner = stems_of(equal.sentence.header.rpartition("\n")[2].strip("| ").split("|")[0], language)
        said = claim.words_of(figure)
        others = said - caption - corner - head_terms(equal, language) - stems_of(figure.quantity.text, language)
        unit = stems_of(f"{figure.quantity.unit} {figure.quantity.counted}", language)
        if not (caption | corner) & said - unit or len(others) > 1:
            return None  # but for a verb
        column = list(stated.in_column_of(equal))
        sums = [each for each in column if is_total(each)]
        if len(column) < _MIN_ITEMS or not sums or any(label_terms(each, language) & claim.words for each in column):
            return None
        total = total or sums[0]
    return total


def _compared_with_another_year(figure: Figure, same: Sequence[Figure]) -> Figure | None:
    """Return an equal percentage if the source measures it from another year: "40 per cent below 1990 levels"."""
    base = _base_year(figure)
    if base is None or not same:
        return None
    bases = [_base_year(equal) for equal in same]
    return None if None in bases or base in bases else same[0]


def _base_year(figure: Figure) -> int | None:
    """Return the year after a percentage from which a change is measured, also one that is planned."""
    if figure.quantity.kind != "percent" or figure.sentence.header:
        return None
    base = _BASE_YEAR.match(figure.sentence.text, figure.quantity.end)
    return None if base is None else int(base["year"])


_BASE_YEAR = re.compile(
    r"[^.;:\d]{0,60}?(?:\s(?:by|bis|until|d['’]ici|de\s+aquí|entro\s+il|até|tegen)\s+(?:a\s+|à\s+|al\s+)?[12]\d{3})?[^.;:\d]{0,40}?"
    r"\b(?:compared\s+(?:with|to)|relative\s+to|against|versus|below|above|gegenüber|im\s+Vergleich\s+(?:zu|mit)|verglichen\s+mit"
    r"|par\s+rapport\s+(?:à|au\s+niveau\s+de)|(?:con\s+)?respecto\s+(?:al?|de)|frente\s+al?|en\s+comparación\s+con|in\s+confronto\s+(?:al?|con)"
    r"|rispetto\s+al?|em\s+relação\s+a|ten\s+opzichte\s+van|from(?=\s+(?:its\s+|the\s+)?[12]\d{3}\s+levels?))\s+"
    r"(?:(?:the|its|their|dem|den|les?|los|las|il)\s+)?(?:(?:levels?|Niveau|Stand|Wert|niveau|nivel|livello|year|Jahr|année|año)\s+"
    rf"(?:(?:of|in|von|de|del|di|des)\s+)?)?(?P<year>{YEAR})\b",
    re.IGNORECASE,
)
"""After a percentage: the year with which it is compared."""


def _for_another_period(figure: Figure, same: Sequence[Figure]) -> Figure | None:
    """Return an equal figure if a claim has it for a shorter period, "a month", of which the source says nothing."""
    if figure.quantity.per in ("", "year"):
        return None
    period = PERIOD_WORDS[figure.quantity.per]
    told = (f"{each.sentence.header} {each.sentence.text}" for each in same)
    return None if any(period.search(text) is not None for text in told) else same[0]


def _label_numbers(figure: Figure) -> frozenset[str]:
    """Return the numbers in the label of a figure's row: "12" of "Station 12"."""
    return _numbers_in(label_of(figure))


@lru_cache(maxsize=1 << 12)
def _numbers_in(label: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w.,])\d+(?![\w.,])", label)) - frozenset(map(str, written_years(label)))


def _in_named_column(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the cell in the column that the claim names, if the equal ones are in other columns of their rows only.

    "The port had 148 crew" names the column "Crew" and not "Ships"; "in 2020" the column "2020" and not "Average".
    """
    language = claim.language
    words, years = claim.words_of(figure), claim.years_of(figure)
    named: Figure | None = None
    for equal in same:
        own = head_terms(equal, language)
        if not equal.sentence.header or not own.isdisjoint(claim.words):
            return None
        beside = [
            (other, head_terms(other, language) - own)
            for other in stated.beside(equal)
            if other not in same and column_of(other)[0] != column_of(equal)[0] and have_same_unit(figure, other)
        ]
        labels = label_terms(equal, language)
        by_words = [other for other, head in beside if 2 * len((head - labels) & words) > len(head)]
        own_years = stated.years(equal)
        by_years = [other for other, _ in beside if years and not own_years and stated.years(other) == years]
        better = next(iter([*by_words, *by_years]), None)
        if better is None:
            return None
        named = named or better
    return named


def _is_only_planned(claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return what came about beside an equal amount that the source only planned, and the claim does not call so."""
    if is_called_planned(claim):
        return None
    actual: Figure | None = None
    for equal in same:
        if not is_planned(equal):
            return None
        beside = [
            other
            for other in stated.beside(equal)
            if other.quantity.kind == equal.quantity.kind and _came_about(other, stated) and other not in same
        ]
        if not beside:
            return None
        actual = actual or beside[0]
    return actual


def _is_only_expected(claim: Claim, same: Sequence[Figure], source: SourceFigures) -> Figure | None:
    """Return an equal amount if the source only expects it, or states it for a coming year, and the claim as a result.

    The source has "For 2024 the Board expects 2.5 million visitors", the draft "2.5 million visitors came".
    """
    if not tells_result(claim):
        return None
    named = claim.named_years()
    for equal in same:
        years = source.stated.years(equal)
        is_of_coming_year = _are_to_come(years, claim)
        is_named = bool(years) and max(years) in named
        is_only_later = (
            is_of_coming_year and not is_named and not equal.sentence.header and not is_told_as_result(equal)
        )
        is_only_goal = is_planned(equal) and not equal.sentence.header and not is_told_as_result(equal)
        if not (is_expected(equal) or is_only_goal or is_only_later or _is_below_plan(equal, claim, source)):
            return None
    return same[0]


def _is_below_plan(figure: Figure, claim: Claim, source: SourceFigures) -> bool:
    """Return whether a figure is below a heading for a coming year, "Plans for 2024", and not told as a result."""
    years = written_years(source.heading_of(figure))
    is_coming = _are_to_come(years, claim) and max(years) > max(claim.years, default=0)
    return is_coming and not is_told_as_result(figure)


def _are_to_come(years: Collection[int], claim: Claim) -> bool:
    """Return whether some years begin with the last one that the documents are about, or later, and go beyond it."""
    return bool(years and claim.latest) and min(years) >= claim.latest and max(years) > claim.latest


def _came_about(figure: Figure, stated: DescribedFigures) -> bool:
    """Return whether a figure is not planned: in a table, if the head of its column is a year, or calls it actual."""
    if figure.sentence.header:
        return bool(stated.years(figure)) or _ACTUAL.search(column_of(figure)[1]) is not None
    return not is_planned(figure)


def _beside_other_name(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure beside the name that the claim has, if the equal one is beside another name in its sentence.

    The source has "Amara Lindqvist received 212 votes and Joseph Pell 187", the draft "Joseph Pell received 212 votes".
    """
    amount = frozenset(terms(f"{figure.quantity.text} {figure.quantity.counted}", claim.language))
    names = [*claim.names_of(figure), *(name for name in claim.frequent_names if name.isdisjoint(amount))]
    if not names:
        return None
    meant = None
    for equal in same:
        own = stated.terms_about(equal)
        if equal.sentence.header or any(name & own for name in names):
            return None
        named = [
            other
            for other in stated.beside(equal)
            if other.quantity.kind == equal.quantity.kind
            and any(name <= stated.terms_about(other) for name in names)
            and not _held_by(other, claim.figures)
        ]
        if not named or not _has_other_name(stated.text_about(equal), claim):
            return None
        meant = meant or named[0]
    return meant


def _has_other_name(text: str, claim: Claim) -> bool:
    """Return whether a text has a name that a claim lacks; in German, where all nouns look like names, any noun."""
    names = [name for _, name in find_names(text, claim.language)]
    if primary_language(claim.language) == "de":
        names += re.findall(r"\b[A-ZÄÖÜ][^\W\d_]{3,}", text)
    return any(claim.words.isdisjoint(stems) for name in names if (stems := terms(name, claim.language)))


_ITEM = re.compile(
    r"\W*(?:\d{1,3}[.)]|[•*–—-])\s+\W*(?P<head>[^,;:(|]+?)\s*(?:[,;:(–—|]|by\b|von\b|par\b|de\b|\s{3,}(?=[^\w\s]{0,2}\d))"
)
"""An item of a list, and what it is about: "1. Norway, 5.4 million tonnes", also aligned by spaces."""


_MAX_ITEMS = 12
"""Sentences between two items of one list, at most."""


def _of_another_list_item(claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the list item that a claim names, if the equal ones are in items about other things."""
    meant: Figure | None = None
    for equal in same:
        own = _item_head(equal, claim.language)
        if not own or own & claim.words:
            return None
        for other in stated.all:
            is_near = other.sentence.passage == equal.sentence.passage
            if not is_near or abs(other.position - equal.position) > _MAX_ITEMS or other.position == equal.position:
                continue
            head = _item_head(other, claim.language)
            if head and head <= claim.words and have_same_unit(equal, other) and not _held_by(other, claim.figures):
                meant = meant or other
    return meant


def _item_head(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of what the list item of a figure is about; none outside lists."""
    match = None if figure.sentence.header else _ITEM.match(figure.sentence.text)
    return frozenset() if match is None else frozenset(terms(match["head"], language))


def _beside_similar_name(claim: Claim, same: Sequence[Figure]) -> Figure | None:
    """Return an equal figure if each is beside a name in the place of one that the source lacks.

    The source has "the ferry to Norrskär" and "the Northern Breakwater", the claim "the ferry to Helsinki" and "the
    Southern Breakwater".
    """
    if not claim.unknown_names:
        return None
    for equal in same:
        text = equal.sentence.text
        if equal.sentence.header or not any(
            _is_in_place_of(name, before, text) for name, before in claim.unknown_names
        ):
            return None
    return same[0]


def _is_in_place_of(name: str, before: str, text: str) -> bool:
    """Return whether a text has another name after the same words, or one that shares a word with the name."""
    words = set(name.casefold().split()) - FUNCTION_WORDS
    for match in CAPITALISED_NAME.finditer(DAY.sub(lambda day: " . ".ljust(len(day[0])), text)):
        other = set(match.group().casefold().split()) - FUNCTION_WORDS
        is_after_same = len(before.split()) > 1 and text[: match.start()].casefold().rstrip().endswith(before)
        if words.isdisjoint(other) and is_after_same:
            return True
        if not words.isdisjoint(other) and len(words) > 1 and len(other) > 1 and not words.issubset(other):
            return not words.issuperset(other) and _differ_in_place(name, match.group())
    return False


def _differ_in_place(name: str, other: str) -> bool:
    """Return whether two names have a word in common in the same place, from the beginning or from the end."""
    words, others = ([word for word in one.casefold().split() if word not in FUNCTION_WORDS] for one in (name, other))
    return any(a == b for a, b in (*zip(words, others, strict=False), *zip(words[::-1], others[::-1], strict=False)))


def _is_part_of(figure: Figure, whole: Figure) -> bool:
    """Return whether a figure is a part of the next one: "71 of 298"."""
    return PART_OF.fullmatch(figure.sentence.text, figure.quantity.end, whole.quantity.start) is not None


def _words_at(figure: Figure, figures: DescribedFigures, language: str | None) -> frozenset[str]:
    """Return the stems of a figure's clause, or of the head of its column."""
    if figure.sentence.header:
        return head_terms(figure, language)
    return figures.clause_words(figure)
