"""The build that changes an index: JSON in; steps, and at the end its report, out.

So that another process can do it (`qa.web.workers.bulk_process`), which gives way to questions. At two a second, on
two cores that
others kept busy, while a document of some 200 passages was added, half of them took 1.3 times as long as without it;
3.2 times with the build in the server's own process, 2.2 times with one elsewhere that gave no way. Knows neither
processes, nor Gradio, nor where files came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from corpus.discovery.files import Unread
from corpus.ingest import Plan, plan
from index.building.build import build
from index.building.report import Advance, BuildReport
from index.models.encoder import Encoder
from qa.answering.library import Library
from qa.output.json_objects import Json
from qa.web import malloc


def change_request(index: Path, files: Path | None, remove: Sequence[str] = ()) -> Json:
    """A request to bring the index up to date with a folder of files, if one is named, and to remove documents."""
    return {"change": {"index": str(index), "files": str(files) if files else None, "remove": list(remove)}}


def advance(step: Json) -> Advance:
    """How far a build has come, of a step."""
    return Advance(**step["step"])


def report(given: Json) -> BuildReport:
    """What a build did, of what is given in the end."""
    unread = [Unread(Path(one["path"]), one["reason"]) for one in given["unread"]]
    return BuildReport(**{**given, "unread": unread})


def changed(library: Library, request: Json) -> Iterator[Json]:
    """Change an index with the model of the library; what has begun goes on, watched or not, while this process runs.

    Raises what `index.building.build.build` and `corpus.ingest.plan` raise; an OSError without where on this machine
    it happened.
    """
    asked = request["change"]
    steps: SimpleQueue[Json | None] = SimpleQueue()
    with ThreadPoolExecutor(1, "change-index") as thread:
        done = thread.submit(_build, asked, library.encoder, steps)
        done.add_done_callback(lambda _: steps.put(None))
        while (step := steps.get()) is not None:
            yield step
        try:
            found = done.result()
        except OSError as error:
            if error.strerror is None:
                raise
            raise OSError(error_without_path(error)) from error
    unread = [{"path": str(one.path), "reason": one.reason} for one in found.unread]
    yield {"given": {**asdict(found), "unread": unread}}


def error_without_path(error: OSError) -> str:
    """An error of the disk as a line that names a file, not where on this machine it lies."""
    return f"{Path(str(error.filename)).name if error.filename else 'the files'}: {error.strerror}"


def _build(asked: Json, encoder: Encoder, steps: SimpleQueue[Json | None]) -> BuildReport:
    planned = plan([Path(asked["files"])]) if asked["files"] is not None else Plan((), ())
    try:
        return build(
            Path(asked["index"]),
            planned,
            encoder,
            remove=asked["remove"],
            progress=lambda found: steps.put({"step": asdict(found)}),
        )
    finally:
        malloc.trim_heap()
