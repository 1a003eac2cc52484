"""Check a draft: the status of each quotation and figure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from qa.answering.library import Library
from qa.checking.claims import years_of
from qa.checking.draft import Draft, Quotation, attribution_end, find_quotations, split_claims
from qa.checking.figure_claims import FIGURE_FAULTS, CheckedFigure, UncheckedFigure, check_figures
from qa.checking.named_sources import find_named_sources
from qa.checking.quotation_matching import (
    QUOTATION_FAULTS,
    SENTENCE_MARKS,
    STATUS_OF_STATE,
    QuotationMatch,
    QuotationSources,
    QuotationState,
)
from qa.errors import CompareError
from qa.question.corpus_facts import no_match_notice
from qa.question.filters import Filters

STATUSES = (
    *dict.fromkeys(STATUS_OF_STATE.values()),
    *("figures agrees", "figures differs", "figures not found", "figures cannot be checked"),
)


_MAX_NAMED = 10
"""Figures named that were not checked."""


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation and the place that contains it, or the nearest."""

    quotation: Quotation
    match: QuotationMatch

    @property
    def searched_text(self) -> str:
        """The quotation as it was searched, without marks of a block quote and escapes; as long as in the draft."""
        return self.quotation.plain_text(escape=" ")

    @property
    def compared_text(self) -> str:
        """The text whose differences from its place are shown: without a full stop that only the quotation has."""
        text = self.searched_text.rstrip()
        source = self.match.place.text if self.match.place else ""
        return text[:-1] if text.endswith(SENTENCE_MARKS) and not source.endswith(text[-1]) else text


@dataclass(frozen=True, slots=True)
class DraftReport:
    """The checked quotations and figures of a draft, in its order."""

    draft: Draft
    quotations: tuple[CheckedQuotation, ...]
    figures: tuple[CheckedFigure, ...]
    notices: tuple[str, ...] = ()
    unchecked_figures: tuple[UncheckedFigure, ...] = ()

    @property
    def unrecognised_sources(self) -> int:
        """Number of figures attributed to a source that was not recognised: they were not checked."""
        return sum(figure.has_source for figure in self.unchecked_figures)

    @property
    def unsourced_figures(self) -> int:
        """Number of figures whose sentence names no source, and which the source named before does not state."""
        return sum(not figure.has_source for figure in self.unchecked_figures)

    @property
    def counts(self) -> dict[str, int]:
        """Number of quotations and figures of each status, including 0."""
        counts = Counter[str](checked.match.status for checked in self.quotations)
        counts.update(f"figures {figure.status}" for figure in self.figures)
        return {status: counts[status] for status in STATUSES}

    @property
    def states(self) -> dict[QuotationState, int]:
        """Number of quotations of each state, including 0."""
        counts = Counter(checked.match.state for checked in self.quotations)
        return {state: counts[state] for state in STATUS_OF_STATE}

    @property
    def has_faults(self) -> bool:
        """Whether something is altered, misattributed, differs or is not found."""
        return any(checked.match.state in QUOTATION_FAULTS for checked in self.quotations) or any(
            figure.status in FIGURE_FAULTS for figure in self.figures
        )


def check_draft(library: Library, draft: Draft, filters: Filters | None = None) -> DraftReport:
    """Check a draft against the documents of a library.

    Args:
        library: The sources.
        draft: The text to check.
        filters: Documents to check against; all by default.

    Raises:
        CompareError: No document matches the filters.
    """
    filters = filters or Filters()
    sources = QuotationSources(library.index, filters)
    if not sources.documents:
        raise CompareError(no_match_notice(filters, library.corpus_facts))
    names = (name for document in library.index.documents for name in (document.title, document.series) if name)
    titles = set(map(_words, names))
    quotations = [
        quotation
        for quotation in find_quotations(draft)
        if quotation.block or _words(quotation.plain_text()) not in titles  # 《Yearbook 2020》 names a source
    ]
    contexts = _contexts(draft, quotations)
    checked = tuple(
        _check(library, sources, quotation, around, filters)
        for quotation, around in zip(quotations, contexts, strict=True)
    )
    quoted = [(quotation.start, quotation.end) for quotation in quotations]
    claims = list(check_figures(library, draft, quoted, filters))
    figures = tuple(claim for claim in claims if isinstance(claim, CheckedFigure))
    unchecked = tuple(claim for claim in claims if isinstance(claim, UncheckedFigure))
    notices = list(library.notices)
    if of_unknown := [figure for figure in unchecked if figure.has_source]:
        notices.append(_unchecked_notice(draft, of_unknown))
    if unsourced := [figure for figure in unchecked if not figure.has_source]:
        notices.append(_unsourced_notice(draft, unsourced))
    elif not of_unknown and not quotations and not figures:
        notices.append(_("%(draft)s has no quotations, and no figures whose sentence names a source", draft=draft.name))
    return DraftReport(draft, checked, figures, tuple(notices), unchecked)


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name without its years."""
    return tuple(re.findall(r"[^\W\d_]+", name.casefold()))


def _unchecked_notice(draft: Draft, figures: Sequence[UncheckedFigure]) -> str:
    """Return a notice that names the first figures that were not checked, with their lines."""
    named = [
        _("%(figure)s in line %(line)s", figure=" ".join(figure.text.split()), line=draft.line(figure.start))
        for figure in figures[: _MAX_NAMED + 1]
    ]
    return _(
        "not checked, because the source of the sentence was not recognised as a document of the library: %(figures)s",
        figures=_join_first(named, _MAX_NAMED),
    )


def _unsourced_notice(draft: Draft, figures: Sequence[UncheckedFigure]) -> str:
    """Return a notice that names the lines of figures whose sentences name no source."""
    lines = sorted({draft.line(figure.start) for figure in figures})
    return ngettext(
        "not checked, because the sentences name no source: figures in line %(lines)s",
        "not checked, because the sentences name no source: figures in lines %(lines)s",
        len(lines),
        lines=_join_first(list(map(str, lines)), _MAX_LINES),
    )


_MAX_LINES = 20
"""Lines that a notice names."""


def _join_first(items: Sequence[str], count: int) -> str:
    """Return the first items in a sentence, with a mark where there are more."""
    return join_items([*items[:count], *["…"] * (len(items) > count)])


def _check(
    library: Library, sources: QuotationSources, quotation: Quotation, around: str, filters: Filters
) -> CheckedQuotation:
    """Check a quotation against the documents that the text around it names, or against all."""
    named = find_named_sources(library, around, filters)
    numbers = {document.number for document in named.documents}
    match = sources.find(quotation.plain_text(), numbers, names_unknown_source=named.is_unknown)
    if match.state == "verbatim" and not numbers and not match.reason:
        years = {*named.understood.years, *named.understood.editions}
        places = [years_of(place.document) for place in (match.place, *match.also) if place is not None]
        if years and not any(known & years or not known for known in places):
            match = replace(match, reason="year")
    return CheckedQuotation(quotation, match)


def _contexts(draft: Draft, quotations: Sequence[Quotation]) -> list[str]:
    """Return the rest of the sentences around each quotation, where its source may be named; quoted words name none."""
    pieces, cursor = [], 0
    for quotation in quotations:
        pieces += [draft.text[cursor : quotation.start], " " * (quotation.end - max(quotation.start, cursor))]
        cursor = max(quotation.end, cursor)
    masked = "".join([*pieces, draft.text[cursor:]])
    spans = split_claims(draft.text)
    starts = [start for start, _ in spans]
    texts = []
    for quotation in quotations:
        first = max(
            bisect_right(starts, quotation.start) - 1 - quotation.block, 0
        )  # a block quote follows the sentence that introduces it
        last = max(bisect_right(starts, max(quotation.end - 1, quotation.start)) - 1, first)
        stop = attribution_end(draft.text, quotation)
        begin, end = (
            (min(spans[first][0], quotation.start), max(spans[last][1], quotation.end))
            if spans
            else (quotation.start, quotation.end)
        )
        texts.append(f"{masked[begin : quotation.start]} … {masked[quotation.end : max(end, stop)]}")
    return texts
