"""A draft checked: its quotations and its figures, each with what became of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.chunking.sentences import split_sentences
from qa.answering.library import Library
from qa.checking import figure_claims as figures
from qa.checking.draft import Draft, without_marks
from qa.checking.figure_claims import CheckedFigure
from qa.checking.quotations import Quotation, quotations
from qa.checking.search import QuotationMatch, QuotationSources
from qa.errors import CompareError
from qa.question.analysis import interpret
from qa.question.corpus_facts import no_match_notice
from qa.question.filters import Filters


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation and where it was found, or what comes nearest."""

    quotation: Quotation
    match: QuotationMatch

    @property
    def searched_text(self) -> str:
        """The quotation as it was searched, without the marks of a block quote; as long as in the draft."""
        return without_marks(self.quotation.text) if self.quotation.block else self.quotation.text


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What became of a draft's quotations and figures, in the order of the draft."""

    draft: Draft
    quotations: tuple[CheckedQuotation, ...]
    figures: tuple[CheckedFigure, ...]
    notices: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each outcome; all outcomes are named."""
        found = Counter(one.match.status for one in self.quotations)
        held = Counter(f"figures {one.status}" for one in self.figures)
        names = ("verbatim", "altered", "not found", "short")
        return {name: found[name] for name in names} | {  # type: ignore[index]
            name: held[name] for name in ("figures agrees", "figures differs", "figures not found")
        }

    @property
    def has_faults(self) -> bool:
        """Whether something is altered or not found."""
        wrong = any(one.match.status in ("altered", "not found") for one in self.quotations)
        return wrong or any(one.status != "agrees" for one in self.figures)


def check_draft(library: Library, draft: Draft, filters: Filters | None = None) -> DraftReport:
    """Check a draft against the documents that the filters leave. Raises CompareError where they leave none."""
    filters = filters or Filters()
    sources = QuotationSources(library.index, filters)
    if not sources.documents:
        raise CompareError(no_match_notice(filters, library.corpus_facts))
    found = quotations(draft)
    beside = _beside(draft, found)
    checked = tuple(
        CheckedQuotation(
            one,
            sources.find(
                without_marks(one.text) if one.block else one.text,
                {each.number for each in figures.named(library, interpret(around, library.corpus_facts), filters)},
            ),
        )
        for one, around in zip(found, beside, strict=True)
    )
    quoted = [(one.start, one.end) for one in found]
    held = tuple(figures.check(library, draft, quoted, filters))
    notices = list(library.notices)
    if not found and not held:
        notices.append(f"{draft.name}: no quotation and no figure with a source named beside it")
    return DraftReport(draft, checked, held, tuple(notices))


def _beside(draft: Draft, found: Sequence[Quotation]) -> list[str]:
    """What stands around each quotation in its sentences: there its source is named, where it is."""
    spans = split_sentences(draft.text, 0, len(draft.text))
    starts = [start for start, _ in spans]
    texts = []
    for one in found:
        first = max(bisect_right(starts, one.start) - 1 - one.block, 0)  # a block follows the sentence that leads to it
        last = max(bisect_right(starts, max(one.end - 1, one.start)) - 1, first)
        begin, end = (min(spans[first][0], one.start), max(spans[last][1], one.end)) if spans else (one.start, one.end)
        texts.append(f"{draft.text[begin : one.start]} … {draft.text[one.end : end]}")
    return texts
