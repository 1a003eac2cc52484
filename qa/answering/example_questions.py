"""Example questions for any index, made from its headings, editions and years.

They show what kinds of questions work. Each names a section of a document, and is offered only if the answer to it
quotes that section.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

from corpus.records import HEADED_KINDS, Document
from corpus.structure.numbering import parse_markers
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.library import Answer, Library

MAX_EXAMPLES = 5
_CANDIDATES = 3 * MAX_EXAMPLES
"""Maximum number of candidate questions that are tried."""

_SAMPLED_DOCUMENTS = 12
"""Documents whose headings are read, evenly spaced over the index."""

_GENERIC_HEADING = re.compile(
    r"\b(?:introduction|overview|conclusions?|summary|contents|foreword|preface|preamble|references|bibliography|notes|"
    r"appendix|annex|abstract|acknowledge?ments?|index|glossary|background|outline|others?|general|chapter|section|part)\b",
    re.IGNORECASE,
)


def example_questions(library: Library) -> list[str]:
    """Return up to `MAX_EXAMPLES` questions that the library answers well, those that compare editions first."""
    well_answered = (
        question
        for question, title in candidate_questions(library.index)
        if _quotes_section(library.ask(question), title)
    )
    return list(islice(well_answered, MAX_EXAMPLES))


def _quotes_section(answer: Answer, title: str) -> bool:
    """Return whether the first sentence of an answer is from a section with this heading."""
    first = answer.sentences[0].passage if answer.sentences else None
    return any(
        title.casefold() in " ".join(heading.split()).casefold()
        for cited in answer.passages
        if cited.hit.id == first
        for heading in cited.hit.stored.passage.path
    )


def candidate_questions(index: Index) -> list[tuple[str, str]]:
    """Return questions, each with the heading of the section it asks about, in the order to be tried."""
    documents = index.documents
    step = max(1, -(-len(documents) // _SAMPLED_DOCUMENTS))
    sampled = sorted(documents[::step], key=lambda info: (info.series or "", info.edition or 0, info.id))
    topics = {info.id: _topics(index.document(info.id)) for info in sampled}
    questions = _comparing_questions(sampled, topics)[:2]
    for rank in range(MAX_EXAMPLES):
        for info in sampled:
            title = topics[info.id][rank] if rank < len(topics[info.id]) else None
            if title is not None and not any(title in question for question, _ in questions):
                questions.append((_question_about(info, title), title))
    return questions[:_CANDIDATES]


def _topics(document: Document) -> list[str]:
    """Return the specific headings of sections without subsections, the longest section first."""
    outline = document.outline
    parents = {item.parent for item in outline if item.kind in HEADED_KINDS}
    sizes: dict[str, int] = {}
    for number, item in enumerate(outline):
        if item.kind not in HEADED_KINDS or number in parents:
            continue
        title = _inside_sentence(_strip_number(item.text), document.text)
        if 2 <= len(title.split()) <= 8 and not _GENERIC_HEADING.search(title):
            sizes.setdefault(title, item.end - item.heading_end)
    return sorted(sizes, key=lambda title: (-sizes[title], title))


def _strip_number(heading: str) -> str:
    heading = heading.lstrip("# ").strip()
    marker = next(iter(parse_markers(heading)), None)
    # a single letter before a capital is a number ("A Counter-terrorism"), otherwise an article
    numbered = marker is not None and (not marker.weak or marker.title[:1].isupper())
    title = (marker.title if marker is not None and numbered else heading).strip(" \t<>|*_:.")
    enclosed = re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]", title)
    return " ".join((enclosed[1] if enclosed else title).split())


def _inside_sentence(title: str, text: str) -> str:
    """Return a heading for use inside a sentence: its first word in lower case if the text uses it that way.

    Of a heading in capitals, each word is written as in the text.
    """
    if title.isupper():
        return " ".join(_as_in_text(word, text) for word in title.split())
    first, _, rest = title.partition(" ")
    is_sentence_case = rest and not any(word[:1].isupper() for word in rest.split())
    lowered = first[:1].lower() + first[1:]
    return f"{lowered} {rest}" if is_sentence_case and re.search(rf"\b{re.escape(lowered)}\b", text) else title


def _as_in_text(word: str, text: str) -> str:
    forms = (word.lower(), word.capitalize())
    return next((form for form in forms if re.search(rf"\b{re.escape(form)}\b", text)), word)


def _comparing_questions(
    documents: Sequence[DocumentInfo], topics: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """Return a question and its topic for each topic that two editions of a series share."""
    sections: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for info in documents:
        if info.series and info.edition is not None and _is_english(info):
            for title in topics[info.id]:
                sections[info.series, title.casefold()].append((info.edition, title))
    return [
        (f"How did {max(shared)[1]} change between the {min(shared)[0]} and {max(shared)[0]} editions?", max(shared)[1])
        for shared in sections.values()
        if min(shared)[0] < max(shared)[0]
    ]


def _question_about(info: DocumentInfo, title: str) -> str:
    if not _is_english(info):
        return title
    if info.covers is not None and info.covers[0] == info.covers[1]:
        return f"What is reported about {title} in {info.covers[0]}?"
    return f"What is reported about {title}?"


def _is_english(info: DocumentInfo) -> bool:
    return (info.language or "en").startswith("en")
