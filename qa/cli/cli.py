"""The command line. Commands import heavy modules when they run, so that help appears at once.

Exit codes: 0, 1 for an error (`CommandError`) or a negative result of a check, 2 for wrong usage, 130 after an
interruption.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import click

from qa.cli.commands.collections import collection
from qa.cli.commands.documents import doctor, index, info, outline, remove
from qa.cli.commands.editions import check, compare, watch
from qa.cli.commands.questions import ask, evaluate, show
from qa.cli.commands.serving import hash_password, mcp, serve
from qa.cli.commands.shared import CommandError, FullHelpGroup, notify

ENOUGH_MEMORY = 4 << 30
"""Bytes of address space; an index of the samples needs 2 GB on two cores, most of it reserved for threads only."""


class ErrorReportingGroup(FullHelpGroup):
    """A group that turns known errors of its commands into one line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except BaseException as error:
            from index.errors import is_panic

            line = _error_line(error) if isinstance(error, Exception) or is_panic(error) else None
            if line is None:
                raise
            raise CommandError(line) from error


def _low_memory_limit() -> int | None:
    """Return how many bytes of address space this process may use if they are few, else None."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    return allowed if allowed != resource.RLIM_INFINITY and allowed < ENOUGH_MEMORY else None


def _note_memory_limit() -> None:
    """Warn if little memory is allowed: native libraries end the process without a message when they get none."""
    allowed = _low_memory_limit()
    if allowed is not None:
        notify(
            f"note: this process may use {allowed >> 20:,} MB of memory (ulimit -v), and reserved memory counts: if it "
            "ends without a result, raise that limit; an index stays as it was"
        )


def _error_line(error: BaseException) -> str | None:
    """Return the message of an error that is not a bug, or None."""
    import sqlite3

    from corpus.errors import CorpusError
    from index.errors import REMEDY, ClusterError, IndexFolderError, ModelError, UnknownPassage, is_out_of_memory
    from qa.errors import FilterError, PasswordFileError, QuestionError

    if isinstance(error, FilterError):
        raise click.UsageError(str(error)) from error
    known = CorpusError | IndexFolderError | ModelError | UnknownPassage | QuestionError | PasswordFileError
    if isinstance(error, known | ClusterError):
        return str(error)
    if isinstance(error, sqlite3.DatabaseError):
        return f"the index is damaged ({error}): {REMEDY}"
    if is_out_of_memory(error) or (isinstance(error, ImportError) and _low_memory_limit() is not None):
        return f"not enough memory ({error!r}): close other programs, or raise a limit (ulimit -v)"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}{_folder_hint(error)}"
    return None


def _folder_hint(error: OSError) -> str:
    """Return advice if the folder of the cache or of the sample index is not writable; empty for other errors."""
    from corpus.filesystem import cache_folder
    from qa.cli.index_location import data_folder

    if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS} or not error.filename:
        return ""
    refused = Path(error.filename)
    for folder, hint in (
        (cache_folder(), "set YEARBOOK_QA_CACHE to a folder for exported models that can be written"),
        (data_folder(), "name an index with --index, or set XDG_DATA_HOME to a folder that can be written"),
    ):
        if folder.is_relative_to(refused) or refused.is_relative_to(folder):
            return f": {hint}"
    return ""


@click.group(
    cls=ErrorReportingGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="yearbook-qa", message="%(prog)s %(version)s")
def main() -> None:
    """Ask questions about publications that appear every year; get the passages that answer them, with citations."""
    from qa import limits

    limits.check()
    _note_memory_limit()


for command in (
    index,
    ask,
    compare,
    watch,
    check,
    show,
    evaluate,
    info,
    outline,
    remove,
    doctor,
    serve,
    mcp,
    hash_password,
    collection,
):
    main.add_command(command)
