"""A file of questions, or pasted lines, as they come from a browser: read, or refused with a line for the user.

Reading itself is that of `evaluate`; here are the limits of what one page may ask, and the columns that it may name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa import limits
from qa.errors import JudgementError
from qa.evaluation.question_formats import Columns, guess_fields, inspect_columns, names_question_column
from qa.evaluation.questions import Questions, read_questions

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt")
PASTED = "pasted-lines"
"""The name of what was pasted; without a suffix, so that lines of JSON are known by how they begin."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was looked at: its columns and which field each is (None for plain lines), and its questions.

    `questions` is None where it cannot be asked, and `problem` says why. `is_clear` is False where a person should
    check which column is the question.
    """

    name: str
    questions: Questions | None
    problem: str = ""
    columns: Columns | None = None
    chosen: Mapping[str, str] | None = None
    is_clear: bool = True

    @property
    def judged(self) -> int:
        """Questions with judgements."""
        return sum(one.evidence is not None for one in self.questions.items) if self.questions is not None else 0


def prepare(path: Path, chosen: Mapping[str, str] | None = None) -> Prepared:
    """Look at a file, with the columns that were chosen for our fields, else with those that it seems to have."""
    columns: Columns | None = None
    try:
        _check(path)
        columns = inspect_columns(path)
        if columns is not None and chosen is None:
            chosen = guess_fields(columns)
        questions = _questions(path, chosen)
    except JudgementError as error:
        # the file lies in a folder of the server's, which is nobody's concern
        problem = str(error).replace(f"{path}: ", "").replace(str(path), path.name)
        return Prepared(path.name, None, problem, columns, chosen, columns is None)
    clear = columns is None or names_question_column(columns)
    return Prepared(path.name, questions, "", columns, chosen, clear)


def _check(path: Path) -> None:
    if path.suffix.lower() not in {*SUFFIXES, ""}:
        raise JudgementError(f"{path.suffix} files hold no questions: give one of {', '.join(SUFFIXES)}")
    if (size := path.stat().st_size) > limits.FORM_FILE.value:
        raise JudgementError(f"{size:,} bytes: a file of questions may have {limits.FORM_FILE.value:,} here. Split it.")


def _questions(path: Path, chosen: Mapping[str, str] | None) -> Questions:
    if chosen is not None and "question" not in chosen:
        raise JudgementError("which column is the question? Choose it below.")
    questions = read_questions(path, columns=chosen)
    if len(questions) > limits.FORM_QUESTIONS.value:
        raise JudgementError(
            f"{len(questions):,} questions: at most {limits.FORM_QUESTIONS.value:,} are asked at once here. "
            "Split the file, or use `yearbook-qa evaluate`."
        )
    return questions


def remarks(prepared: Prepared) -> list[str]:
    """What the user should know of a file before its questions are asked."""
    if prepared.questions is None:
        return [f"{prepared.name}: {prepared.problem}"]
    found = list(prepared.questions.notices)
    long = sum(len(" ".join(one.text.split())) > limits.QUESTION.value for one in prepared.questions.items)
    if long:
        count = "1 question is" if long == 1 else f"{long:,} questions are"
        found.append(f"{count} longer than {limits.QUESTION.value:,} characters: only that much is read")
    if not prepared.is_clear and prepared.chosen is not None:
        found.append(f'No column is called "question": is it "{prepared.chosen["question"]}"? Check the columns below.')
        if prepared.chosen["question"].rstrip().endswith("?"):
            found.append("The first line was taken for the names of the columns: put a line with their names above it.")
    return found
