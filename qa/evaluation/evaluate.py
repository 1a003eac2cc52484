"""Answer a file of questions and write the results to a folder.

The folder gets `answers.jsonl` (one answer per line, in the order of the questions), `run.trec` (the rankings),
`report.html` and, if there are judgements, `qrels.trec` and `metrics.json`. The files are renamed into place together,
at the end: a cancelled run leaves the results of an earlier one untouched.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from index.errors import IndexFolderError
from qa.answering.library import Answer, Library
from qa.citation import CitedPassage
from qa.errors import EmptyQuestion, JudgementError
from qa.evaluation import html_report
from qa.evaluation.judgements import Judge
from qa.evaluation.metrics import (
    DEFAULT_MEASURES,
    METRICS,
    EarlierRun,
    Evaluation,
    canonical_names,
    compute_metrics,
    compute_values,
    cutoff,
    mean_with_interval,
    parse_thresholds,
    read_earlier_run,
)
from qa.evaluation.outcome import Outcome, make_outcome
from qa.evaluation.questions import Question, Questions
from qa.output.json_objects import answer_line
from qa.question.analysis import Interpretation, QuestionAnalysis, has_words
from qa.question.filters import Filters

ANSWERS, RUN, QRELS, REPORT = "answers.jsonl", "run.trec", "qrels.trec", "report.html"

RUN_TAG = "yearbook-qa"
"""Name of the run in the last column of run.trec."""

DEPTH = 100
"""Minimum depth of the rankings in run.trec."""

MAX_DEEPENING = 8
"""Maximum passages searched to rank DEPTH documents, as a multiple of DEPTH."""

ENCODED_AT_ONCE = 64
"""Questions analysed and encoded in one batch."""


class Cancelled(Exception):
    """The run was stopped by its caller; nothing was written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run; the last one carries the evaluation."""

    done: int
    total: int
    evaluation: Evaluation | None = None


def evaluate(
    library: Library,
    questions: Questions,
    out: Path,
    *,
    k: int = 10,
    filters: Filters | None = None,
    against: Path | None = None,
    measures: Sequence[str] = DEFAULT_MEASURES,
    progress: Callable[[str, int, int], object] | None = None,
) -> Evaluation:
    """Answer all questions and write the results.

    Args:
        library: The library to ask.
        questions: The questions, with their judgements if there are any.
        out: The folder to write to.
        k: Passages per answer.
        filters: Filters for every question; a question's own filters of the same kind take precedence.
        against: The `out` folder of an earlier run to compare with.
        measures: Names of measures, as ir-measures writes them.
        progress: Called with ("questions", done, total); if it returns False, the run is cancelled.

    Raises:
        JudgementError: A measure is unknown, the earlier run cannot be read, or the results cannot be written.
        Cancelled: `progress` returned False.
    """
    steps = evaluate_stepwise(library, questions, out, k=k, filters=filters, against=against, measures=measures)
    with closing(steps):
        for step in steps:
            if step.evaluation is not None:
                return step.evaluation
            if progress is not None and progress("questions", step.done, step.total) is False:
                break
    raise Cancelled(f"{out}: cancelled, nothing was written")


def evaluate_stepwise(
    library: Library,
    questions: Questions,
    out: Path,
    *,
    k: int = 10,
    filters: Filters | None = None,
    against: Path | None = None,
    measures: Sequence[str] = DEFAULT_MEASURES,
) -> Generator[Progress, None, None]:
    """Like `evaluate`, but yield after each question; closing the generator cancels the run."""
    names = canonical_names(measures)
    earlier = read_earlier_run(against) if against is not None else None
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JudgementError(f"{out}: cannot create the folder ({error.strerror}): choose another --out DIR") from error
    yield from _Run(library, questions, out, k, filters or Filters(), names, earlier).steps()


def missed_thresholds(evaluation: Evaluation, thresholds: Sequence[str]) -> list[str]:
    """Return a line for each threshold (such as `S@1=.8`) that the run misses. Raises JudgementError."""
    parsed = parse_thresholds(thresholds)
    values = compute_values([threshold.measure for threshold in parsed], evaluation.outcomes) if parsed else {}
    missed: list[str] = []
    for threshold in parsed:
        mean = mean_with_interval(list(values[threshold.measure].values()))
        if mean is None:
            missed.append(f"{threshold.measure} is unknown: {evaluation.source} has no judged question")
        elif mean.value < threshold.value - 1e-9:
            missed.append(f"{threshold.measure} is {mean.value:.4f}, less than {threshold.value:g}")
    return missed


def merge_filters(own: Filters, general: Filters) -> Filters:
    """Return a question's own filters, with those of the run for each kind that it does not set."""
    return Filters(
        series=own.series or general.series,
        edition=own.edition or general.edition,
        covers=own.covers or general.covers,
        document=own.document or general.document,
    )


@dataclass(slots=True)
class _Run:
    """The state of one run."""

    library: Library
    questions: Questions
    out: Path
    k: int
    filters: Filters
    names: Sequence[str]
    earlier: EarlierRun | None
    seconds: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    depth: int = field(init=False)
    generation: int = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.depth = max(self.k, DEPTH)
        self.generation = self.library.index.manifest.generation
        self.judge = Judge(self.library.index, self.questions.items)

    def steps(self) -> Iterator[Progress]:
        parts = [self.out / f"{name}.part" for name in (ANSWERS, RUN, QRELS, METRICS, REPORT)]
        total = len(self.questions)
        try:
            with ExitStack() as stack:
                answers, run = (
                    stack.enter_context(path.open("w", encoding="utf-8", errors="replace", newline="\n"))
                    for path in parts[:2]
                )
                yield Progress(0, total)
                for question, answer, ranked in self._answers():
                    answers.write(json.dumps(answer_line(answer, _extra_fields(question)), ensure_ascii=False) + "\n")
                    self.outcomes.append(make_outcome(question, answer, self.judge, ranked, self.depth))
                    run.writelines(run_lines(self.outcomes[-1]))
                    yield Progress(len(self.outcomes), total)
            evaluation = self._evaluation()
            self._write(evaluation)
            for part in parts:
                final = part.with_suffix("")
                if part.exists():
                    part.replace(final)
                else:
                    final.unlink(missing_ok=True)  # from an earlier run: its figures do not belong to these answers
        except IndexFolderError:
            raise
        except OSError as error:
            reason = error.strerror or error
            raise JudgementError(f"{self.out}: the results could not be written ({reason})") from error
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        yield Progress(total, total, evaluation)

    def _answers(self) -> Iterator[tuple[Question, Answer, Sequence[CitedPassage]]]:
        """Yield each question with its answer and the ranking that is judged."""
        items = self.questions.items
        started = time.perf_counter()
        with ThreadPoolExecutor(self.library.parallel_questions) as threads:
            try:
                for first in range(0, len(items), ENCODED_AT_ONCE):
                    batch = items[first : first + ENCODED_AT_ONCE]
                    asked = [question for question in batch if has_words(question.text)]
                    analyses = self.library.analyse(
                        [(question.text, merge_filters(question.filters, self.filters)) for question in asked]
                    )
                    answers = threads.map(self._answer, asked, analyses)
                    for question in batch:
                        if has_words(question.text):
                            answer, ranked = next(answers)
                            yield question, answer, ranked
                        else:
                            yield question, self._empty_answer(question), ()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                self.seconds = time.perf_counter() - started

    def _empty_answer(self, question: Question) -> Answer:
        notices = (*self.library.notices, str(EmptyQuestion()))
        understood = Interpretation(filters=merge_filters(question.filters, self.filters))
        return Answer(question.id, question.text, understood, False, 0.0, (), (), notices)

    def _answer(self, question: Question, analysis: QuestionAnalysis) -> tuple[Answer, Sequence[CitedPassage]]:
        answer = self.library.answer(analysis, self.k, id=question.id, depth=self.depth)
        if self.judge.unit == "document":
            return answer, [*answer.ranking, *self._further_documents(analysis, answer.ranking)]
        return answer, answer.ranking

    def _further_documents(self, analysis: QuestionAnalysis, ranked: Sequence[CitedPassage]) -> list[CitedPassage]:
        """Search deeper until DEPTH documents are ranked; return the best passage of each document not in `ranked`."""
        documents = {cited.hit.document.id for cited in ranked}
        available = len(self.library.corpus_facts.filtered(analysis.interpretation.filters).documents)
        wanted = min(self.depth, available)
        limit = MAX_DEEPENING * self.depth
        searched, returned, further = self.depth, len(ranked), list[CitedPassage]()
        while len(documents) < wanted and searched <= returned and searched < limit:
            # assume that new documents appear at the same rate further down
            estimate = 1.2 * self.depth * returned / max(len(documents), 1)
            searched = min(max(2 * searched, int(estimate)), limit)
            deeper = self.library.answer(analysis, 1, depth=searched).ranking
            returned = len(deeper)
            for cited in deeper:
                if cited.hit.document.id not in documents:
                    documents.add(cited.hit.document.id)
                    further.append(cited)
        return further

    def _evaluation(self) -> Evaluation:
        values = compute_values(self.names, self.outcomes)
        metrics = compute_metrics(self.outcomes, values, self.earlier)
        notices = [*self.questions.notices, *self._notices()]
        rate = round(len(self.outcomes) / self.seconds, 3) if self.seconds > 0 else None
        if metrics is not None:
            model = self.library.index.manifest.model.name
            per_question = metrics.pop("per_question")
            metrics |= {
                "run": {"k": self.k, "depth": self.depth, "unit": self.judge.unit, "model": model},
                "speed": {"seconds": round(self.seconds, 3), "questions_per_second": rate},
                "notices": notices,
                "per_question": per_question,
            }
        return Evaluation(
            out=self.out,
            source=self.questions.source,
            k=self.k,
            depth=self.depth,
            unit=self.judge.unit,
            outcomes=tuple(self.outcomes),
            seconds=self.seconds,
            values=values,
            metrics=metrics,
            notices=tuple(notices),
        )

    def _notices(self) -> Iterator[str]:
        missing = [outcome for outcome in self.outcomes if outcome.judged.missing]
        if missing:
            first = missing[0]
            yield ngettext(
                "%(count)s question is judged by evidence that this index does not contain, counted as not found "
                '(question "%(id)s": %(missing)s)',
                "%(count)s questions are judged by evidence that this index does not contain, counted as not found "
                '(question "%(id)s": %(missing)s)',
                len(missing),
                id=first.question.id[:60],
                missing=first.judged.missing[0],
            )
        empty = sum(not outcome.question.text.strip() for outcome in self.outcomes)
        if empty:
            yield ngettext(
                "%(count)s question is empty: recorded as unanswered",
                "%(count)s questions are empty: recorded as unanswered",
                empty,
            )
        deep = [name for name in self.names if (cutoff(name) or 0) > self.depth]
        if deep:
            yield _(
                "%(measures)s: rankings are %(depth)s deep (raise it with -k %(cutoff)s)",
                measures=join_items(deep),
                depth=self.depth,
                cutoff=cutoff(deep[0]),
            )
        if self.library.index.manifest.generation != self.generation:
            yield _("the index was changed during the run: the answers come from both generations")
        if self.earlier is not None and not any(outcome.judged.ranked for outcome in self.outcomes):
            yield f"no question was judged: nothing to compare with {self.earlier.folder}"

    def _write(self, evaluation: Evaluation) -> None:
        if evaluation.metrics is not None:
            text = json.dumps(evaluation.metrics, ensure_ascii=False, indent=1)
            (self.out / f"{METRICS}.part").write_text(text + "\n", encoding="utf-8", errors="replace")
            lines = (line for outcome in evaluation.outcomes for line in qrels_lines(outcome))
            (self.out / f"{QRELS}.part").write_text("".join(lines), encoding="utf-8", errors="replace", newline="\n")
        html = html_report.report_html(evaluation)
        (self.out / f"{REPORT}.part").write_text(html, encoding="utf-8", errors="replace")


def run_lines(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of a ranking in TREC's format: question, `Q0`, unit, rank from 1, score, name of the run."""
    for rank, (unit, score) in enumerate(zip(outcome.ranking, outcome.scores, strict=True), 1):
        yield f"{_trec_id(outcome.question.id)} Q0 {_trec_id(unit)} {rank} {score:.6f} {RUN_TAG}\n"


def qrels_lines(outcome: Outcome) -> Iterator[str]:
    """Yield the judgements of a question in TREC's format: question, `0`, unit, grade."""
    for unit, grade in outcome.judged.grades.items():
        yield f"{_trec_id(outcome.question.id)} 0 {_trec_id(unit)} {grade}\n"


def _trec_id(text: str) -> str:
    """Percent-encode white space, which separates the columns."""
    return re.sub(r"\s", lambda match: quote(match[0], safe=""), text)


def _extra_fields(question: Question) -> dict[str, object]:
    """Return a question's other fields; those named like a field of the answer are moved into `given`."""
    reserved = {"id", "question", "understood", "notices", "answered", "confidence", "answer", "passages"}
    extra = {key: value for key, value in question.extra.items() if key not in reserved}
    clashing = {key: value for key, value in question.extra.items() if key in reserved}
    return extra | ({"given": clashing} if clashing and "given" not in extra else {})
