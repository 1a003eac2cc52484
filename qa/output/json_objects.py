"""Answers as JSON objects, in the form that others' scripts rely on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.records import Document
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import Excerpt
from qa.answering.library import Answer
from qa.citation import CitedPassage

Json = dict[str, Any]


def answer_json(answer: Answer, extra: Mapping[str, Any] | None = None) -> Json:
    """The object of `ask --format json`; `extra` are a question's own further fields, which never replace ours."""
    ours: Json = {
        "id": answer.id,
        "question": answer.question,
        "understood": answer.understood.as_json(),
        "notices": list(answer.notices),
        "answered": answer.answered,
        "confidence": answer.confidence,
        "answer": [
            {"text": one.text, "passage": one.passage, "start": one.start, "end": one.end} for one in answer.sentences
        ],
        "passages": [passage_json(one) for one in answer.passages],
    }
    return ours | {key: value for key, value in (extra or {}).items() if key not in ours}


_PASSAGE = (
    *("id", "document", "title", "series", "edition", "covers", "part", "section", "kind", "language", "page"),
    *("page_label", "start", "end", "text", "url", "score", "scores", "highlights", "also_in", "citation"),
)
"""A passage's fields in the order that others' scripts know."""


def passage_json(cited: CitedPassage) -> Json:
    """One of an answer's passages."""
    passage = cited.hit.stored.passage
    page = passage.page, passage.page_label
    place = cited_json(cited.hit.document, passage.path, page, passage.start, passage.text, cited.citation)
    ours: Json = {
        "kind": passage.kind,
        "score": cited.hit.score,
        "scores": dict(cited.hit.scores),
        "highlights": [list(span) for span in cited.highlights],
        "also_in": [
            {"document": one.document, "edition": one.edition, "passage": one.passage} for one in cited.also_in
        ],
    }
    return {"rank": cited.rank} | {name: (place | ours)[name] for name in _PASSAGE}


def cited_json(
    document: DocumentInfo,
    path: Sequence[str],
    page: tuple[int | None, str | None],
    start: int,
    text: str,
    citation: str,
) -> Json:
    """A stretch of a document with its place and its citation; `page` is the file's page and the printed label."""
    end = start + len(text)
    return {
        "id": f"{document.id}@{start}-{end}",
        "document": document.id,
        "title": document.title,
        "series": document.series,
        "edition": document.edition,
        "covers": list(document.covers) if document.covers else None,
        "part": document.part,
        "section": list(path),
        "language": document.language,
        "page": page[0],
        "page_label": page[1],
        "start": start,
        "end": end,
        "text": text,
        "url": document.url,
        "citation": citation,
    }


def document_json(document: DocumentInfo) -> Json:
    """A document's metadata with the origin of each value, as `info --format json` lists it."""
    return {
        "id": document.id,
        "title": document.title,
        "series": document.series,
        "publisher": document.publisher,
        "edition": document.edition,
        "covers": list(document.covers) if document.covers else None,
        "published": document.published,
        "part": document.part,
        "url": document.url,
        "language": document.language,
        "passages": document.passages,
        "long_sentences": document.long_sentences,
        "furniture": document.furniture,
        "contradictions": list(document.contradictions),
        "source": document.source,
        "sha256": document.sha256,
        "origins": dict(document.origins),
    }


def outline_json(document: Document) -> list[Json]:
    """A document's outline in text order, as `outline --format json` gives it."""
    return [
        {
            "text": item.text,
            "kind": item.kind,
            "parent": item.parent,
            "level": item.level,
            "start": item.start,
            "end": item.end,
            "page": item.page,
            "page_label": item.page_label,
        }
        for item in document.outline
    ]


def excerpt_json(found: Excerpt) -> Json:
    """Return the object of `show --format json`."""
    page = found.page, found.page_label
    return {
        **cited_json(found.document, found.path, page, found.start, found.text, found.citation),
        "context": {
            "start": found.context_start,
            "end": found.context_end,
            "text": found.before + found.text + found.after,
        },
    }
