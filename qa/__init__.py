"""Questions about yearly publications, answered with verbatim, cited quotations.

The functions take an index folder, or a `Library` that was opened once:

>>> import qa
>>> library = qa.Library("index")
>>> answer = qa.ask(library, "How many merchant ships were escorted in 2015?")
>>> answer.answered, answer.passages[0].hit.document.edition
(True, 2016)
>>> print(answer.passages[0].citation)
Digest of the Diplomatic Bluebook 2016 (covers 2015), Chapter 3, 3.Global Security › ... › (Escorts)
>>> sentence = answer.sentences[0]
>>> document = library.index.document(sentence.passage.partition("@")[0])
>>> document.text[sentence.start : sentence.end] == sentence.text
True

Compare what the editions say about a topic, and check the quotations of a draft:

>>> comparison = qa.compare(library, "escorts of merchant ships")
>>> [match.edition.label for match in comparison.shown_matches if match.treated]
['2016', '2020']
>>> report = qa.check(library, f'The Bluebook says: "{sentence.text}"')
>>> report.counts["verbatim"], report.has_faults
(1, False)

Answer a file of questions, and measure the answers if it has judgements:

>>> evaluation = qa.evaluate(library, "questions.jsonl", out="results")
>>> evaluation.metrics["measures"]["Success@1"]["n"]
11

Filters restrict the documents: `qa.ask(library, "piracy", filters=qa.parse_filters(edition=["2016"]))`. Errors derive
from `qa.QuestionError`, `corpus.errors.CorpusError` and `index.errors.IndexFolderError`. Imports are lazy.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answering.library import Answer, Library
    from qa.checking.report import DraftReport
    from qa.editions.topic_comparison import Comparison
    from qa.errors import QuestionError
    from qa.evaluation.metrics import Evaluation
    from qa.question.filters import Filters, parse_filters

__all__ = [
    "Answer",
    "Comparison",
    "DraftReport",
    "Evaluation",
    "Filters",
    "Library",
    "QuestionError",
    "ask",
    "check",
    "compare",
    "evaluate",
    "parse_filters",
]

_MODULES = {
    "Answer": "qa.answering.library",
    "Comparison": "qa.editions.topic_comparison",
    "DraftReport": "qa.checking.report",
    "Evaluation": "qa.evaluation.metrics",
    "Filters": "qa.question.filters",
    "Library": "qa.answering.library",
    "QuestionError": "qa.errors",
    "parse_filters": "qa.question.filters",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def ask(library: Library | Path | str, question: str, k: int = 5, *, filters: Filters | None = None) -> Answer:
    """Answer a question.

    Args:
        library: An open library, or the folder of an index.
        question: The question.
        k: Number of passages in the answer.
        filters: Documents to search; all by default.

    Raises:
        QuestionError: The question has no word.
        index.errors.IndexFolderError: The folder has no usable index.
    """
    return _open(library).ask(question, k, filters)


def compare(library: Library | Path | str, topic: str, *, filters: Filters | None = None) -> Comparison:
    """Compare what the editions of a series say about a topic, edition by edition.

    Args:
        library: An open library, or the folder of an index.
        topic: The topic.
        filters: Documents to compare; all by default.

    Raises:
        QuestionError: The topic has no word, or no document has a series and an edition.
        index.errors.IndexFolderError: The folder has no usable index.
    """
    return _open(library).compare(topic, filters)


def check(library: Library | Path | str, draft: str | Path, *, filters: Filters | None = None) -> DraftReport:
    """Check the quotations and the attributed figures of a draft against the documents.

    Args:
        library: An open library, or the folder of an index.
        draft: The text of the draft, or the path of its file.
        filters: Documents to check against; all by default.

    Raises:
        QuestionError: No document matches the filters.
        corpus.errors.UnreadableFile: The file of the draft cannot be read.
        index.errors.IndexFolderError: The folder has no usable index.
    """
    from qa.checking.draft import from_text, read
    from qa.checking.report import check_draft

    return check_draft(_open(library), from_text(draft) if isinstance(draft, str) else read(draft), filters)


def evaluate(
    library: Library | Path | str,
    questions: Path | str,
    out: Path | str,
    *,
    k: int = 10,
    measures: Sequence[str] = (),
    filters: Filters | None = None,
) -> Evaluation:
    """Answer a file of questions, write the results to a folder, and measure them if there are judgements.

    Args:
        library: An open library, or the folder of an index.
        questions: A file of questions (jsonl, csv, txt) or a BEIR folder.
        out: The folder to write to.
        k: Number of passages per answer.
        measures: Further measures, by the names of ir-measures.
        filters: Documents to search; all by default.

    Raises:
        QuestionError: The questions, the measures or the folder cannot be used.
        index.errors.IndexFolderError: The folder has no usable index.
    """
    from qa.evaluation import evaluate as evaluation
    from qa.evaluation.metrics import DEFAULT_MEASURES
    from qa.evaluation.questions import read_questions

    return evaluation.evaluate(
        _open(library),
        read_questions(Path(questions)),
        Path(out),
        k=k,
        measures=[*DEFAULT_MEASURES, *measures],
        filters=filters,
    )


def _open(library: Library | Path | str) -> Library:
    from qa.answering import library as answering

    return answering.Library(Path(library)) if isinstance(library, str | Path) else library
