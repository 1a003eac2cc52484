"""What the page of comparisons shows: a comparison, or a checked draft, as HTML. It may take seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from corpus.errors import CorpusError
from corpus.records import HEADED_KINDS
from qa import limits
from qa.answering.library import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.errors import RequestError
from qa.web.render.compare_form import DRAFT_FILES
from qa.web.routes.comparison_request import Wanted, write


def draft_of(name: str, data: bytes, text: str) -> Draft:
    """The draft in a file of that name, else in the text. Raises RequestError."""
    return from_file(name, data) if name else from_text(text)


def from_file(name: str, data: bytes) -> Draft:
    """The draft in a file. Raises RequestError."""
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        raise RequestError(f"{name[:100]} is not read here: give the draft as {', '.join(DRAFT_FILES)}")
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(f"{name[:100]} cannot be read: {error}") from error


def compared(library: Library, wanted: Wanted) -> str:
    """What is asked, compared; nothing where nothing is asked. Raises QuestionError and what the index raises."""
    if not wanted.is_asked:
        return ""
    link = f"./{write(wanted)}#compare"
    if wanted.topic is not None:
        from qa.web.render.topic import topic_html

        found = library.compare(wanted.subject(), wanted.filters())
        return topic_html(found, link, hide=library.notices)
    from qa.editions.outlines import compare_outlines
    from qa.web.render.outlines import outlines_html

    outlines = compare_outlines(library.index, wanted.years(), wanted.filters(), wanted.section or None)
    documents = {one.id for edition in outlines.editions for one in edition.documents}
    heads = {
        (document, item.start): item.heading_end
        for document in documents
        for item in reversed(library.index.document(document).outline)
        if item.kind in HEADED_KINDS
    }
    return outlines_html(outlines, heads, link)


def checked(library: Library, draft: Draft) -> str:
    """A draft, checked. Raises QuestionError and what the index raises."""
    from qa.checking.report import check_draft
    from qa.web.render.draft_check import checked_html

    if not draft.text.strip():
        raise RequestError("Paste a draft, or choose a file with one, first.")
    if len(draft.text) > limits.DRAFT.value:
        raise RequestError(f"The draft is longer than {limits.DRAFT.value:,} characters: check it in parts.")
    report = check_draft(library, draft)
    hidden = set(library.notices)
    return checked_html(replace(report, notices=tuple(one for one in report.notices if one not in hidden)))
