"""Question files sent to the form, and the results of their runs. Everything is deleted when the server stops.

Each batch has its own folder, with an unguessable name, in the server's temporary folder
(`qa.web.security.request_limits`).
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.translation import gettext as _
from corpus.translation import ngettext
from qa import limits
from qa.errors import JudgementError
from qa.evaluation.question_formats import Columns, guess_fields, inspect_columns, names_question_column
from qa.evaluation.questions import Questions, read_questions
from qa.web.render.batch import BatchResult
from qa.web.security.request_limits import UploadFolder

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt")
PASTED = "pasted-lines"
"""File name of pasted questions. It has no suffix, so that JSON lines are recognised by their content."""

MAX_BATCHES = 20
"""Batches stored at once, including files that were uploaded but not run; the oldest idle batch is deleted first."""

_UNSAFE = re.compile(r"[^\w. -]|^\.+", re.ASCII)


@dataclass(frozen=True, slots=True)
class PreparedQuestions:
    """A parsed question file: its columns, the column chosen for each field (None for plain lines), its questions.

    `questions` is None when the file cannot be run; `problem` says why. `is_clear` is False when the user should check
    which column holds the question.
    """

    name: str
    questions: Questions | None
    problem: str = ""
    columns: Columns | None = None
    chosen: Mapping[str, str] | None = None
    is_clear: bool = True

    @property
    def judged(self) -> int:
        """Number of questions with judgements."""
        return sum(item.evidence is not None for item in self.questions.items) if self.questions is not None else 0

    def remarks(self) -> list[str]:
        """Return what the user should know before running the questions."""
        if self.questions is None:
            return [f"{self.name}: {self.problem}"]
        remarks = list(self.questions.notices)
        overlong = sum(len(" ".join(item.text.split())) > limits.QUESTION.value for item in self.questions.items)
        if overlong:
            remarks.append(
                ngettext(
                    "%(count)s question is longer than %(limit)s characters: the rest is ignored",
                    "%(count)s questions are longer than %(limit)s characters: the rest is ignored",
                    overlong,
                    limit=f"{limits.QUESTION.value:,}",
                )
            )
        if not self.is_clear and self.chosen is not None:
            column = self.chosen["question"]
            remarks.append(
                _('No column is called "question"; using "%(column)s". Please check the columns below.', column=column)
            )
            if column.rstrip().endswith("?"):
                remarks.append(_("The first line was read as column names: add a line with their names above it."))
        return remarks


def prepare(path: Path, chosen: Mapping[str, str] | None = None) -> PreparedQuestions:
    """Parse a question file.

    Args:
        path: The file.
        chosen: The column of each field; guessed from the column names when None.
    """
    columns: Columns | None = None
    try:
        _check_size(path)
        columns = inspect_columns(path)
        if columns is not None and chosen is None:
            chosen = guess_fields(columns)
        questions = _read_questions(path, chosen)
    except JudgementError as error:
        # the path is inside the server's temporary folder: show the file name only
        problem = str(error).replace(f"{path}: ", "").replace(str(path), path.name)
        return PreparedQuestions(path.name, None, problem, columns, chosen, columns is None)
    return PreparedQuestions(
        path.name, questions, "", columns, chosen, columns is None or names_question_column(columns)
    )


def _check_size(path: Path) -> None:
    if path.suffix.lower() not in {*SUFFIXES, ""}:
        raise JudgementError(
            _(
                "%(suffix)s is not a question file: please choose one of %(suffixes)s",
                suffix=path.suffix,
                suffixes=", ".join(SUFFIXES),
            )
        )
    if (size := path.stat().st_size) > limits.FORM_FILE.value:
        raise JudgementError(
            _(
                "%(size)s bytes is over the limit of %(limit)s: please split the file",
                size=f"{size:,}",
                limit=f"{limits.FORM_FILE.value:,}",
            )
        )


def _read_questions(path: Path, chosen: Mapping[str, str] | None) -> Questions:
    if chosen is not None and "question" not in chosen:
        raise JudgementError(_("no column is chosen for the question: please choose it below"))
    questions = read_questions(path, columns=chosen)
    if len(questions) > limits.FORM_QUESTIONS.value:
        raise JudgementError(
            _(
                "%(count)s questions are over the limit of %(limit)s: please split the file, or use "
                "`yearbook-qa evaluate`",
                count=f"{len(questions):,}",
                limit=f"{limits.FORM_QUESTIONS.value:,}",
            )
        )
    return questions


@dataclass(slots=True)
class Batch:
    """A question file and, after its run, the result."""

    token: str
    folder: Path
    prepared: PreparedQuestions | None = None
    result: BatchResult | None = None
    running: bool = False
    stopped: bool = False
    """Whether the user asked to stop the run."""

    @property
    def source(self) -> Path:
        """The question file."""
        (file,) = (self.folder / "questions").iterdir()
        return file

    @property
    def out(self) -> Path:
        """The output folder of the run."""
        return self.folder / "out"


class Batches:
    """All batches, the latest last. Thread-safe."""

    def __init__(self, upload_folder: UploadFolder) -> None:
        self._upload_folder = upload_folder
        self._folder = upload_folder.subfolder(self._delete_oldest)
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # also when the program ends
        self._batches: dict[str, Batch] = {}
        self._lock = threading.Lock()

    def add(self, name: str, content: bytes | Path) -> Batch:
        """Create a batch from the bytes of a question file, or from a file, which is moved.

        Raises:
            RequestRefused: The temporary folder is full.
        """
        if isinstance(content, bytes):
            with self._upload_folder.reserved(len(content)):
                return self._store(name, content)
        return self._store(name, content)

    def _store(self, name: str, content: bytes | Path) -> Batch:
        token = secrets.token_urlsafe(16)
        batch = Batch(token, self._folder / token)
        target = batch.folder / "questions" / (_UNSAFE.sub("_", name)[-100:] or "questions")
        target.parent.mkdir(parents=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.move(content, target)
        with self._lock:
            self._batches[token] = batch
            idle = [stored for stored in self._batches.values() if not stored.running]
            superseded = idle[: max(0, len(self._batches) - MAX_BATCHES)]
            for stored in superseded:
                del self._batches[stored.token]
        for stored in superseded:
            shutil.rmtree(stored.folder, ignore_errors=True)
        return batch

    def _delete_oldest(self) -> bool:
        """Delete the oldest idle batch; return whether there was one."""
        with self._lock:
            oldest = next((batch for batch in self._batches.values() if not batch.running), None)
            if oldest is None:
                return False
            del self._batches[oldest.token]
        shutil.rmtree(oldest.folder, ignore_errors=True)
        return True

    def find(self, token: str) -> Batch | None:
        """Return the batch with this token; None if it is unknown or was deleted."""
        with self._lock:
            return self._batches.get(token)
