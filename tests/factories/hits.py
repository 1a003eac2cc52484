"""Documents, hits and a small catalogue of editions, for tests that need no index."""

from __future__ import annotations

from typing import Any

from corpus.records import Passage, Sentence
from index.lexical.analysis import terms
from index.ranking.search import Hit
from index.storage.reader import DocumentInfo, StoredPassage
from qa.question.corpus_facts import CorpusFacts


def make_document(identifier: str = "a", **fields: Any) -> DocumentInfo:
    """Return an English document without metadata; `covers` may be a single year."""
    covers = fields.pop("covers", None)
    defaults: dict[str, Any] = {
        "number": hash(identifier) % 1000, "title": identifier, "series": None, "publisher": None, "edition": None,
        "covers": (covers, covers) if isinstance(covers, int) else covers, "published": None, "part": None, "url": None,
        "language": "en", "source": "", "sha256": "", "identity": "", "origins": {}, "passage_count": 1,
        "long_sentences": 0,
    }  # fmt: skip
    return DocumentInfo(id=identifier, **(defaults | fields))


def make_hit(document: DocumentInfo, *sentences: tuple[str, float]) -> Hit:
    """Return a hit of a passage with these sentences, each with its cosine."""
    text = " ".join(sentence for sentence, _ in sentences)
    spans, start = [], 0
    for sentence, _ in sentences:
        spans.append(Sentence(start, start + len(sentence)))
        start += len(sentence) + 1
    passage = Passage(document.id, None, "section", (), "", text, 0, len(text), tuple(spans))
    stored = StoredPassage(1, document.number, 0, passage, tuple(terms(text)), 0, tuple(range(len(spans))))
    return Hit(stored, document, 1.0, {}, tuple(similarity for _, similarity in sentences))


BLUE16 = make_document("b16", series="Maritime Bluebook", edition=2016, covers=2015)
BLUE20 = make_document("b20", series="Maritime Bluebook", edition=2020, covers=2019)
PAPER16 = make_document("w16", series="White Paper on Fisheries", edition=2016, covers=2016)
DOCUMENTS = [BLUE16, BLUE20, PAPER16]
FACTS = CorpusFacts.of(DOCUMENTS)
