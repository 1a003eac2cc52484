"""A file of questions, asked many at once, and a folder of what came out.

Written are `answers.jsonl` (an answer a line, in the order of the questions), `run.trec` (the rankings, for any tool of
the field), and where there are judgements `qrels.trec` and `metrics.json`; `report.html` shows it all. Files appear at
the end, together: a run that is stopped leaves an earlier one as it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexFolderError
from index.models.encoder import Vectors
from qa.answering.library import Answer, Library
from qa.citation import CitedPassage
from qa.errors import EmptyQuestion, JudgementError
from qa.evaluation import html_report
from qa.evaluation import measures as figures
from qa.evaluation.judgements import Judge
from qa.evaluation.measures import DEFAULT_MEASURES
from qa.evaluation.metrics import METRICS, Earlier, Evaluation, metrics, read_earlier, values_of
from qa.evaluation.outcome import Outcome, outcome
from qa.evaluation.questions import Question, Questions
from qa.evaluation.trec import qrels_lines, run_lines
from qa.output.json_objects import answer_json
from qa.question.analysis import Interpretation
from qa.question.filters import Filters

ANSWERS, RUN, QRELS, REPORT = "answers.jsonl", "run.trec", "qrels.trec", "report.html"

DEPTH = 100
"""Rankings in run.trec go at least so deep."""

MOST_LOOKED_FOR = 8
"""For rankings of documents, so many times as many passages are looked through at most."""

ENCODED_AT_ONCE = 64


class Cancelled(Exception):
    """The run was stopped by its caller; nothing was written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. The last one bears the evaluation."""

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
    """Ask all questions and write what came out into the folder `out`.

    `progress` is called with what is done, how many of how many; when it returns False, the run stops with Cancelled.
    Raises JudgementError for an unknown measure or an earlier run that cannot be read, before anything is asked.
    """
    steps = evaluate_stepwise(library, questions, out, k=k, filters=filters, against=against, measures=measures)
    with closing(steps):
        for step in steps:
            if step.evaluation is not None:
                return step.evaluation
            if progress is not None and progress("questions", step.done, step.total) is False:
                break
    raise Cancelled(f"{out}: stopped, nothing was written")


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
    """As `evaluate`, a step a question: whoever closes it, or asks for no further step, stops the run.

    Raises as `evaluate`, but for Cancelled.
    """
    names = figures.canonical_names(measures)
    earlier = read_earlier(against) if against is not None else None
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JudgementError(f"{out}: cannot be a folder ({error.strerror}): name another with --out DIR") from error
    yield from _Run(library, questions, out, k, filters or Filters(), names, earlier).steps()


def missed_thresholds(evaluation: Evaluation, limits: Sequence[str]) -> list[str]:
    """One line for each of the limits (as `S@1=.8`) that the run misses. Raises JudgementError for what is no limit."""
    wanted = figures.parse_limits(limits)
    values = values_of(list({one.measure: None for one in wanted}), evaluation.outcomes) if wanted else {}
    missed: list[str] = []
    for limit in wanted:
        found = figures.figure(list(values[limit.measure].values()))
        if found is None:
            missed.append(f"{limit.measure} is unknown: no question of {evaluation.source} was judged")
        elif found.value < limit.value - 1e-9:
            missed.append(f"{limit.measure} is {found.value:.4f}, less than {limit.value:g}")
    return missed


def merge_filters(own: Filters, general: Filters) -> Filters:
    """A question's own filters; for a kind of which it has none, those of the whole run."""
    return Filters(
        series=own.series or general.series,
        edition=own.edition or general.edition,
        covers=own.covers or general.covers,
        document=own.document or general.document,
    )


class _Run:
    """One run, question by question."""

    def __init__(
        self,
        library: Library,
        questions: Questions,
        out: Path,
        k: int,
        filters: Filters,
        names: Sequence[str],
        earlier: Earlier | None,
    ) -> None:
        self.library, self.questions, self.out = library, questions, out
        self.k, self.depth = k, max(k, DEPTH)
        self.filters, self.names, self.earlier = filters, names, earlier
        index = library.index
        self.generation = index.manifest.generation
        self.judge = Judge(index, questions.items)
        self.seconds = 0.0
        self.outcomes: list[Outcome] = []

    def steps(self) -> Iterator[Progress]:
        parts = [self.out / f"{name}.part" for name in (ANSWERS, RUN, QRELS, METRICS, REPORT)]
        total = len(self.questions)
        try:
            with ExitStack() as stack:
                answers, rankings = (
                    stack.enter_context(path.open("w", encoding="utf-8", errors="replace", newline="\n"))
                    for path in parts[:2]
                )
                yield Progress(0, total)
                for question, answer, ranked in self._answers():
                    answers.write(json.dumps(answer_json(answer, _carried(question)), ensure_ascii=False) + "\n")
                    self.outcomes.append(outcome(question, answer, self.judge, ranked, self.depth))
                    rankings.writelines(run_lines(self.outcomes[-1]))
                    yield Progress(len(self.outcomes), total)
            evaluation = self._evaluation()
            self._write(evaluation)
            for part in parts:
                final = part.with_suffix("")
                if part.exists():
                    part.replace(final)
                else:
                    final.unlink(missing_ok=True)  # of an earlier run: its figures are not these answers'
        except IndexFolderError:
            raise
        except OSError as error:
            why = error.strerror or error
            raise JudgementError(f"{self.out}: the results could not be written ({why})") from error
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        yield Progress(total, total, evaluation)

    def _answers(self) -> Iterator[tuple[Question, Answer, Sequence[CitedPassage]]]:
        items = self.questions.items
        begin = time.perf_counter()
        with ThreadPoolExecutor(self.library.at_once) as threads:
            try:
                for first in range(0, len(items), ENCODED_AT_ONCE):
                    batch = items[first : first + ENCODED_AT_ONCE]
                    searched = [self.library.searched(one.text) for one in batch]
                    vectors = self.library.encoder.encode(searched, query=True)
                    found = threads.map(self._answer, batch, vectors)
                    for question, (answer, ranked) in zip(batch, found, strict=True):
                        yield question, answer, ranked
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                self.seconds = time.perf_counter() - begin

    def _answer(self, question: Question, vector: Vectors) -> tuple[Answer, Sequence[CitedPassage]]:
        """The answer to a question, and the ranking that is judged."""
        filters = merge_filters(question.filters, self.filters)
        try:
            answer = self.library.answer(question.text, vector, self.k, filters, id=question.id, depth=self.depth)
        except EmptyQuestion as error:
            understood = Interpretation(filters=filters)
            notices = (*self.library.notices, str(error))
            answer = Answer(question.id, question.text, understood, False, 0.0, (), (), notices)
        ranked = list(answer.depth or answer.passages)
        if self.judge.unit == "document":
            ranked += self._deeper(question, vector, filters, ranked)
        return answer, ranked

    def _deeper(
        self, question: Question, vector: Vectors, filters: Filters, ranked: Sequence[CitedPassage]
    ) -> list[CitedPassage]:
        """Further passages, of documents that are not among these, where these are of too few documents."""
        documents = {one.hit.document.id for one in ranked}
        reachable = len(self.library.corpus_facts.filtered(filters).documents)
        asked, more = self.depth, list[CitedPassage]()
        found = len(ranked)
        while len(documents) < min(self.depth, reachable) and found >= asked and asked < MOST_LOOKED_FOR * self.depth:
            likely = 1.2 * self.depth * found / max(len(documents), 1)  # if documents go on as densely as so far
            asked = min(max(2 * asked, int(likely)), MOST_LOOKED_FOR * self.depth)
            answer = self.library.answer(question.text, vector, 1, filters, id=question.id, depth=asked)
            found = len(answer.depth)
            for one in answer.depth:
                if one.hit.document.id not in documents:
                    documents.add(one.hit.document.id)
                    more.append(one)
        return more

    def _evaluation(self) -> Evaluation:
        values = values_of(self.names, self.outcomes)
        found = metrics(self.outcomes, values, self.earlier)
        notices = [*self.questions.notices, *self._notices()]
        rate = round(len(self.outcomes) / self.seconds, 3) if self.seconds > 0 else None
        if found is not None:
            model = self.library.index.manifest.model.name
            run_facts = {"k": self.k, "depth": self.depth, "unit": self.judge.unit, "model": model}
            speed = {"seconds": round(self.seconds, 3), "questions_per_second": rate}
            per_question = found.pop("per_question")
            found |= {"run": run_facts, "speed": speed, "notices": notices, "per_question": per_question}
        return Evaluation(
            out=self.out,
            source=self.questions.source,
            k=self.k,
            depth=self.depth,
            unit=self.judge.unit,
            outcomes=tuple(self.outcomes),
            seconds=self.seconds,
            values=values,
            metrics=found,
            notices=tuple(notices),
        )

    def _notices(self) -> Iterator[str]:
        missing = [one for one in self.outcomes if one.judged.missing]
        if missing:
            first = missing[0]
            yield (
                f"{_questions(len(missing))} judged by what this index does not hold, which counts as not found "
                f'(question "{first.question.id[:60]}": {first.judged.missing[0]})'
            )
        empty = sum(not one.question.text.strip() for one in self.outcomes)
        if empty:
            yield f"{_questions(empty)} empty: recorded as unanswered"
        deep = [name for name in self.names if (figures.cutoff(name) or 0) > self.depth]
        if deep:
            yield f"{', '.join(deep)}: rankings are {self.depth} deep (-k {figures.cutoff(deep[0])} makes them deeper)"
        if self.library.index.manifest.generation != self.generation:
            yield "the index was changed during the run: the answers come from both of its states"
        if self.earlier is not None and not any(one.judged.ranked for one in self.outcomes):
            yield f"no question was judged: nothing to hold against {self.earlier.folder}"

    def _write(self, evaluation: Evaluation) -> None:
        if evaluation.metrics is not None:
            text = json.dumps(evaluation.metrics, ensure_ascii=False, indent=1)
            (self.out / f"{METRICS}.part").write_text(text + "\n", encoding="utf-8", errors="replace")
            lines = (line for one in evaluation.outcomes for line in qrels_lines(one))
            (self.out / f"{QRELS}.part").write_text("".join(lines), encoding="utf-8", errors="replace", newline="\n")
        html = html_report.render(evaluation)
        (self.out / f"{REPORT}.part").write_text(html, encoding="utf-8", errors="replace")


def _questions(count: int) -> str:
    return "1 question is" if count == 1 else f"{count:,} questions are"


def _carried(question: Question) -> dict[str, object]:
    """A question's further fields; those that an answer has of its own stand under `given`."""
    ours = {"id", "question", "understood", "notices", "answered", "confidence", "answer", "passages"}
    carried = {key: value for key, value in question.extra.items() if key not in ours}
    taken = {key: value for key, value in question.extra.items() if key in ours}
    return carried | ({"given": taken} if taken and "given" not in carried else {})
