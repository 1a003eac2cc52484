"""Which passages of an answer a person is shown: the same on the command line and in the form. Pure."""

from __future__ import annotations

from index.storage.reader import DocumentInfo
from qa.answering.library import Answer
from qa.citation import CitedPassage


def shown(answer: Answer) -> list[CitedPassage]:
    """The passages to show: one that says the same as a better one is folded into "also in …".

    Never folded: what the answer quotes, and what belongs to an edition or a year that the question names.
    """
    quoted = {one.passage for one in answer.sentences}
    folded: set[str] = set()
    kept: list[CitedPassage] = []
    for cited in answer.passages:
        if cited.hit.id in folded and cited.hit.id not in quoted and not _is_named(answer, cited.hit.document):
            continue
        kept.append(cited)
        folded.update(other.passage for other in cited.also_in)
    return kept


def _is_named(answer: Answer, document: DocumentInfo) -> bool:
    understood = answer.understood
    return (
        understood.compare
        or document.edition in understood.editions
        or any(document.covers is not None and document.covers[0] <= y <= document.covers[1] for y in understood.years)
    )
